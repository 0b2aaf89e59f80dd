import type { Seen } from "./day-bucket.ts";

/** The days that count as of one: from `first` to before `asOfDay`. */
export interface Window {
  readonly first: number;
  readonly asOfDay: number;
}

/** A window whose days count the less the older they are. */
export interface WeighedWindow extends Window {
  /** By days before the last one. */
  readonly weightOfAge: readonly number[];
}

/**
 * The days on which something was seen, in their order: of each, in a row, the day, in how many
 * sessions, and the two smallest voices of these, -1 where there is none. One array of small
 * integers is read some ten times as fast as objects are. (Measured.)
 */
export type Track = readonly number[];

const perDay = 4;
const none = -1;

/** Of a day that is the track's last, or after it. */
export function addSeen(track: number[], day: number, seen: Seen): void {
  const last = track.length - perDay;
  if (track[last] !== day) {
    track.push(day, seen[0], seen[1] ?? none, seen[2] ?? none);
    return;
  }
  track[last + 1] = (track[last + 1] ?? 0) + seen[0];
  hear(track, last + 2, seen[1] ?? none);
  hear(track, last + 2, seen[2] ?? none);
}

/** Keeps the two smallest. */
function hear(track: number[], at: number, voice: number): void {
  const first = track[at] ?? none;
  const second = track[at + 1] ?? none;
  if (voice === none || voice === first || voice === second) return;
  if (first === none || voice < first) {
    track[at] = voice;
    track[at + 1] = first;
  } else if (second === none || voice < second) {
    track[at + 1] = voice;
  }
}

/** On how many days. */
export function daysIn(track: Track, { first, asOfDay }: Window): number {
  let days = 0;
  for (let i = track.length - perDay; i >= 0; i -= perDay) {
    const day = track[i] ?? 0;
    if (day < first) break;
    if (day < asOfDay) days += 1;
  }
  return days;
}

/** Null where there is none. */
export function firstDayIn(track: Track, { first, asOfDay }: Window): number | null {
  for (let i = 0; i < track.length; i += perDay) {
    const day = track[i] ?? 0;
    if (day >= first) return day < asOfDay ? day : null;
  }
  return null;
}

export function isSeenIn(track: Track, { first, asOfDay }: Window): boolean {
  for (let i = track.length - perDay; i >= 0; i -= perDay) {
    const day = track[i] ?? 0;
    if (day < asOfDay) return day >= first;
  }
  return false;
}

export function sessionsIn(track: Track, { first, asOfDay }: Window): number {
  let sum = 0;
  for (let i = track.length - perDay; i >= 0; i -= perDay) {
    const day = track[i] ?? 0;
    if (day < first) break;
    if (day < asOfDay) sum += track[i + 1] ?? 0;
  }
  return sum;
}

/** What a window shows of a track. */
export interface InWindow {
  readonly sessions: number;
  readonly weight: number;
  /** Whether no more than one voice was heard. */
  readonly isOfOneVoice: boolean;
}

/** All at once. The older days first: sums of fractions depend on their order. */
export function shownIn(track: Track, { first, asOfDay, weightOfAge }: WeighedWindow): InWindow {
  let sessions = 0;
  let weight = 0;
  let only = none;
  let isOfOneVoice = true;
  for (let i = 0; i < track.length; i += perDay) {
    const day = track[i] ?? 0;
    if (day >= asOfDay) break;
    if (day < first) continue;
    const count = track[i + 1] ?? 0;
    sessions += count;
    weight += count * (weightOfAge[asOfDay - 1 - day] ?? 0);
    const voice = track[i + 2] ?? none;
    if (voice === none) continue;
    if (track[i + 3] !== none || (only !== none && voice !== only)) isOfOneVoice = false;
    only = voice;
  }
  return { sessions, weight, isOfOneVoice };
}
