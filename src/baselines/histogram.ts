import { mergeSorted } from "../sessions/spans.ts";

/** Bins and how much is in each, by bin. Merging adds: the same for any split, in any order. */
export type Histogram = readonly (readonly [bin: number, count: number])[];

export const emptyHistogram: Histogram = [];

export function mergeHistograms(a: Histogram, b: Histogram): Histogram {
  return mergeSorted(a, b, (x, y) => x + y);
}

export function totalOf(histogram: Histogram): number {
  let total = 0;
  for (const [, count] of histogram) total += count;
  return total;
}

/**
 * The bin of a count: DDSketch's, with a relative error of 5 %, and one for zero. Exact up to 9,
 * at most 215 bins for anything below 2^31; what is more counts as that.
 *
 * Masson, Rim, Lee: DDSketch, a fast and fully-mergeable quantile sketch with relative-error
 * guarantees, VLDB 2019, https://arxiv.org/abs/1908.10693
 */
export function binOf(count: number): number {
  return smallBins[count] ?? computedBin(count);
}

function computedBin(count: number): number {
  if (count < 1) return -1;
  return Math.max(0, Math.ceil(Math.log(Math.min(count, countMax)) / logGamma - 1e-9));
}

/** The value in the middle of a bin, within 5 % of all that fell into it. */
export function valueOf(bin: number): number {
  if (bin < 0) return 0;
  const value = (2 * Math.exp(bin * logGamma)) / (1 + gamma);
  // Counts are whole: a bin narrower than one holds one of them.
  return value < exactBelow ? Math.round(value) : value;
}

const relativeError = 0.05;
const gamma = (1 + relativeError) / (1 - relativeError);
const logGamma = Math.log(gamma);
const countMax = 2 ** 31;
/** Those of nearly all counts there are. */
const smallBins: readonly number[] = Array.from({ length: 256 }, (_, count) => computedBin(count));
const exactBelow = 9.2;

/**
 * The bin of a score in bits: a fiftieth of a bit wide at first, a quarter at 10, two at 100, so
 * that ties are few where most scores are, and a day has at most 321 bins.
 */
export function scoreBinOf(bits: number): number {
  return Math.round(32 * Math.log2(1 + Math.min(bits, bitsMax)));
}

/** Beyond a kilobit nothing is stranger still. */
const bitsMax = 1024;
/** Of all bins there are, of counts and of scores. */
export const highestBin = Math.max(binOf(countMax), scoreBinOf(bitsMax));
