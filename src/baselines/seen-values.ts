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

/** A day of the window, and how much it counts. */
export interface Weighed {
  readonly bucket: DayBucket;
  readonly weight: number;
}

/** How many subjects show each value. */
export type SubjectCounts = Readonly<Record<Category, ReadonlyMap<string, number>>>;

/** What was counted of a value, while days are gone through: mutable, for speed. */
interface Sum {
  sessions: number;
  weight: number;
  voice: number;
  secondVoice: number;
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
  const sums = new Map<string, Sum>();
  let knownBelow = Infinity;
  for (const { bucket: { values }, weight } of seen) {
    const { entries, knownBelow: ofDay } = values[category];
    if (ofDay !== null) knownBelow = Math.min(knownBelow, ofDay);
    for (const [value, [sessions, voice, secondVoice]] of entries) {
      let sum = sums.get(value);
      if (sum === undefined) {
        sum = { sessions: 0, weight: 0, voice: noVoice, secondVoice: noVoice };
        sums.set(value, sum);
      }
      sum.sessions += sessions;
      sum.weight += sessions * weight;
      hear(sum, voice);
      hear(sum, secondVoice);
    }
  }
  const byValue = new Map<string, SeenValue>();
  const total = { onceCount: 0, aloneCount: 0, incidences: 0 };
  for (const [value, { sessions, weight, secondVoice }] of sums) {
    const isAlone = isHeard && secondVoice === noVoice;
    const shownBy = subjects === null ? 1 : (subjects.get(value) ?? 0);
    const counted = isAlone ? Math.min(1, weight) : weight;
    byValue.set(value, { sessions, weight: counted, subjects: shownBy });
    if (sessions === 1) total.onceCount += 1;
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
  const sums = new Map<number, number>();
  for (const { bucket, weight } of seen) {
    for (const [bin, count] of of(bucket)) sums.set(bin, (sums.get(bin) ?? 0) + count * weight);
  }
  return [...sums].sort((a, b) => a[0] - b[0]);
}
