import { readRecords } from "../../src/records/read.ts";
import type { ReadLimits, RecordFile } from "../../src/records/read.ts";
import type { Markers } from "../../src/records/markers.ts";
import type { ObjectKind, RawRecord, RejectReason } from "../../src/records/record.ts";

export const limits: ReadLimits = {
  inflatedBytesMax: 4 * 1024 ** 3,
  recordBytesMax: 2 * 1024 ** 2,
  depthMax: 64,
  recordsMax: 1_000_000,
};

/** What a whole file gave, its batches joined. */
export interface Outcome {
  readonly records: RawRecord[];
  readonly indexes: number[];
  readonly offsets: number[];
  readonly reasons: RejectReason[];
  readonly places: { index: number | null; offset: number | null }[];
  readonly others: Partial<Record<ObjectKind, number>>;
  skippedCount: number;
  bytes: number;
}

export interface Wish {
  readonly limits?: Partial<ReadLimits>;
  readonly markers?: Markers | null;
}

export async function outcomeOf(file: RecordFile, wish: Wish = {}): Promise<Outcome> {
  const outcome: Outcome = {
    records: [],
    indexes: [],
    offsets: [],
    reasons: [],
    places: [],
    others: {},
    skippedCount: 0,
    bytes: 0,
  };
  const options = { limits: { ...limits, ...wish.limits }, markers: wish.markers ?? null };
  for await (const batch of readRecords(file, options)) {
    for (const { record, index, offset } of batch.records) {
      outcome.records.push(record);
      outcome.indexes.push(index);
      outcome.offsets.push(offset);
    }
    for (const { reason, index, offset } of batch.rejections) {
      outcome.reasons.push(reason);
      outcome.places.push({ index, offset });
    }
    for (const kind of ["digest", "insight", "network-activity", "aggregated"] as const) {
      const count = batch.others[kind];
      if (count !== undefined) outcome.others[kind] = (outcome.others[kind] ?? 0) + count;
    }
    outcome.skippedCount += batch.skippedCount;
    outcome.bytes += batch.bytes;
  }
  return outcome;
}

export function plain(text: string, name = "trail.json"): RecordFile {
  return { name, bytes: Buffer.from(text) };
}

export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) {
    yield await Promise.resolve(bytes.subarray(at, at + size));
  }
}

/** The least that passes for a record. */
export function record(eventName: string, more: Record<string, unknown> = {}): RawRecord {
  return { eventVersion: "1.11", eventSource: "s3.amazonaws.com", eventName, ...more };
}

export function logFile(records: readonly unknown[]): string {
  return JSON.stringify({ Records: records });
}
