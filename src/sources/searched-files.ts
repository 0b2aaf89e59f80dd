import { setImmediate as nextTurn } from "node:timers/promises";
import { findCandidates } from "../records/find-candidates.ts";
import { readCandidates, readRecords, type ReadBatch, type ReadOptions } from "../records/read.ts";
import type { Candidates } from "../records/scan/gzip-scan.ts";
import type { Opening } from "./files-ahead.ts";
import { FileBuffer } from "./file-buffer.ts";
import type { LocalFile } from "./files.ts";
import type { ReaderThread } from "./reader-thread.ts";

/** Enough for the thread to go on with while this one commits a transaction. */
const askedMax = 12;
/** Files asked for or found, and what those found may hold in memory. */
const slotsMax = 32;
const foundBytesMax = 16 * 1024 * 1024;
/** Taken for the first file, before any is found: all of an ordinary large one. */
const firstFileBytes = 8 * 1024 * 1024;

/**
 * Files in their order, of which only some records are wanted: searched by a thread ahead of their
 * turn, and by this one where the thread has not come so far yet.
 */
export class SearchedFiles {
  readonly #files: Iterator<LocalFile>;
  readonly #read: ReadOptions;
  readonly #thread: Pick<ReaderThread, "find" | "waitingCount" | "close">;
  readonly #slots: Slot[] = [];
  readonly #buffer = new FileBuffer();
  /** What the file found last holds in memory. */
  #fileBytes = firstFileBytes;

  constructor(
    files: readonly LocalFile[],
    read: ReadOptions,
    thread: Pick<ReaderThread, "find" | "waitingCount" | "close">,
  ) {
    this.#files = files.values();
    this.#read = read;
    this.#thread = thread;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Opening> {
    try {
      for (let slot = await this.#next(); slot !== undefined; slot = await this.#next()) {
        const { file, found } = slot;
        yield () => this.#batches(file, found);
      }
    } finally {
      await this.#thread.close();
    }
  }

  async #next(): Promise<Slot | undefined> {
    for (;;) {
      this.#ask();
      const [first] = this.#slots;
      if (first === undefined || first.isFound) return this.#slots.shift();
      const own = this.#add((path, name) => this.#find(path, name));
      await (own?.settled ?? first.settled);
      // The thread is heard between turns of the event loop only.
      await nextTurn();
    }
  }

  #ask(): void {
    while (this.#thread.waitingCount < askedMax) {
      if (this.#add((path, name) => this.#thread.find({ path, name })) === null) break;
    }
  }

  /** Takes the next file up; null when there is none, or no room for what is found in it. */
  #add(find: (path: string, name: string) => Promise<Candidates | null>): Slot | null {
    const room = Math.floor(foundBytesMax / this.#fileBytes);
    if (this.#slots.length >= Math.min(slotsMax, Math.max(2, room))) return null;
    const next = this.#files.next();
    if (next.done === true) return null;
    const { path, delivery } = next.value;
    const found = path === null ? Promise.resolve(null) : find(path, delivery.name);
    const slot = new Slot(next.value, found, (bytes) => (this.#fileBytes = bytes));
    this.#slots.push(slot);
    return slot;
  }

  async #find(path: string, name: string): Promise<Candidates | null> {
    const bytes = await this.#buffer.read(path);
    return bytes === null ? null : findCandidates({ name, bytes }, this.#read);
  }

  async #batches(
    file: LocalFile,
    found: Promise<Candidates | null>,
  ): Promise<AsyncIterable<ReadBatch>> {
    const candidates = await found;
    if (candidates === null) return readRecords(await file.open(), this.#read);
    const open = async () => {
      const opened = await file.open();
      return "bytes" in opened ? opened.bytes : Buffer.alloc(0);
    };
    return readCandidates({ name: file.delivery.name, candidates, open }, this.#read);
  }
}

/** A file and what is, or will be, found in it. */
class Slot {
  isFound = false;
  /** Never rejects: what failed is met when the file's turn comes. */
  readonly settled: Promise<void>;
  readonly file: LocalFile;
  readonly found: Promise<Candidates | null>;

  constructor(
    file: LocalFile,
    found: Promise<Candidates | null>,
    onFound: (bytes: number) => void,
  ) {
    this.file = file;
    this.found = found;
    const settle = (): void => { this.isFound = true; };
    this.settled = found.then((candidates) => {
      if (candidates !== null) onFound(Math.max(1, candidates.bytes.length));
      settle();
    }, settle);
  }
}
