import { hash } from "node:crypto";
import type { Baseline } from "./baseline.ts";
import type { Compared } from "./compared.ts";
import { byCategory } from "./day-bucket.ts";
import type { Deviation } from "./deviation.ts";
import { surpriseOf, type Surprise } from "./surprise.ts";
import { tailOf } from "./tail.ts";
import { categories, measures, type Category, type Traits } from "./traits.ts";
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

/** What of it a session that goes on changes for none of its earlier events, as text (JSON). */
export function lastingSight(traits: Traits, { baseline, confidence }: Deviation): string {
  if (baseline === null) return "";
  const { head, usualOf, numbers } = baselineSight(baseline);
  let values = "";
  for (const category of categories) {
    const surprises = traits.values[category].map((value) =>
      surpriseText(surpriseOf(baseline, category, value)));
    values += `${values === "" ? "" : ","}[${usualOf[category]},[${surprises.join(",")}]]`;
  }
  return `[${head},"${confidence}",[${values}],${numbers}]`;
}

/** What is the same for all sessions that one baseline judges, as text. */
interface BaselineSight {
  readonly head: string;
  readonly usualOf: Readonly<Record<Category, string>>;
  readonly numbers: string;
}

const sights = new WeakMap<Baseline, BaselineSight>();
const surpriseTexts = new WeakMap<Surprise, string>();

function baselineSight(baseline: Baseline): BaselineSight {
  const before = sights.get(baseline);
  if (before !== undefined) return before;
  const { level, sessions, span } = baseline;
  const made = {
    head: `"${level}",${sessions},${span}`,
    usualOf: byCategory((category) => JSON.stringify(usualValues(baseline, category))),
    numbers: JSON.stringify(measures.map((measure) => usualNumber(baseline, measure))),
  };
  sights.set(baseline, made);
  return made;
}

function surpriseText(surprise: Surprise): string {
  const before = surpriseTexts.get(surprise);
  if (before !== undefined) return before;
  const made = JSON.stringify(surprise);
  surpriseTexts.set(surprise, made);
  return made;
}

/** How many of a session's reasons are told. */
export const reasonsMax = 3;
