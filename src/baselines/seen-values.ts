import { hoursLike } from "./hours.ts";
import {
  isOfOneVoice, sessionsIn, weightIn, type Track, type WeighedWindow,
} from "./track.ts";

/** What tells of one category's values. */
export interface Shown {
  /** They may tell of values and days beyond the window. */
  readonly tracks: ReadonlyMap<string, Track>;
  readonly window: WeighedWindow;
  /** Whether several use the role. */
  readonly isHeard: boolean;
  /** Whether they are hours of the week: each speaks for those like it. */
  readonly areHours: boolean;
  /** Of values with a hash above this, none here does not mean none: see `DayBucket.values`. */
  readonly knownBelow: number;
}

/** What is known of a value. */
export interface SeenValue {
  readonly sessions: number;
  readonly weight: number;
}

/**
 * What of one category was seen in a baseline's window. A single value is counted when it is asked
 * for, since most never are.
 */
export class SeenValues {
  readonly #of: Shown;
  #counted: Counted | null = null;

  constructor(of: Shown) {
    this.#of = of;
  }

  get knownBelow(): number {
    return this.#of.knownBelow;
  }

  /** How many of them were in one session only. */
  get onceCount(): number {
    return this.#count().onceCount;
  }

  /** The most usual first, at most three. */
  get usual(): readonly string[] {
    return this.#count().usual;
  }

  /** Null where it was not seen. */
  of(value: string): SeenValue | null {
    const { tracks, window, areHours } = this.#of;
    const track = tracks.get(value);
    if (areHours) return this.#ofHour(value, track ?? noDays);
    if (track === undefined) return null;
    const sessions = sessionsIn(track, window);
    return sessions === 0 ? null : { sessions, weight: this.#weightOf(track) };
  }

  /** All that is known of any value. */
  all(): readonly (readonly [string, SeenValue])[] {
    const known = this.#of.areHours ? hoursLike : this.#of.tracks;
    return [...known.keys()].flatMap((value) => {
      const seen = this.of(value);
      return seen === null ? [] : [[value, seen] as const];
    });
  }

  #ofHour(hour: string, track: Track): SeenValue | null {
    const like = hoursLike.get(hour) ?? [];
    let all = 0;
    for (const each of like) {
      const days = this.#of.tracks.get(each);
      if (days !== undefined) all += this.#weightOf(days);
    }
    const sessions = sessionsIn(track, this.#of.window);
    const weight = (this.#weightOf(track) + all / like.length) / 2;
    return all === 0 ? null : { sessions, weight };
  }

  /**
   * Where several use a role, what one of them alone shows counts as one session: whoever drips
   * something in day by day does not make it usual.
   */
  #weightOf(track: Track): number {
    const { window, isHeard } = this.#of;
    const weight = weightIn(track, window);
    return isHeard && weight > 1 && isOfOneVoice(track, window) ? 1 : weight;
  }

  #count(): Counted {
    if (this.#counted !== null) return this.#counted;
    const { tracks, window, areHours } = this.#of;
    const most: Often[] = [];
    let onceCount = 0;
    tracks.forEach((track, value) => {
      const sessions = sessionsIn(track, window);
      if (sessions === 1) onceCount += 1;
      if (sessions > 0) addOften(most, value, sessions);
    });
    // What was not seen itself may be usual too: an hour speaks for others.
    const usual = most.length === usualMax || !areHours ? most
      : this.all().map(([value, { sessions }]): Often => [value, sessions]).sort(mostFirst);
    this.#counted = { onceCount, usual: usual.slice(0, usualMax).map(([value]) => value) };
    return this.#counted;
  }
}

interface Counted {
  readonly onceCount: number;
  readonly usual: readonly string[];
}

const usualMax = 3;
const noDays: Track = [];

type Often = readonly [value: string, sessions: number];

/** Keeps the most usual in their order. */
function addOften(most: Often[], value: string, sessions: number): void {
  let to = most.length;
  for (; to > 0; to -= 1) {
    const [before, often] = most[to - 1] ?? ["", 0];
    if (often > sessions || (often === sessions && before < value)) break;
  }
  if (to >= usualMax) return;
  most.splice(to, 0, [value, sessions]);
  if (most.length > usualMax) most.pop();
}

function mostFirst([a, x]: Often, [b, y]: Often): number {
  return y - x || (a < b ? -1 : 1);
}
