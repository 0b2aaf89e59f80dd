import type { Track, Window } from "./chronicle.ts";
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

/** A day of the window, and how much it counts. */
export interface Weighed {
  readonly bucket: DayBucket;
  readonly weight: number;
}

/** How many subjects show each value. */
export type SubjectCounts = Readonly<Record<Category, ReadonlyMap<string, number>>>;

/**
 * Where several use a role, what one of them alone shows counts as one session: whoever drips
 * something in day by day does not make it usual.
 */
export function seenValues(
  tracks: ReadonlyMap<string, Track>,
  { first, asOfDay, weightOfAge }: Window & {
    /** By days before the last one of the window. */
    readonly weightOfAge: readonly number[];
  },
  { isHeard, subjects, knownBelow }: Pick<SeenValues, "knownBelow"> & {
    /** Whether several use the role. */
    readonly isHeard: boolean;
    /** Null where nobody asks. */
    readonly subjects: ReadonlyMap<string, number> | null;
  },
): SeenValues {
  const byValue = new Map<string, SeenValue>();
  const total = { onceCount: 0, aloneCount: 0, incidences: 0 };
  for (const [value, track] of tracks) {
    let isSeen = false;
    let sessions = 0;
    let weight = 0;
    for (const { day, seen: [count] } of track) {
      if (day < first || day >= asOfDay) continue;
      isSeen = true;
      sessions += count;
      weight += count * (weightOfAge[asOfDay - 1 - day] ?? 0);
    }
    if (!isSeen) continue;
    if (isHeard && weight > 1 && isOfOneVoice(track, { first, asOfDay })) weight = 1;
    const shownBy = subjects === null ? 1 : (subjects.get(value) ?? 0);
    byValue.set(value, { sessions, weight, subjects: shownBy });
    if (sessions === 1) total.onceCount += 1;
    if (shownBy === 1) total.aloneCount += 1;
    total.incidences += shownBy;
  }
  return { byValue, knownBelow, ...total };
}

function isOfOneVoice(track: Track, { first, asOfDay }: Window): boolean {
  let only: number | undefined;
  for (const { day, seen: [, voice, secondVoice] } of track) {
    if (day < first || day >= asOfDay || voice === undefined) continue;
    if (secondVoice !== undefined || voice !== (only ?? voice)) return false;
    only = voice;
  }
  return true;
}

/** Histograms of the days, each weighed. */
export function weighedHistogram(
  seen: readonly Weighed[],
  of: (bucket: DayBucket) => Histogram,
): Histogram {
  const sums: [bin: number, sum: number][] = [];
  for (const { bucket, weight } of seen) {
    for (const [bin, count] of of(bucket)) {
      const at = placeOf(bin, sums);
      const sum = sums[at];
      if (sum?.[0] === bin) sum[1] += count * weight;
      else sums.splice(at, 0, [bin, count * weight]);
    }
  }
  return sums;
}

/** Of the first that is not below. */
function placeOf(bin: number, sums: Histogram): number {
  let [low, high] = [0, sums.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sums[middle]?.[0] ?? bin) < bin) low = middle + 1;
    else high = middle;
  }
  return low;
}
