import { expect } from "vitest";
import { mayConcern } from "../../src/records/markers.ts";
import type { Markers } from "../../src/records/markers.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { scanRecords, type ScanResult } from "../../src/records/scan/scan.ts";

/** A scan in which every marker counts always. */
export function scanFor(document: Buffer, markers: Markers): ScanResult | null {
  return scanRecords(document, { markers, unlessService: [] });
}

/** Positions of the candidates; null when the document is left to the plain path. */
export function candidates(document: Buffer, markers: Markers): number[] | null {
  const result = scanFor(document, markers);
  return result === null ? null : [...result.indexes];
}

/** Positions of the candidates that, once parsed, really concern an agent. */
export function selected(document: Buffer, markers: Markers): number[] | null {
  const result = scanFor(document, markers);
  if (result === null) return null;
  const isWanted = (_: number, i: number) =>
    mayConcern(JSON.parse(spanText(document, result, i)) as RawRecord, markers);
  return [...result.indexes].filter(isWanted);
}

interface Spans {
  readonly starts: Uint32Array;
  readonly ends: Uint32Array;
}

function spanText(document: Buffer, { starts, ends }: Spans, i: number): string {
  return document.toString("utf8", starts[i], ends[i]);
}

/**
 * Holds the scan against the definition, the full parse: same records, none missed, none made up.
 */
export function expectSound(document: Buffer, markers: Markers): void {
  const result = scanFor(document, markers);
  const parsed = parse(document);
  if (result === null || parsed === null) return;
  expect(Object.keys(parsed)).toEqual(["Records"]);
  const { Records: records } = parsed as { readonly Records: readonly RawRecord[] };
  expect(result.totalCount).toBe(records.length);
  [...result.indexes].forEach((index, i) => {
    expect(JSON.parse(spanText(document, result, i))).toEqual(records[index]);
  });
  const wanted = [...records.keys()].filter((i) => mayConcern(records[i] ?? {}, markers));
  expect(selected(document, markers)).toEqual(wanted);
}

function parse(document: Buffer): object | null {
  try {
    return JSON.parse(document.toString("utf8")) as object;
  } catch {
    return null;
  }
}
