import type { Baseline } from "./baseline.ts";
import type { Deviation } from "./deviation.ts";
import { surpriseOf } from "./surprise.ts";
import { tailOf } from "./tail.ts";
import { categories, measures, type Category, type Traits } from "./traits.ts";

/**
 * All that rules can see of a session's comparison, as text: while it is the same, its events would
 * be judged as they were. Made of the stored traits, without reading events.
 */
export function sightOf(traits: Traits, { baseline, confidence, standing }: Deviation): string {
  if (baseline === null) return "";
  const { level, sessions, days } = baseline;
  return JSON.stringify([
    level,
    sessions,
    days,
    confidence,
    standing,
    categories.map((category) => [
      usualValues(baseline, category),
      traits.values[category].map((value) => surpriseOf(baseline, category, value)),
    ]),
    measures.map((measure) => tailOf(baseline, measure, traits.numbers[measure])),
  ]);
}

/** What the role usually shows, the most usual first: what an explanation says was expected. */
export function usualValues(baseline: Baseline, category: Category, max = 3): readonly string[] {
  return [...baseline.values[category].byValue]
    .sort(([a, x], [b, y]) => y.sessions - x.sessions || (a < b ? -1 : 1))
    .slice(0, max)
    .map(([value]) => value);
}
