import { damage } from "./damage.ts";
import { foreignFormat } from "./foreign.ts";
import { Intake } from "./intake.ts";
import { soughtFor } from "./find-candidates.ts";
import { kindByName } from "./kinds.ts";
import { scanRecords } from "./scan/scan.ts";
import { RecordWalker } from "./walk.ts";
import type { ReadBatch, ReadOptions } from "./read.ts";
import type { Candidates } from "./scan/gzip-scan.ts";
import type { Sought } from "./scan/learning.ts";
import type { ScanResult } from "./scan/scan.ts";
import type { Damage } from "./damage.ts";
import type { ValueSpan } from "./span.ts";

/**
 * Key of every record: as a marker it makes the scan find them all, in a fifth of the walk's time.
 */
const everyRecord: Sought = { markers: ["eventVersion"], unlessService: [] };
/** From one record wanted in so many on, decoding a file as a whole is cheaper. */
const denseShare = 3;

/** One file being read: its bytes go in, batches come out. */
export class Reading {
  readonly #name: string;
  readonly #options: ReadOptions;
  readonly #intake: Intake;
  readonly #walker: RecordWalker;
  #receivedBytes = 0;
  #isOver = false;
  /** What is wrong with the file's compression. */
  #damage: string | null = null;
  #cutIndex: number | null = null;

  constructor(name: string, options: ReadOptions) {
    this.#name = name;
    this.#options = options;
    this.#intake = new Intake(name, options);
    this.#walker = new RecordWalker(options.limits);
  }

