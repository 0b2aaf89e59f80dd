import { mergeSorted } from "../sessions/spans.ts";
import {
  byCategory, byMeasure, mergeSeen, mergeVoices, voicesOfDayMax, type DayBucket,
} from "./day-bucket.ts";
import { mergeHistograms } from "./histogram.ts";
import type { Days, SubjectCounts } from "./seen-values.ts";
import { categories, type Category } from "./traits.ts";

/**
 * What several subjects' days come to together, each summed once: baselines of many subjects as of
 * one day after the other share all days but one.
 */
export class DaySums {
  readonly #known = new Map<string, Map<number, Sum>>();
  readonly #lastSeen = new Map<string, LastSeen>();

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

  /** How many of the subjects showed each value on that day or later. */
  subjectsSince(
    first: number,
    subjects: readonly (readonly [name: string, days: Days])[],
  ): SubjectCounts {
    const counts = byCategory(() => new Map<string, number>());
    for (const [name, days] of subjects) {
      const seen = lastSeenIn(days, first, this.#lastSeen.get(name));
      this.#lastSeen.set(name, seen);
      for (const category of categories) {
        const count = counts[category];
        for (const [value, day] of seen.values[category]) {
          if (day >= first) count.set(value, (count.get(value) ?? 0) + 1);
          else seen.values[category].delete(value);
        }
      }
    }
    return counts;
  }
}

/** On which day a subject showed each value last; made of these days. */
interface LastSeen {
  readonly of: Map<number, DayBucket>;
  latest: number;
  readonly values: Readonly<Record<Category, Map<string, number>>>;
}

function newLastSeen(): LastSeen {
  return { of: new Map(), latest: -Infinity, values: byCategory(() => new Map<string, number>()) };
}

/** What was noted goes on where days came after it, and nothing else changed since `first`. */
function lastSeenIn(days: Days, first: number, before: LastSeen | undefined): LastSeen {
  const isSame = before !== undefined &&
    [...days].every(([day, bucket]) => before.of.get(day) === bucket || day > before.latest) &&
    [...before.of].every(([day, bucket]) => day < first || days.get(day) === bucket);
  const seen = isSame ? before : newLastSeen();
  for (const [day, bucket] of [...days].sort(([a], [b]) => a - b)) {
    if (day <= seen.latest) continue;
    seen.latest = day;
    seen.of.set(day, bucket);
    for (const category of categories) {
      const values = seen.values[category];
      for (const [value] of bucket.values[category].entries) values.set(value, day);
    }
  }
  return seen;
}

interface Sum {
  readonly of: readonly DayBucket[];
  readonly sum: DayBucket;
}

function areSame(a: readonly DayBucket[], b: readonly DayBucket[]): boolean {
  return a.length === b.length && a.every((bucket, i) => bucket === b[i]);
}

/** In pairs, so that many cost little more than reading them. */
function sumOf(buckets: readonly DayBucket[]): DayBucket {
  let parts = [...buckets];
  while (parts.length > 1) {
    parts = parts.flatMap((part, i) => {
      const next = parts[i + 1];
      if (i % 2 === 1) return [];
      return [next === undefined ? part : addedUp(part, next)];
    });
  }
  const [sum] = parts;
  if (sum === undefined) throw new Error("There are no buckets to sum up.");
  return sum;
}

/** Without the bounds that stored buckets have: nobody stores it. */
function addedUp(a: DayBucket, b: DayBucket): DayBucket {
  return {
    sessions: a.sessions + b.sessions,
    voices: mergeVoices(a.voices, b.voices, voicesOfDayMax),
    values: byCategory((category) => {
      const [x, y] = [a.values[category], b.values[category]];
      const knownBelow = x.knownBelow === null || y.knownBelow === null
        ? (x.knownBelow ?? y.knownBelow)
        : Math.min(x.knownBelow, y.knownBelow);
      return { entries: mergeSorted(x.entries, y.entries, mergeSeen), knownBelow };
    }),
    numbers: byMeasure((measure) => mergeHistograms(a.numbers[measure], b.numbers[measure])),
    scores: mergeHistograms(a.scores, b.scores),
    scoresAbove: mergeHistograms(a.scoresAbove, b.scoresAbove),
  };
}
