import { memoiseOf } from "../events/memo.ts";
import type { Baseline } from "./baseline.ts";
import { binOf, totalOf, valueOf, type Histogram } from "./histogram.ts";
import type { Measure } from "./traits.ts";

/**
 * The probability that a session of the role reaches a number, to two digits.
 *
 * Within what was seen: the share of sessions that reached it, this one counted in, `(1 + #) /
 * (n + 1)`, which needs no model (Davison, Hinkley 1997, Bootstrap Methods, 4.2). Beyond: that of
 * going beyond at all, times how much rarer a negative binomial makes the number than the smallest
 * one beyond. Counts of calls spread more than Poisson's (NB: Hilbe 2011, Negative Binomial
 * Regression, 8), and a parametric tail on an empirical body is the way of extreme-value detectors
 * (SPOT: Siffer et al., KDD 2017, https://doi.org/10.1145/3097983.3098144).
 */
export function tailOf(baseline: Baseline, measure: Measure, value: number): number {
  return tailsOf(baseline).of(measure, value);
}

/** The same, of one baseline; see `tailsOf`. */
export class Tails {
  readonly #baseline: Baseline;
  readonly #known: Partial<Record<Measure, number[]>> = {};

  constructor(baseline: Baseline) {
    this.#baseline = baseline;
  }

  of(measure: Measure, value: number): number {
    const known = this.#known[measure] ??= [];
    const bin = binOf(value);
    // Bins begin at -1.
    const tail = known[bin + 1] ?? tailFrom(this.#baseline, measure, bin);
    known[bin + 1] = tail;
    return tail;
  }
}

export const tailsOf = memoiseOf((baseline: Baseline) => new Tails(baseline));

function tailFrom({ numbers, weight }: Baseline, measure: Measure, bin: number): number {
  const histogram = numbers[measure];
  const highest = histogram.at(-1)?.[0] ?? -2;
  if (bin <= highest) {
    let reached = 0;
    for (const [each, n] of histogram) if (each >= bin) reached += n;
    return twoDigits((1 + reached) / (weight + 1));
  }
  const { mean, size } = spreadOf(histogram);
  const next = valueOf(Math.max(highest + 1, 0));
  const further = rateOf(valueOf(bin), mean, size) - rateOf(next, mean, size);
  return twoDigits(Math.max(smallest, Math.exp(-Math.max(0, further)) / (weight + 1)));
}

/** Beyond 2^-40 a model of some hundred sessions says nothing more. */
const smallest = 2 ** -40;

/**
 * Mean, and the negative binomial's size `mean / (D - 1)`, with D the variance over the mean.
 * Before any event D is taken for 3, as if by five of them: nobody who was never denied tells how
 * denials come.
 */
export function spreadOf(histogram: Histogram): { readonly mean: number; readonly size: number } {
  const n = totalOf(histogram);
  const total = histogram.reduce((sum, [bin, count]) => sum + valueOf(bin) * count, 0);
  const mean = (total + 0.5) / (n + 1);
  const squares = histogram.reduce(
    (sum, [bin, count]) => sum + count * (valueOf(bin) - mean) ** 2, 0);
  const dispersion = (squares + priorEvents * priorDispersion) / (total + priorEvents);
  return { mean, size: mean / Math.max(leastExcess, dispersion - 1) };
}

const priorDispersion = 3;
const priorEvents = 5;
/** Never less spread than nearly Poisson's. */
const leastExcess = 0.05;

/**
 * The exponent of Chernoff's bound, P(X >= x) <= exp(-rate), for a negative binomial above its
 * mean: `x ln(x/m) - (x + k) ln((x + k)/(m + k))`, the Legendre transform of its cumulant function.
 * Needs no special function and is sharp where it matters, far out.
 * Chernoff 1952, https://doi.org/10.1214/aoms/1177729330
 */
export function rateOf(x: number, mean: number, size: number): number {
  if (x <= mean) return 0;
  return x * Math.log(x / mean) - (x + size) * Math.log((x + size) / (mean + size));
}

/** Of a probability; what is below 1e-20 is none. */
export function twoDigits(p: number): number {
  // Powers of ten are exact up to 1e22: the quotient is the number that the two digits write.
  let scale = 10;
  while (p * scale < 10 && scale < 1e21) scale *= 10;
  return Math.round(p * scale) / scale;
}
