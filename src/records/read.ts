import type { Markers } from "./markers.ts";
import type { ObjectKind, RawRecord, Rejection } from "./record.ts";

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
}

/** A file to read: its name (an S3 key or path; its kind shows in it) and its bytes, gzip or plain. */
export type RecordFile =
  | { readonly name: string; readonly bytes: Buffer }
  | { readonly name: string; readonly chunks: AsyncIterable<Buffer> };

export interface FoundRecord {
  readonly record: RawRecord;
  readonly index: number;
  readonly offset: number;
}

/** What one stretch of a file held. A small file gives one batch; a large one several. */
export interface ReadBatch {
  readonly records: readonly FoundRecord[];
  readonly rejections: readonly Rejection[];
  /** Objects told apart from API records, by kind. Network activity is counted here and also read as records. */
  readonly others: Readonly<Partial<Record<ObjectKind, number>>>;
  /** Records the markers excluded. */
  readonly skippedCount: number;
  /** Inflated bytes of this stretch. */
  readonly bytes: number;
}
