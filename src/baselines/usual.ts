import type { Baseline } from "./baseline.ts";
import { totalOf, valueOf, type Histogram } from "./histogram.ts";
import { allSeen, seenOf, type SeenValues } from "./seen-values.ts";
import { sessionsIn } from "./track.ts";
import type { Category, Measure } from "./traits.ts";

/** What the role usually shows, the most usual first: what an explanation says was expected. */
export function usualValues(baseline: Baseline, category: Category): readonly string[] {
  const { values } = memoryOf(baseline);
  const known = values.get(category);
  if (known !== undefined) return known;
  const usual = mostSeen(baseline.values[category]);
  values.set(category, usual);
  return usual;
}

const usualMax = 3;

function mostSeen(values: SeenValues): readonly string[] {
  const most: Shown[] = [];
  for (const [value, track] of values.tracks) {
    const sessions = sessionsIn(track, values.window);
    if (sessions === 0 || sessions < (most[usualMax - 1]?.[1] ?? 0)) continue;
    if (seenOf(values, value) === null) continue;
    most.push([value, sessions]);
    most.sort(mostFirst).splice(usualMax);
  }
  // What was not seen itself may be usual too: see `SeenValues.areHours`.
  const all = most.length === usualMax ? most
    : allSeen(values).map(([value, { sessions }]): Shown => [value, sessions]).sort(mostFirst);
  return all.slice(0, usualMax).map(([value]) => value);
}

type Shown = readonly [value: string, sessions: number];

function mostFirst([a, x]: Shown, [b, y]: Shown): number {
  return y - x || (a < b ? -1 : 1);
}

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
