import { inflateAhead } from "../records/inflate.ts";
import { readRecords, type ReadBatch, type ReadOptions, type RecordFile } from "../records/read.ts";
import type { LocalFile } from "./files.ts";
import { ReaderThread } from "./reader-thread.ts";

/** Files opened ahead of the one being read: reading the disk and understanding records overlap. */
const openAheadMax = 4;
/** Files made ready ahead, on a thread beside this one: one is enough to keep two cores busy. */
const readyAheadMax = 1;
/** From so many bytes on a thread of its own pays off: starting one takes as long as 1 MB. */
const threadFromBytes = 4 * 1024 * 1024;

export type Batches = AsyncIterable<ReadBatch> | Iterable<ReadBatch>;

/** Files in their order, opened and made ready before their turn comes. */
export class FilesAhead {
  readonly #files: Iterator<LocalFile>;
  readonly #read: ReadOptions;
  readonly #thread: ReaderThread | null;
  readonly #opened: Promise<RecordFile>[] = [];
  readonly #ready: Promise<Batches>[] = [];

  constructor(files: readonly LocalFile[], read: ReadOptions) {
    this.#files = files.values();
    this.#read = read;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    const isWorthwhile = read.serviceMarkers !== undefined && bytes >= threadFromBytes;
    this.#thread = isWorthwhile ? new ReaderThread(read) : null;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<() => Promise<Batches>> {
    try {
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const ready = next;
        yield () => ready;
      }
    } finally {
      await this.#thread?.close();
    }
  }

  #next(): Promise<Batches> | undefined {
    while (this.#opened.length < openAheadMax) {
      const file = this.#files.next();
      if (file.done === true) break;
      this.#opened.push(quiet(file.value.open()));
    }
    while (this.#ready.length <= readyAheadMax) {
      const source = this.#opened.shift();
      if (source === undefined) break;
      this.#ready.push(quiet(source.then((file) => this.#batchesOf(file))));
    }
    return this.#ready.shift();
  }

  async #batchesOf(file: RecordFile): Promise<Batches> {
    if (!("bytes" in file)) return readRecords(file, this.#read);
    if (this.#thread !== null) return await this.#thread.read(file);
    const bytes = (await inflateAhead(file.bytes)) ?? file.bytes;
    return readRecords({ name: file.name, bytes }, this.#read);
  }
}

/** What fails before anyone waits for it is met when its turn comes. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
