import { inflateAhead } from "../records/inflate.ts";
import { readRecords, type ReadBatch, type ReadOptions, type RecordFile } from "../records/read.ts";
import type { LocalFile } from "./files.ts";
import { ReaderThread } from "./reader-thread.ts";
import { SearchedFiles } from "./searched-files.ts";

/** What a file gives once its turn has come. */
export type Opening = () => Promise<AsyncIterable<ReadBatch>>;

/** Files opened ahead of the one being read: reading the disk and understanding records overlap. */
const openAheadMax = 4;
/** Files inflated ahead, on one of Node's own threads: one keeps two cores busy. */
const readyAheadMax = 1;
/** From so many bytes on a thread of its own pays off: starting one takes as long as 1 MB. */
const threadFromBytes = 4 * 1024 * 1024;

/**
 * Files in their order, made ready before their turn comes: searched on a second thread where only
 * some of their records are wanted, inflated where all are.
 */
export function filesAhead(
  files: readonly LocalFile[],
  read: ReadOptions,
): AsyncIterable<Opening> | Iterable<Opening> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return read.markers !== null && bytes >= threadFromBytes
    ? new SearchedFiles(files, read, new ReaderThread(read))
    : inflatedFiles(files, read);
}

function* inflatedFiles(files: readonly LocalFile[], read: ReadOptions): Generator<Opening> {
  const rest = files.values();
  const opened: Promise<RecordFile>[] = [];
  const ready: Promise<RecordFile>[] = [];
  for (;;) {
    while (opened.length < openAheadMax) {
      const file = rest.next();
      if (file.done === true) break;
      opened.push(quiet(file.value.open()));
    }
    while (ready.length <= readyAheadMax) {
      const source = opened.shift();
      if (source === undefined) break;
      ready.push(read.markers === null ? quiet(source.then(inflated)) : source);
    }
    const next = ready.shift();
    if (next === undefined) return;
    yield async () => readRecords(await next, read);
  }
}

async function inflated(file: RecordFile): Promise<RecordFile> {
  if (!("bytes" in file)) return file;
  return { name: file.name, bytes: (await inflateAhead(file.bytes)) ?? file.bytes };
}

/** What fails before anyone waits for it is met when its turn comes. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
