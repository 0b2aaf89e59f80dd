import { hoursLike } from "./hours.ts";
import { sessionsIn, shownIn, type Track, type WeighedWindow } from "./track.ts";

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
  /** The weight of hours that are alike, by their list. */
  #likeHours: Map<readonly string[], number> | null = null;

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
    if (this.#of.areHours) return this.#ofHour(value);
    const seen = this.#seen(value);
    return seen.sessions === 0 ? null : seen;
  }

  /** All that is known of any value. */
  all(): readonly (readonly [string, SeenValue])[] {
    const known = this.#of.areHours ? hoursLike : this.#of.tracks;
    return [...known.keys()].flatMap((value) => {
      const seen = this.of(value);
      return seen === null ? [] : [[value, seen] as const];
    });
  }

  #ofHour(hour: string): SeenValue | null {
    const like = hoursLike.get(hour) ?? [];
    const known = this.#likeHours ??= new Map<readonly string[], number>();
    const all = known.get(like) ?? this.#weightOfAll(like);
    known.set(like, all);
    if (all === 0) return null;
    const { sessions, weight } = this.#seen(hour);
    return { sessions, weight: (weight + all / like.length) / 2 };
  }

  #weightOfAll(hours: readonly string[]): number {
    let all = 0;
    for (const each of hours) all += this.#seen(each).weight;
    return all;
  }

  /**
   * Where several use a role, what one of them alone shows counts as one session: whoever drips
   * something in day by day does not make it usual.
   */
  #seen(value: string): SeenValue {
    const { tracks, window, isHeard } = this.#of;
    const track = tracks.get(value);
    if (track === undefined) return neverSeen;
    const seen = shownIn(track, window);
    const isDrip = isHeard && seen.weight > 1 && seen.isOfOneVoice;
    return isDrip ? { sessions: seen.sessions, weight: 1 } : seen;
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
const neverSeen: SeenValue = { sessions: 0, weight: 0 };

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
