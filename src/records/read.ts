import { findCandidates } from "./find-candidates.ts";
import { inflateWhole } from "./inflate.ts";
import { openFile, wholeBytesMax } from "./open.ts";
import { Reading } from "./reading.ts";
import type { Markers } from "./markers.ts";
import type { ObjectKind, RawRecord, Rejection } from "./record.ts";
import type { Candidates } from "./scan/gzip-scan.ts";

export interface ReadLimits {
  /** Inflated bytes of one file; beyond it the rest of the file is one `too-large` rejection. */
  readonly inflatedBytesMax: number;
  /** Bytes of one record (AWS's cap is 256 KB, 1 MB in Lake). */
  readonly recordBytesMax: number;
  /** Nesting of one record. */
  readonly depthMax: number;
  readonly recordsMax: number;
}

export interface ReadOptions {
  readonly limits: ReadLimits;
  /** Records that contain none of these are skipped and counted; null reads everything. */
  readonly markers: Markers | null;
  /**
   * Of the calls that no agent makes (AWS's services on their own, people who sign in), those that
   * ask for something with one of these; absent: as for all others. See `outside-asks.ts`.
   */
  readonly outsideMarkers?: Markers | undefined;
}

/**
 * A file to read: its name (an S3 key or path; its kind shows in it) and its bytes, gzip or plain.
 */
export type RecordFile =
  | { readonly name: string; readonly bytes: Buffer }
  | { readonly name: string; readonly chunks: AsyncIterable<Buffer> };

export interface FoundRecord {
  readonly record: RawRecord;
  /** Among all values of the file that stand where a record may, from 0. */
  readonly index: number;
  /** Of its first byte in the inflated file. */
  readonly offset: number;
  /**
   * The file's own bytes that `record` was parsed from: storing these spares writing the record
   * anew, which costs more than parsing it. Absent where it came out of an envelope.
   */
  readonly json?: Buffer;
}

/** What one stretch of a file held. A small file gives one batch; a large one several. */
export interface ReadBatch {
  readonly records: readonly FoundRecord[];
  readonly rejections: readonly Rejection[];
  /**
   * Objects told apart from API records, by kind. Network activity is counted here and also read as
   * records.
   */
  readonly others: Readonly<Partial<Record<ObjectKind, number>>>;
  /** Records the markers excluded. */
  readonly skippedCount: number;
  /** Inflated bytes of this stretch. */
  readonly bytes: number;
}

/**
 * Reads the records of a file: gzip or plain; a log file `{"Records":[…]}`, an array, NDJSON, one
 * record, a page of LookupEvents; each record plain, in an EventBridge envelope or as a JSON
 * string.
 *
 * Never throws for what the file holds: what cannot be read is a {@link Rejection}, and what
 * visibly is a record before or behind it is read. Throws what `chunks` throws. With markers, the
 * records are exactly those of a full reading for which `mayConcern` is true; a record without any
 * of them is skipped even if it is not valid.
 */
export async function* readRecords(
  file: RecordFile,
  options: ReadOptions,
): AsyncGenerator<ReadBatch> {
  const candidates = "bytes" in file ? findCandidates(file, options) : null;
  if ("bytes" in file && candidates !== null) {
    const open = () => Promise.resolve(file.bytes);
    yield* readCandidates({ name: file.name, candidates, open }, options);
    return;
  }
  const reading = new Reading(file.name, options);
  const opened = await openFile(file, options.limits.inflatedBytesMax);
  if ("whole" in opened) {
    yield* reading.readWhole(opened.whole, opened.damage);
    return;
  }
  const { pieces } = opened;
  try {
    while (!reading.isOver) {
      const next = await pieces.next();
      yield* next.done === true ? reading.finish(next.value) : reading.readPiece(next.value);
    }
  } finally {
    await pieces.return(null);
  }
}

/** A file in which {@link findCandidates} has found what is wanted. */
export interface SearchedFile {
  readonly name: string;
  readonly candidates: Candidates;
  /** Its bytes, needed only when one of them turns out to be broken. */
  readonly open: () => Promise<Buffer>;
}

/** The same as {@link readRecords} gives for the file, with the same options. */
export async function* readCandidates(
  { name, candidates, open }: SearchedFile,
  options: ReadOptions,
): AsyncGenerator<ReadBatch> {
  const reading = new Reading(name, options);
  const broken = yield* reading.readCandidates(candidates);
  if (broken === null) return;
  // It was inflated to its end before, so it can be again.
  const inflated = inflateWhole(await open(), wholeBytesMax);
  yield* reading.readBehind(broken, inflated?.bytes ?? Buffer.alloc(0));
}
