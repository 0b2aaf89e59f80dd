import { Chronicle, type Days, type Window } from "./chronicle.ts";
import {
  byCategory, byMeasure, mergeSeen, mergeVoices, voicesOfDayMax, type DayBucket, type KeptValues,
  type Seen,
} from "./day-bucket.ts";
import { weighedHistogram, type SubjectCounts } from "./seen-values.ts";
import { categories, type Category } from "./traits.ts";

/**
 * What several subjects' days come to together, each summed once: baselines of many subjects as of
 * one day after the other share all days but one.
 */
export class DaySums {
  readonly #known = new Map<string, Map<number, Sum>>();
  readonly #chronicles = new Map<string, Chronicle>();

  /** @param name of whose days they are, always the same for the same */
  of(name: string, subjects: readonly Days[]): Days {
    const byDay = new Map<number, DayBucket[]>();
    for (const days of subjects) {
      for (const [day, bucket] of days) {
        const buckets = byDay.get(day);
        if (buckets === undefined) byDay.set(day, [bucket]);
        else buckets.push(bucket);
      }
    }
    const before = this.#known.get(name);
    const sums = new Map([...byDay].map(([day, buckets]) => {
      const known = before?.get(day);
      return [day, known !== undefined && areSame(known.of, buckets)
        ? known
        : { of: buckets, sum: sumOf(buckets) }] as const;
    }));
    this.#known.set(name, sums);
    return new Map([...sums].map(([day, { sum }]) => [day, sum]));
  }

  /** The same for the same name. */
  chronicle(name: string): Chronicle {
    const known = this.#chronicles.get(name);
    if (known !== undefined) return known;
    const made = new Chronicle();
    this.#chronicles.set(name, made);
    return made;
  }

  /** How many of the subjects showed each value within the window. */
  subjectsWithin(
    window: Window,
    subjects: readonly (readonly [name: string, days: Days])[],
  ): SubjectCounts {
    const counts = byCategory(() => new Map<string, number>());
    for (const [name, days] of subjects) {
      const tracks = this.chronicle(name).of(days, window);
      for (const category of categories) {
        const count = counts[category];
        for (const [value, track] of tracks[category]) {
          const last = track.findLast(({ day }) => day < window.asOfDay);
          if (last === undefined || last.day < window.first) continue;
          count.set(value, (count.get(value) ?? 0) + 1);
        }
      }
    }
    return counts;
  }

  /** Lets go of whoever showed nothing since. */
  forgetBefore(first: number): void {
    for (const [name, { latest }] of this.#chronicles) {
      if (latest < first) this.#chronicles.delete(name);
    }
    for (const [name, sums] of this.#known) {
      if (Math.max(...sums.keys()) < first) this.#known.delete(name);
    }
  }
}

interface Sum {
  readonly of: readonly DayBucket[];
  readonly sum: DayBucket;
}

function areSame(a: readonly DayBucket[], b: readonly DayBucket[]): boolean {
  return a.length === b.length && a.every((bucket, i) => bucket === b[i]);
}

/** Without the bounds and the order that stored buckets have: nobody stores it. */
function sumOf(buckets: readonly DayBucket[]): DayBucket {
  const [only] = buckets;
  if (only !== undefined && buckets.length === 1) return only;
  const seen = buckets.map((bucket) => ({ bucket, weight: 1 }));
  return {
    sessions: buckets.reduce((sum, { sessions }) => sum + sessions, 0),
    voices: buckets.reduce<readonly number[]>(
      (known, { voices }) => mergeVoices(known, voices, voicesOfDayMax), []),
    values: byCategory((category) => valuesOf(buckets, category)),
    numbers: byMeasure((measure) => weighedHistogram(seen, ({ numbers }) => numbers[measure])),
    scores: weighedHistogram(seen, ({ scores }) => scores),
    scoresAbove: weighedHistogram(seen, ({ scoresAbove }) => scoresAbove),
  };
}

function valuesOf(buckets: readonly DayBucket[], category: Category): KeptValues {
  const sums = new Map<string, Seen>();
  let least = Infinity;
  for (const { values } of buckets) {
    const { entries, knownBelow } = values[category];
    least = Math.min(least, knownBelow ?? Infinity);
    for (const [value, seen] of entries) {
      const known = sums.get(value);
      sums.set(value, known === undefined ? seen : mergeSeen(known, seen));
    }
  }
  return { entries: [...sums], knownBelow: least === Infinity ? null : least };
}
