import type { DayBucket } from "./day-bucket.ts";
import type { Histogram } from "./histogram.ts";
import type { Category } from "./traits.ts";

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

/** A day of the window, how much it counts, and what each subject's sessions came to. */
export interface Weighed {
  readonly day: number;
  readonly weight: number;
  readonly buckets: readonly DayBucket[];
}

/** How many subjects show each value. */
export type SubjectCounts = Readonly<Record<Category, ReadonlyMap<string, number>>>;

/** How many subjects showed each value of a category in the window. */
export function subjectsBy(
  subjects: readonly Days[],
  category: Category,
  { first, until }: { readonly first: number; readonly until: number },
): ReadonlyMap<string, number> {
  const counts = new Map<string, { count: number; last: number }>();
  for (const [i, days] of subjects.entries()) {
    for (const [day, { values }] of days) {
      if (day < first || day >= until) continue;
      for (const [value] of values[category].entries) {
        const known = counts.get(value);
        if (known === undefined) counts.set(value, { count: 1, last: i });
        else if (known.last !== i) {
          known.count += 1;
          known.last = i;
        }
      }
    }
  }
  return new Map([...counts].map(([value, { count }]) => [value, count]));
}

/** What was counted of a value or a bin, while days are gone through: mutable, for speed. */
interface Sum {
  sessions: number;
  /** Of the days before `day`, each weighed. */
  weight: number;
  day: number;
  /** On that day: whole, so that the order of subjects is of no matter to the sum. */
  ofDay: number;
  voice: number;
  secondVoice: number;
}

/** In order of days, so that sums of fractions agree. */
function add(sum: Sum, count: number, { day, weights }: {
  readonly day: number;
  readonly weights: readonly number[];
}): void {
  if (sum.day !== day) {
    sum.weight += sum.ofDay * (weights[sum.day] ?? 0);
    sum.day = day;
    sum.ofDay = 0;
  }
  sum.ofDay += count;
  sum.sessions += count;
}

function newSum(day: number): Sum {
  return { sessions: 0, weight: 0, day, ofDay: 0, voice: noVoice, secondVoice: noVoice };
}

const noVoice = Infinity;

/** Keeps the two smallest. */
function hear(sum: Sum, voice: number | undefined): void {
  if (voice === undefined || voice === sum.voice || voice === sum.secondVoice) return;
  if (voice < sum.voice) [sum.voice, sum.secondVoice] = [voice, sum.voice];
  else if (voice < sum.secondVoice) sum.secondVoice = voice;
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
    /** Null where nobody asks. */
    readonly subjects: ReadonlyMap<string, number> | null;
  },
): SeenValues {
  const weights = seen.map(({ weight }) => weight);
  const sums = new Map<string, Sum>();
  let knownBelow = Infinity;
  for (const [day, { buckets }] of seen.entries()) {
    for (const { values } of buckets) {
      const { entries, knownBelow: ofDay } = values[category];
      if (ofDay !== null) knownBelow = Math.min(knownBelow, ofDay);
      for (const [value, [sessions, voice, secondVoice]] of entries) {
        const sum = sums.get(value) ?? newSum(day);
        if (sum.sessions === 0) sums.set(value, sum);
        add(sum, sessions, { day, weights });
        hear(sum, voice);
        hear(sum, secondVoice);
      }
    }
  }
  const byValue = new Map<string, SeenValue>();
  const total = { onceCount: 0, aloneCount: 0, incidences: 0 };
  for (const [value, sum] of sums) {
    const isAlone = isHeard && sum.secondVoice === noVoice;
    const shownBy = subjects === null ? 1 : (subjects.get(value) ?? 0);
    const weight = sum.weight + sum.ofDay * (weights[sum.day] ?? 0);
    byValue.set(value, {
      sessions: sum.sessions, weight: isAlone ? Math.min(1, weight) : weight, subjects: shownBy,
    });
    if (sum.sessions === 1) total.onceCount += 1;
    if (shownBy === 1) total.aloneCount += 1;
    total.incidences += shownBy;
  }
  return { byValue, knownBelow, ...total };
}

/** Histograms of the days, each weighed. */
export function weighedHistogram(
  seen: readonly Weighed[],
  of: (bucket: DayBucket) => Histogram,
): Histogram {
  const weights = seen.map(({ weight }) => weight);
  const sums = new Map<number, Sum>();
  for (const [day, { buckets }] of seen.entries()) {
    for (const bucket of buckets) {
      for (const [bin, count] of of(bucket)) {
        const sum = sums.get(bin) ?? newSum(day);
        if (sum.sessions === 0) sums.set(bin, sum);
        add(sum, count, { day, weights });
      }
    }
  }
  return [...sums]
    .map(([bin, sum]) => [bin, sum.weight + sum.ofDay * (weights[sum.day] ?? 0)] as const)
    .sort((a, b) => a[0] - b[0]);
}
