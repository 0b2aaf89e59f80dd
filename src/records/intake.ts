import { isDeeper } from "./depth.ts";
import { unwrap } from "./envelopes.ts";
import { isCloudTrailShaped, objectKindOf } from "./kinds.ts";
import { mayConcern } from "./markers.ts";
import { outsideAsk } from "./outside-asks.ts";
import { SpanText } from "./span-text.ts";
import type { FoundRecord, ReadBatch, ReadOptions } from "./read.ts";
import type { ObjectKind, RawRecord, RejectReason, Rejection } from "./record.ts";
import type { Damage } from "./damage.ts";
import type { ValueSpan } from "./span.ts";

/**
 * Sizes at which a batch is handed over: what a consumer holds parsed at a time. A thousand parsed
 * records take some 6 MB; more at a time take longer, since the collector has to move them.
 */
const batchRecordsMax = 1000;
const batchBytesMax = 32 * 1024 * 1024;
/**
 * A file with more that is no record is not CloudTrail's; two bytes can make one rejection, so that
 * five megabytes of quotes would be five million.
 */
export const rejectionsMax = 100_000;

/**
 * Turns the spans of one file into batches: parses each, tells records from other objects, keeps
 * aside the rest.
 */
export class Intake {
  readonly #name: string;
  readonly #options: ReadOptions;
  readonly #text = new SpanText();
  #records: FoundRecord[] = [];
  #rejections: Rejection[] = [];
  #rejectionCount = 0;
  #others: Partial<Record<ObjectKind, number>> = {};
  #skippedCount = 0;
  #flushedOffset = 0;

  constructor(name: string, options: ReadOptions) {
    this.#name = name;
    this.#options = options;
  }

  /**
   * False when the span turned out to be no JSON. `isDense`: most of the spans of its bytes are
   * taken.
   */
  take(span: ValueSpan, isDense: boolean): boolean {
    if (span.isTooDeep === true) return this.#tooDeep(span);
    const text = this.#text.of(span, isDense);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      this.#reject(span, "not-json", "The record is not valid JSON.");
      return false;
    }
    const { depthMax } = this.#options.limits;
    if (span.isTooDeep === null && isDeeper(value, depthMax)) return this.#tooDeep(span);
    const unwrapped = unwrap(value, depthMax);
    if ("reason" in unwrapped) this.#reject(span, unwrapped.reason, unwrapped.detail);
    else if (unwrapped.record !== value) this.#takeObject({ record: unwrapped.record }, span);
    else this.#takeObject({ record: unwrapped.record, json: bytesOf(span) }, span);
    return true;
  }

  #tooDeep(span: ValueSpan): true {
    this.#reject(span, "too-deep", "The record is nested too deeply.");
    return true;
  }

  #takeObject(found: Pick<FoundRecord, "record" | "json">, span: ValueSpan): void {
    const { record } = found;
    const kind = objectKindOf(this.#name, record);
    if (kind !== null) this.#others[kind] = (this.#others[kind] ?? 0) + 1;
    if (kind !== null && kind !== "network-activity") return;
    if (!this.#isWanted(record)) this.#skippedCount += 1;
    else if (isCloudTrailShaped(record)) {
      this.#records.push({ ...found, index: span.index, offset: span.offset });
    } else this.#reject(span, "not-cloudtrail", "The object has no field of a CloudTrail record.");
  }

  #isWanted(record: RawRecord): boolean {
    const { markers, outsideMarkers } = this.#options;
    if (markers === null) return true;
    const ask = outsideMarkers === undefined ? null : outsideAsk(record);
    if (ask !== null && outsideMarkers !== undefined) return mayConcern(ask, outsideMarkers);
    return mayConcern(record, markers);
  }

  /** Counts records that need not be parsed to know that no marker is in them. */
  skip(count: number): void {
    this.#skippedCount += count;
  }

  reject({ reason, index, offset, detail }: Omit<Damage, "type">): void {
    this.#rejections.push({ reason, file: this.#name, index, offset, detail });
    this.#rejectionCount += 1;
  }

  /** Whether so much of the file was no record that its rest is not worth reading. */
  get isHopeless(): boolean {
    return this.#rejectionCount >= rejectionsMax;
  }

  #reject({ index, offset }: ValueSpan, reason: RejectReason, detail: string): void {
    this.reject({ reason, index, offset, detail });
  }

  isFull(offset: number): boolean {
    if (offset - this.#flushedOffset >= batchBytesMax) return true;
    return this.#records.length + this.#rejections.length >= batchRecordsMax;
  }

  /** Hands over what was taken since the last time; `offset` is how far the file has been read. */
  flush(offset: number): ReadBatch {
    const batch = {
      records: this.#records,
      rejections: this.#rejections,
      others: this.#others,
      skippedCount: this.#skippedCount,
      bytes: offset - this.#flushedOffset,
    };
    this.#records = [];
    this.#rejections = [];
    this.#others = {};
    this.#skippedCount = 0;
    this.#flushedOffset = offset;
    return batch;
  }
}

/** Copied, so that a record does not keep its file in memory, nor change with the next file's. */
function bytesOf({ bytes, start, end }: ValueSpan): Buffer {
  return Buffer.from(bytes.subarray(start, end));
}
