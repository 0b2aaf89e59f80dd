import { emptyHistogram, highestBin, type Histogram } from "./histogram.ts";
import type { WeighedWindow } from "./track.ts";

/**
 * Histograms of one day after the other: in a row the day, a bin, and how much is in it. All of a
 * measure in one array: what is asked is asked of all its bins.
 */
export type DailyCounts = readonly number[];

const perBin = 3;

/** Of a day after all that were added before. */
export function addCounts(
  counts: number[],
  day: number,
  histograms: readonly Histogram[],
): void {
  const [first = emptyHistogram] = histograms;
  const sum = histograms.length < 2 ? first : summed(histograms);
  for (const [bin, count] of sum) counts.push(day, bin, count);
}

function summed(histograms: readonly Histogram[]): Histogram {
  let highest = -1;
  for (const histogram of histograms) {
    for (const [bin, count] of histogram) highest = Math.max(highest, add(bin, count));
  }
  return takeAmounts(highest);
}

/** How much of the window is in each bin. */
export function countedIn(counts: DailyCounts, window: WeighedWindow): Histogram {
  return amountsIn(counts, window, () => 1);
}

/** The same, each day by its weight; the older days first: sums of fractions depend on it. */
export function weighedIn(counts: DailyCounts, window: WeighedWindow): Histogram {
  const { asOfDay, weightOfAge } = window;
  return amountsIn(counts, window, (day) => weightOfAge[asOfDay - 1 - day] ?? 0);
}

function amountsIn(
  counts: DailyCounts,
  { first, asOfDay }: WeighedWindow,
  weightOf: (day: number) => number,
): Histogram {
  let highest = -1;
  for (let i = 0; i < counts.length; i += perBin) {
    const day = counts[i] ?? 0;
    if (day < first) continue;
    if (day >= asOfDay) break;
    highest = Math.max(highest, add(counts[i + 1] ?? 0, (counts[i + 2] ?? 0) * weightOf(day)));
  }
  return takeAmounts(highest);
}

/** One for all, and zero between: a baseline asks for thirteen histograms. */
const amounts = new Float64Array(highestBin + 2);

/** @returns where: bins begin at -1 */
function add(bin: number, amount: number): number {
  const place = bin + 1;
  amounts[place] = (amounts[place] ?? 0) + amount;
  return place;
}

/** Up to the highest place. */
function takeAmounts(highest: number): Histogram {
  const histogram: (readonly [bin: number, amount: number])[] = [];
  for (let place = 0; place <= highest; place += 1) {
    const amount = amounts[place] ?? 0;
    if (amount !== 0) histogram.push([place - 1, amount]);
    amounts[place] = 0;
  }
  return histogram;
}
