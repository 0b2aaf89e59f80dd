import type { Buffer } from "node:buffer";
import { closesAfter, openingOf } from "./envelope.ts";
import { GzipPieces } from "./gzip-pieces.ts";
import { learnMarkers } from "./learning.ts";
import type { Sought } from "./learning.ts";
import { sharedScanner } from "./scanner.ts";
import type { Scanner, Shared } from "./scanner.ts";

/** The records of a file that may concern an agent, taken out of it. */
export interface Candidates {
  /** The i-th lies at [starts[i], starts[i + 1]). */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Of their first bytes, in the inflated file. */
  readonly offsets: Uint32Array<ArrayBuffer>;
  /** Positions in the file's list of records, from 0. */
  readonly indexes: Uint32Array<ArrayBuffer>;
  /** All records of the file. */
  readonly totalCount: number;
  readonly inflatedBytes: number;
}

/**
 * Finds the candidates in a gzip file without ever holding it inflated: what `scanRecords` finds in
 * the inflated bytes. Null whenever that is null, and for files that are damaged in any way, of
 * several members, larger than `bytesMax`, or with a candidate of more than some 30 kB.
 */
export function scanGzip(file: Buffer, sought: Sought, bytesMax: number): Candidates | null {
  const shared = sharedScanner();
  if (shared === null) return null;
  // Places are 32 bits wide in the scanner.
  const pieces = GzipPieces.of(file, shared.scanner, Math.min(bytesMax, 0x7fff_ffff));
  if (pieces === null || !isOpened(shared, pieces, sought)) return null;
  return scanPieces(shared.scanner, pieces);
}

/** Steps over `{"Records":[`. */
function isOpened(shared: Shared, pieces: GzipPieces, sought: Sought): boolean {
  const { scanner, learnt } = shared;
  if (!pieces.fill()) return false;
  const opening = openingOf(pieces.bytes(0, pieces.length));
  if (opening === null) return false;
  pieces.advance(opening);
  const sample = { bytes: Math.min(pieces.length, scanner.PIECE.value), load: () => undefined };
  shared.learnt = learnMarkers(scanner, sought, { sample, learnt });
  scanner.begin(opening);
  return shared.learnt !== null;
}

function scanPieces(scanner: Scanner, pieces: GzipPieces): Candidates | null {
  const found = new Found();
  for (;;) {
    if (!pieces.fill()) return null;
    const length = Math.min(pieces.length, scanner.PIECE.value);
    const verdict = scanner.scan(length, pieces.offset);
    if (!collect(scanner, pieces, found)) return null;
    if (verdict === scanner.CLOSED.value) {
      const isWhole = pieces.isEnded && closes(pieces, scanner.closedAt.value);
      const totalCount = scanner.recordCount.value;
      return isWhole ? found.all(totalCount, pieces.offset + pieces.length) : null;
    }
    const isAllSeen = pieces.isEnded && length === pieces.length;
    if (verdict !== scanner.MORE.value || isAllSeen) return null;
    pieces.advance(length);
  }
}

function closes(pieces: GzipPieces, closedAt: number): boolean {
  return closesAfter(pieces.bytes(0, pieces.length), closedAt - pieces.offset + 1);
}

/** Copies what was found; false when the beginning of a record is no longer there. */
function collect(scanner: Scanner, pieces: GzipPieces, found: Found): boolean {
  const { memory, FOUND, HISTORY, foundCount } = scanner;
  const entries = new Uint32Array(memory.buffer, FOUND.value, 3 * foundCount.value);
  for (let i = 0; i < entries.length; i += 3) {
    const [start = 0, end = 0, index = 0] = entries.subarray(i, i + 3);
    const from = start - pieces.offset;
    if (from < -HISTORY.value) return false;
    found.add(pieces.bytes(from, end - pieces.offset), start, index);
  }
  return true;
}

const roomAtFirst = 64 * 1024;

/** Candidates one after the other. */
class Found {
  #bytes = new Uint8Array(roomAtFirst);
  readonly #starts = [0];
  readonly #offsets: number[] = [];
  readonly #indexes: number[] = [];

  add(record: Buffer, offset: number, index: number): void {
    const start = this.#starts.at(-1) ?? 0;
    const end = start + record.length;
    if (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * end);
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    this.#bytes.set(record, start);
    this.#starts.push(end);
    this.#offsets.push(offset);
    this.#indexes.push(index);
  }

  all(totalCount: number, inflatedBytes: number): Candidates {
    return {
      bytes: this.#bytes.slice(0, this.#starts.at(-1)),
      starts: Uint32Array.from(this.#starts),
      offsets: Uint32Array.from(this.#offsets),
      indexes: Uint32Array.from(this.#indexes),
      totalCount,
      inflatedBytes,
    };
  }
}
