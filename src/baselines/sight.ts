import { hash } from "node:crypto";
import { memoiseOf } from "../events/memo.ts";
import { NumberDigest } from "./number-digest.ts";
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
  const { standing, baseline } = deviation;
  if (baseline === null) return "";
  const tails = tailsOf(baseline);
  const digest = new NumberDigest();
  if (standing !== null) {
    digest.add(standing.pValue);
    digest.add(Number(standing.isUnusual));
  }
  for (const measure of measures) digest.add(tails.of(measure, traits.numbers[measure]));
  return `${lastingSight(traits, deviation)} ${digest.text}`;
}

/** What of it a session that goes on changes for none of its earlier events. */
export function lastingSight(traits: Traits, { baseline, confidence }: Deviation): string {
  if (baseline === null) return "";
  const surprises = surprisesOf(baseline);
  const digest = new NumberDigest();
  for (const category of categories) {
    const values = traits.values[category];
    digest.add(values.length);
    for (const value of values) {
      const { bits, sessions, isFirst } = surprises.of(category, value);
      digest.add(bits);
      digest.add(isFirst === true ? -1 : isFirst === null ? -2 : sessions);
    }
  }
  return `${baselineSight(baseline)} ${confidence} ${digest.text}`;
}

/** What is the same for all sessions that one baseline judges. */
const baselineSight = memoiseOf((baseline: Baseline) => hash("md5", JSON.stringify([
  baseline.level, baseline.sessions, baseline.span,
  categories.map((category) => usualValues(baseline, category)),
  measures.map((measure) => usualNumber(baseline, measure)),
]), "base64"));
