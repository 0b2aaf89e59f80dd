import { byCategory, mergeVoices, type DayBucket } from "./day-bucket.ts";
import { categories, type Category } from "./traits.ts";

/** What of one category was seen in a baseline's window. */
export interface SeenValues {
  readonly byValue: ReadonlyMap<string, SeenValue>;
  /** How many of them were in one session only, and how many in one subject's only. */
  readonly onceCount: number;
  readonly aloneCount: number;
  /** How many there are of each subject, summed. */
  readonly incidences: number;
  /** Of values with a hash above this, none here does not mean none: see `DayBucket.values`. */
  readonly knownBelow: number;
}

export interface SeenValue {
  readonly sessions: number;
  readonly weight: number;
  /** How many subjects showed it. */
  readonly subjects: number;
}

/** A subject's buckets by day (since the epoch). */
export type Days = ReadonlyMap<number, DayBucket>;

/** A day of the window, and how much it counts. */
export interface Weighed {
  readonly day: number;
  readonly bucket: DayBucket;
  readonly weight: number;
}

/** How many subjects showed each value on these days. */
export function subjectsBy(
  subjects: readonly Days[],
  first: number,
  until: number,
): Readonly<Record<Category, ReadonlyMap<string, number>>> {
  const counts = byCategory(() => new Map<string, number>());
  for (const days of subjects) {
    const own = byCategory(() => new Set<string>());
    for (const [day, { values }] of days) {
      if (day < first || day >= until) continue;
      for (const category of categories) {
        for (const [value] of values[category].entries) own[category].add(value);
      }
    }
    for (const category of categories) {
      const of = counts[category];
      for (const value of own[category]) of.set(value, (of.get(value) ?? 0) + 1);
    }
  }
  return counts;
}

/**
 * Where several use a role, what one of them alone shows counts as one session: whoever drips
 * something in day by day does not make it usual.
 */
export function seenValues(
  seen: readonly Weighed[],
  category: Category,
  { isHeard, subjects }: {
    /** Whether several use the role. */
    readonly isHeard: boolean;
    readonly subjects: ReadonlyMap<string, number>;
  },
): SeenValues {
  const sums = new Map<string, { sessions: number; weight: number; voices: readonly number[] }>();
  let knownBelow = Infinity;
  for (const { bucket, weight } of seen) {
    const { entries, knownBelow: ofDay } = bucket.values[category];
    if (ofDay !== null) knownBelow = Math.min(knownBelow, ofDay);
    for (const [value, [sessions, ...voices]] of entries) {
      const sum = sums.get(value) ?? { sessions: 0, weight: 0, voices: [] };
      sums.set(value, {
        sessions: sum.sessions + sessions,
        weight: sum.weight + sessions * weight,
        voices: mergeVoices(sum.voices, voices, 2),
      });
    }
  }
  const byValue = new Map<string, SeenValue>();
  const total = { onceCount: 0, aloneCount: 0, incidences: 0 };
  for (const [value, { sessions, weight, voices }] of sums) {
    const isAlone = isHeard && voices.length < 2;
    const shownBy = subjects.get(value) ?? 0;
    const counted = isAlone ? Math.min(1, weight) : weight;
    byValue.set(value, { sessions, weight: counted, subjects: shownBy });
    if (sessions === 1) total.onceCount += 1;
    if (shownBy === 1) total.aloneCount += 1;
    total.incidences += shownBy;
  }
  return { byValue, knownBelow, ...total };
}
