import type { Buffer } from "node:buffer";
import { closesAfter, openingOf } from "./envelope.ts";
import { learnMarkers } from "./learning.ts";
import type { Sought } from "./learning.ts";
import { loadPiece } from "./piece.ts";
import { sharedScanner } from "./scanner.ts";
import type { Scanner } from "./scanner.ts";

/** The records of a file that may concern an agent: the i-th lies at bytes [starts[i], ends[i]). */
export interface ScanResult {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
  /** Positions in the file's list of records, from 0. */
  readonly indexes: Uint32Array;
  /** All records of the file. */
  readonly totalCount: number;
}

/**
 * Finds the candidates in an inflated CloudTrail file without parsing it: every record for which
 * `mayConcern` is true of its parse is among them, and few others (a marker across two JSON tokens;
 * an escape of a character that some marker holds). A record whose only markers are among
 * `unlessService` is left out when it is a service's call: see `outside-asks.ts`.
 *
 * Null when the file is not exactly `{"Records":[…]}`, objects only, its brackets and strings
 * closed and at most 512 deep, or has a kilobyte of blanks between two records; when the markers
 * are not what {@link Markers} promises or too many; and where WebAssembly cannot be used. Then the
 * whole file must be parsed. What stands between a record's brackets is not checked.
 */
export function scanRecords(document: Buffer, sought: Sought): ScanResult | null {
  const shared = sharedScanner();
  const opening = openingOf(document);
  // Places are 32 bits wide in the scanner.
  if (shared === null || opening === null || document.length > 0x7fff_ffff) return null;
  const { scanner, learnt } = shared;
  const sample = {
    bytes: Math.min(document.length - opening, scanner.PIECE.value),
    load: () => loadPiece(scanner, document, opening),
  };
  shared.learnt = learnMarkers(scanner, sought, { sample, learnt });
  return shared.learnt === null ? null : scanList(scanner, document, opening);
}

function scanList(scanner: Scanner, document: Buffer, opening: number): ScanResult | null {
  const { value: pieceBytes } = scanner.PIECE;
  const found: number[] = [];
  scanner.begin(opening);
  for (let offset = opening; offset < document.length; offset += pieceBytes) {
    const length = loadPiece(scanner, document, offset);
    const verdict = scanner.scan(length, offset);
    collect(scanner, found);
    if (verdict === scanner.MORE.value) continue;
    if (verdict !== scanner.CLOSED.value) return null;
    if (!closesAfter(document, scanner.closedAt.value + 1)) return null;
    return { ...columns(found), totalCount: scanner.recordCount.value };
  }
  return null;
}

function collect(scanner: Scanner, found: number[]): void {
  const { buffer } = scanner.memory;
  const entries = new Uint32Array(buffer, scanner.FOUND.value, 3 * scanner.foundCount.value);
  for (const entry of entries) found.push(entry);
}

/** From start, end, index, start, end, index, … */
function columns(found: readonly number[]): Omit<ScanResult, "totalCount"> {
  const column = (first: number) =>
    Uint32Array.from({ length: found.length / 3 }, (_, i) => found[3 * i + first] ?? 0);
  return { starts: column(0), ends: column(1), indexes: column(2) };
}
