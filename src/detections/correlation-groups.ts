import { fieldOf } from "./correlation.ts";
import type { Correlation, FieldValue, Hit } from "./correlation.ts";

/**
 * Combinations kept of list-valued fields: a hit whose group-by field has several values belongs to
 * each value's group, and a counted list counts each value. Beyond this the rest is left out: no
 * real list comes near.
 */
const combinationsMax = 64;

/**
 * The groups a hit belongs to, as values of the group-by fields; none where one of the fields is
 * absent.
 */
export function groupsOf(correlation: Correlation, hit: Hit): readonly (readonly string[])[] {
  return combinations(correlation.groupBy.map((name) => valuesOf(correlation, name, hit)));
}

/**
 * What a hit adds to a measure; null where it lacks the field that is counted, and so is no part of
 * it.
 */
export function countedOf(correlation: Correlation, hit: Hit): Counted | null {
  const { condition, type } = correlation;
  if (condition.kind === "rules" || condition.fields.length === 0) return nothingCounted;
  const values = condition.fields.map((name) => valuesOf(correlation, name, hit));
  if (type === "value_count") {
    const counted = combinations(values).map((tuple) =>
      (tuple.length === 1 ? (tuple[0] ?? "") : JSON.stringify(tuple)),
    );
    return counted.length === 0 ? null : { values: counted, number: null };
  }
  const number = numberOf(values[0]?.[0]);
  return number === null ? null : { values: [], number };
}

export interface Counted {
  readonly values: readonly string[];
  readonly number: number | null;
}
const nothingCounted: Counted = { values: [], number: null };

function valuesOf(correlation: Correlation, name: string, hit: Hit): readonly string[] {
  const field = fieldOf(correlation, name, hit.rule);
  if (field === "finding.rule") return [hit.rule];
  const value: FieldValue | undefined = Object.hasOwn(hit.fields, field)
    ? hit.fields[field]
    : undefined;
  if (value === undefined) return [];
  return typeof value === "object" ? [...new Set(value)].sort() : [String(value)];
}

/** CloudTrail writes some numbers as text; anything else is no number and is not counted. */
function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === "") return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

function combinations(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  let tuples: (readonly string[])[] = [[]];
  for (const list of lists) {
    tuples = tuples.flatMap((tuple) =>
      list.map((value) => [...tuple, value]),
    ).slice(0, combinationsMax);
  }
  return tuples;
}
