import { hash } from "node:crypto";
import { memoiseOf } from "../events/memo.ts";
import type { Baseline } from "./baseline.ts";
import type { Compared } from "./compared.ts";
import type { Deviation } from "./deviation.ts";
import { surprisesOf } from "./surprise.ts";
import { tailsOf } from "./tail.ts";
import { categories, measures, type Traits } from "./traits.ts";
import { usualNumber, usualValues } from "./usual.ts";

/**
 * A digest of all that rules can see of a session's comparison: while it is the same, its events
 * would be judged as they were. Made of the stored traits, without reading events. Score and
 * reasons follow from what is in it.
 */
export function sightOf({ traits, deviation }: Pick<Compared, "traits" | "deviation">): string {
  if (deviation.baseline === null) return "";
  const { standing, baseline } = deviation;
  const tails = tailsOf(baseline);
  let seen = lastingSight(traits, deviation);
  if (standing !== null) seen += ` ${standing.pValue} ${standing.isUnusual}`;
  for (const measure of measures) seen += ` ${tails.of(measure, traits.numbers[measure])}`;
  return hash("md5", seen, "base64");
}

/** What of it a session that goes on changes for none of its earlier events, as text. */
export function lastingSight(traits: Traits, { baseline, confidence }: Deviation): string {
  if (baseline === null) return "";
  const surprises = surprisesOf(baseline);
  let seen = `${baselineSight(baseline)} ${confidence}`;
  for (const category of categories) {
    for (const value of traits.values[category]) {
      const { bits, sessions, isFirst } = surprises.of(category, value);
      // In tenths: V8 knows small whole numbers as text.
      seen += ` ${Math.round(10 * bits)},${sessions},${isFirst}`;
    }
    seen += ";";
  }
  return seen;
}

/** What is the same for all sessions that one baseline judges. */
const baselineSight = memoiseOf((baseline: Baseline) => hash("md5", JSON.stringify([
  baseline.level, baseline.sessions, baseline.span,
  categories.map((category) => usualValues(baseline, category)),
  measures.map((measure) => usualNumber(baseline, measure)),
]), "base64"));

/** How many of a session's reasons are told. */
export const reasonsMax = 3;
