import { hash } from "node:crypto";
import type { Compared } from "./compared.ts";
import type { Deviation } from "./deviation.ts";
import { surpriseOf } from "./surprise.ts";
import { tailOf } from "./tail.ts";
import { categories, measures, type Traits } from "./traits.ts";
import { usualNumber, usualValues } from "./usual.ts";

/**
 * A digest of all that rules can see of a session's comparison: while it is the same, its events
 * would be judged as they were. Made of the stored traits, without reading events.
 */
export function sightOf({ traits, deviation }: Pick<Compared, "traits" | "deviation">): string {
  if (deviation.baseline === null) return "";
  const { standing, score, baseline } = deviation;
  const seen = [
    lastingSight(traits, deviation),
    standing === null ? null : [standing.pValue, standing.isUnusual],
    score?.bits,
    score?.reasons.slice(0, reasonsMax),
    measures.map((measure) => tailOf(baseline, measure, traits.numbers[measure])),
  ];
  return hash("md5", JSON.stringify(seen), "base64");
}

/** What of it a session that goes on changes for none of its earlier events, as text. */
export function lastingSight(traits: Traits, { baseline, confidence }: Deviation): string {
  if (baseline === null) return "";
  const { level, sessions, span } = baseline;
  return JSON.stringify([
    level,
    sessions,
    span,
    confidence,
    categories.map((category) => [
      usualValues(baseline, category),
      traits.values[category].map((value) => surpriseOf(baseline, category, value)),
    ]),
    measures.map((measure) => usualNumber(baseline, measure)),
  ]);
}

/** How many of a session's reasons are told. */
export const reasonsMax = 3;