  /** Whether nothing more of the file is to be read. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Reads an inflated file at once; `damage` is what is wrong with its compression. */
  *readWhole(whole: Buffer, damage: string | null): Generator<ReadBatch> {
    const scan = damage === null ? this.#scan(whole) : null;
    if (scan === null) yield* this.readPiece(whole);
    else {
      const isDense = scan.starts.length * denseShare > scan.totalCount;
      const broken = yield* this.#take(spansIn(whole, scan), { ...scan, isDense });
      if (broken === null) this.#receivedBytes = whole.length;
      else yield* this.#walkFrom(broken);
    }
    if (!this.#isOver) yield* this.finish(damage);
  }

  /** Reads what was found in a file; returns the first that is broken, null when none is. */
  *readCandidates(found: Candidates): Generator<ReadBatch, ValueSpan | null> {
    // All of these bytes are wanted.
    const broken = yield* this.#take(spansOf(found), { ...found, isDense: true });
    if (broken !== null) return broken;
    this.#receivedBytes = found.inflatedBytes;
    yield* this.finish(null);
    return null;
  }

  /** Goes on behind a broken record in all of the file. */
  *readBehind(broken: ValueSpan, whole: Buffer): Generator<ReadBatch> {
    const { offset } = broken;
    const end = offset + broken.end - broken.start;
    yield* this.#walkFrom({ ...broken, bytes: whole, start: offset, end });
    if (!this.#isOver) yield* this.finish(null);
  }

  *readPiece(piece: Buffer): Generator<ReadBatch> {
    const foreign = this.#receivedBytes === 0 ? foreignFormat(piece) : null;
    if (foreign !== null) {
      this.#receivedBytes = piece.length;
      this.#intake.reject({ reason: "not-json", index: null, offset: 0, detail: foreign });
      yield this.#last();
      return;
    }
    const room = this.#options.limits.inflatedBytesMax - this.#receivedBytes;
    this.#receivedBytes += Math.min(piece.length, room);
    this.#walker.push(piece.length > room ? piece.subarray(0, room) : piece);
    yield* this.#walk();
    if (piece.length <= room || this.#isOver) return;
    const detail = "The file is larger than a file may be; its rest was not read.";
    this.#intake.reject({ reason: "too-large", index: null, offset: this.#receivedBytes, detail });
    yield this.#last();
  }

  *finish(damage: string | null): Generator<ReadBatch> {
    this.#damage = damage;
    this.#walker.finish();
    yield* this.#walk();
    if (this.#isOver) return;
    if (damage !== null) {
      const detail = `The gzip stream is damaged or cut short (${damage}).`;
      const place = { index: this.#cutIndex, offset: this.#receivedBytes };
      this.#intake.reject({ reason: "bad-gzip", ...place, detail });
    }
    yield this.#last();
  }

  #last(): ReadBatch {
    this.#isOver = true;
    return this.#intake.flush(this.#receivedBytes);
  }

  *#walk(): Generator<ReadBatch> {
    for (let step = this.#walker.next(); step !== null; step = this.#walker.next()) {
      if (step.index !== null && step.index >= this.#options.limits.recordsMax) {
        const detail = "The file holds more records than a file may; its rest was not read.";
        this.#intake.reject({ ...step, reason: "too-many-records", detail });
        yield this.#last();
        return;
      }
      if (step.type === "damage") this.#rejectDamage(step);
      else if (!this.#intake.take(step, true)) this.#walker.resumeInside(step);
      if (this.#intake.isHopeless) {
        this.#intake.reject(damage("hopeless", this.#walker.offset, null));
        yield this.#last();
        return;
      }
      if (this.#intake.isFull(this.#walker.offset)) yield this.#intake.flush(this.#walker.offset);
    }
  }

  /** A file whose compression is damaged ends anywhere: that is the damage to report, and once. */
  #rejectDamage(damage: Damage): void {
    if (damage.reason === "truncated" && this.#damage !== null) this.#cutIndex = damage.index;
    else this.#intake.reject(damage);
  }

  /** The records to parse, found by scanning; null when the file has to be walked. */
  #scan(whole: Buffer): ScanResult | null {
    const { markers, limits } = this.#options;
    if (whole.length > limits.inflatedBytesMax) return null;
    if (markers !== null && kindByName(this.#name) !== null) return null;
    const sought =
      markers === null ? everyRecord : soughtFor(markers, this.#options);
    const scan = scanRecords(whole, sought);
    if (scan === null || scan.totalCount > limits.recordsMax) return null;
    if (markers === null && scan.starts.length !== scan.totalCount) return null;
    const isTooLarge = scan.starts.some(
      (start, i) => (scan.ends[i] ?? Infinity) - start > limits.recordBytesMax,
    );
    return isTooLarge ? null : scan;
  }

  /** Takes what a scan found; returns the first that is broken, null when none is. */
  *#take(
    spans: Iterable<ValueSpan>,
    { totalCount, isDense }: { readonly totalCount: number; readonly isDense: boolean },
  ): Generator<ReadBatch, ValueSpan | null> {
    let takenCount = 0;
    for (const span of spans) {
      takenCount += 1;
      if (!this.#intake.take(span, isDense)) {
        this.#intake.skip(span.index + 1 - takenCount);
        return span;
      }
      const end = span.offset + span.end - span.start;
      if (this.#intake.isFull(end)) yield this.#intake.flush(end);
    }
    this.#intake.skip(totalCount - takenCount);
    return null;
  }

  /** The scan trusted the brackets; a broken record may have taken its neighbours along. */
  *#walkFrom(broken: ValueSpan): Generator<ReadBatch> {
    this.#receivedBytes = broken.bytes.length;
    this.#walker.continueBehind(broken);
    this.#walker.resumeInside(broken);
    yield* this.#walk();
  }
}

function* spansIn(bytes: Buffer, { starts, ends, indexes }: ScanResult): Generator<ValueSpan> {
  for (const [i, start] of starts.entries()) {
    const end = ends[i] ?? start;
    const index = indexes[i] ?? 0;
    yield { type: "value", bytes, start, end, offset: start, index, isTooDeep: null };
  }
}

function* spansOf({ bytes, starts, offsets, indexes }: Candidates): Generator<ValueSpan> {
  const buffer = Buffer.from(bytes.buffer);
  for (const [i, offset] of offsets.entries()) {
    const [start = 0, end = 0] = starts.subarray(i, i + 2);
    const index = indexes[i] ?? 0;
    yield { type: "value", bytes: buffer, start, end, offset, index, isTooDeep: null };
  }
}
