import type { Baseline } from "./baseline.ts";
import { totalOf, valueOf, type Histogram } from "./histogram.ts";
import type { Category, Measure } from "./traits.ts";

/** What the role usually shows, the most usual first: what an explanation says was expected. */
export function usualValues(baseline: Baseline, category: Category): readonly string[] {
  const { values } = memoryOf(baseline);
  const known = values.get(category);
  if (known !== undefined) return known;
  const usual = [...baseline.values[category].byValue]
    .sort(([a, x], [b, y]) => y.sessions - x.sessions || (a < b ? -1 : 1))
    .slice(0, usualMax)
    .map(([value]) => value);
  values.set(category, usual);
  return usual;
}

const usualMax = 3;

/** What 95 of 100 of the role's sessions stay within. */
export function usualNumber(baseline: Baseline, measure: Measure): number {
  const { numbers } = memoryOf(baseline);
  const known = numbers.get(measure);
  if (known !== undefined) return known;
  const usual = quantileOf(baseline.numbers[measure], 0.95);
  numbers.set(measure, usual);
  return usual;
}

/** The value that a share of a histogram stays within; 0 of an empty one. */
export function quantileOf(histogram: Histogram, share: number): number {
  const least = totalOf(histogram) * share;
  let below = 0;
  for (const [bin, n] of histogram) {
    below += n;
    if (below >= least) return Math.round(valueOf(bin));
  }
  return 0;
}

interface Usual {
  readonly values: Map<Category, readonly string[]>;
  readonly numbers: Map<Measure, number>;
}

const remembered = new WeakMap<Baseline, Usual>();

function memoryOf(baseline: Baseline): Usual {
  const before = remembered.get(baseline);
  if (before !== undefined) return before;
  const made = { values: new Map(), numbers: new Map() };
  remembered.set(baseline, made);
  return made;
}
