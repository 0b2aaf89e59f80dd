import { Inflater } from "../records/inflater.ts";
import { readRecords, type ReadBatch, type ReadOptions, type RecordFile } from "../records/read.ts";
import type { LocalFile } from "./files.ts";
import { ReaderThread } from "./reader-thread.ts";
import { SearchedFiles } from "./searched-files.ts";

/** What a file gives once its turn has come. */
export type Opening = () => Promise<AsyncIterable<ReadBatch>>;

/** Files opened ahead of the one being read: reading the disk and understanding records overlap. */
const openAheadMax = 4;
/** From so many bytes on a thread of its own pays off: starting one takes as long as 1 MB. */
const threadFromBytes = 4 * 1024 * 1024;

/**
 * Files in their order, made ready before their turn comes: searched on a second thread where only
 * some of their records are wanted, opened where all are.
 */
export function filesAhead(
  files: readonly LocalFile[],
  read: ReadOptions,
): AsyncIterable<Opening> | Iterable<Opening> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return read.markers !== null && bytes >= threadFromBytes
    ? new SearchedFiles(files, read, new ReaderThread(read))
    : openedFiles(files, read);
}

function* openedFiles(files: readonly LocalFile[], read: ReadOptions): Generator<Opening> {
  const rest = files.values();
  const opened: Promise<RecordFile>[] = [];
  const inflater = new Inflater();
  for (;;) {
    while (opened.length < openAheadMax) {
      const file = rest.next();
      if (file.done === true) break;
      opened.push(quiet(file.value.open()));
    }
    const next = opened.shift();
    if (next === undefined) return;
    yield async () => readRecords(inflated(await next, read, inflater), read);
  }
}

/** Where all records are wanted; where some are, they are found without inflating all of a file. */
function inflated(file: RecordFile, { markers }: ReadOptions, inflater: Inflater): RecordFile {
  if (!("bytes" in file) || markers !== null) return file;
  return { name: file.name, bytes: inflater.inflate(file.bytes) ?? file.bytes };
}

/** What fails before anyone waits for it is met when its turn comes. */
function quiet<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
