import type { Baseline } from "./baseline.ts";
import { totalOf, valueOf, type Histogram } from "./histogram.ts";
import type { Category, Measure } from "./traits.ts";

/** What the role usually shows, the most usual first: what an explanation says was expected. */
export function usualValues(baseline: Baseline, category: Category): readonly string[] {
  return baseline.values[category].usual;
}

/** What 95 of 100 of the role's sessions stay within. */
export function usualNumber(baseline: Baseline, measure: Measure): number {
  return quantileOf(baseline.numbers[measure], 0.95);
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
