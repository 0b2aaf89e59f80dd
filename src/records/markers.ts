import type { RawRecord } from "./record.ts";

/**
 * What a record must contain to possibly concern an agent: at least one of these literals
 * (printable ASCII,
 * 3 bytes or more), in any string of the record (a key or a value, at any depth, after JSON
 * decoding).
 *
 * This is the definition of the pre-filter. The byte-level scan must select exactly the records for
 * which
 * {@link mayConcern} is true of their full parse.
 */
export type Markers = readonly string[];

/** The pre-filter's definition, on a parsed record: slow and obvious. */
export function mayConcern(record: RawRecord, markers: Markers): boolean {
  return contains(record, markers);
}

function contains(value: unknown, markers: Markers): boolean {
  if (typeof value === "string") return markers.some((marker) => value.includes(marker));
  if (Array.isArray(value)) return value.some((element) => contains(element, markers));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, inner]) => contains(key, markers) || contains(inner, markers),
  );
}
