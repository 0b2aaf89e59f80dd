import type { Histogram } from "./histogram.ts";
import { hoursLike } from "./hours.ts";
import {
  isOfOneVoice, isSeenIn, sessionsIn, weightIn, type Track, type WeighedWindow, type Window,
} from "./track.ts";
import type { Category } from "./traits.ts";

/**
 * What of one category was seen in a baseline's window. A single value is counted when it is asked
 * for, since most never are: see `seenOf`.
 */
export interface SeenValues {
  /** They may tell of values and days beyond the window. */
  readonly tracks: ReadonlyMap<string, Track>;
  readonly window: WeighedWindow;
  /** Whether several use the role. */
  readonly isHeard: boolean;
  /** How many subjects show each value; null where nobody asks. */
  readonly subjects: ReadonlyMap<string, number> | null;
  /** Whether they are hours of the week: each speaks for those like it. */
  readonly areHours: boolean;
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

/** How many subjects show each value. */
export type SubjectCounts = Readonly<Record<Category, ReadonlyMap<string, number>>>;

export function seenValues(
  of: Omit<SeenValues, "onceCount" | "aloneCount" | "incidences">,
): SeenValues {
  const total = { onceCount: 0, aloneCount: 0, incidences: 0 };
  for (const [value, track] of of.tracks) {
    if (!isSeenIn(track, of.window)) continue;
    const subjects = of.subjects === null ? 1 : (of.subjects.get(value) ?? 0);
    if (sessionsIn(track, of.window, 1) === 1) total.onceCount += 1;
    if (subjects === 1) total.aloneCount += 1;
    total.incidences += subjects;
  }
  return { ...of, ...total };
}

/** What is known of a value; null where it was not seen. */
export function seenOf(values: SeenValues, value: string): SeenValue | null {
  const track = values.tracks.get(value) ?? noDays;
  const isSeen = isSeenIn(track, values.window);
  const sessions = sessionsIn(track, values.window);
  const subjects = isSeen ? subjectsOf(values, value) : 0;
  const weight = ownWeight(values, track);
  if (!values.areHours) return isSeen ? { sessions, weight, subjects } : null;
  const like = hoursLike.get(value) ?? [];
  let all = 0;
  for (const hour of like) all += ownWeight(values, values.tracks.get(hour) ?? noDays);
  return all === 0 ? null : { sessions, weight: (weight + all / like.length) / 2, subjects };
}

const noDays: Track = [];

/** All that is known of any value. */
export function allSeen(values: SeenValues): readonly (readonly [string, SeenValue])[] {
  const known = values.areHours ? hoursLike : values.tracks;
  return [...known.keys()].flatMap((value) => {
    const seen = seenOf(values, value);
    return seen === null ? [] : [[value, seen] as const];
  });
}

/** How many subjects showed a value. */
export function subjectsOf({ subjects, tracks, window }: SeenValues, value: string): number {
  if (subjects !== null) return subjects.get(value) ?? 0;
  return isSeenIn(tracks.get(value) ?? noDays, window) ? 1 : 0;
}

/**
 * Where several use a role, what one of them alone shows counts as one session: whoever drips
 * something in day by day does not make it usual.
 */
function ownWeight({ window, isHeard }: SeenValues, track: Track): number {
  const weight = weightIn(track, window);
  return isHeard && weight > 1 && isOfOneVoice(track, window) ? 1 : weight;
}

/** How much of the window is in each bin. */
export function histogramOf(
  tracks: ReadonlyMap<number, Track>,
  window: Window,
  amountOf: (track: Track) => number,
): Histogram {
  const bins: (readonly [bin: number, amount: number])[] = [];
  for (const [bin, track] of tracks) {
    if (isSeenIn(track, window)) bins.push([bin, amountOf(track)]);
  }
  return bins.sort((a, b) => a[0] - b[0]);
}
