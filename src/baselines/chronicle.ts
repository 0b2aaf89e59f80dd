import { byCategory, byMeasure, type DayBucket } from "./day-bucket.ts";
import { addCounts, type DailyCounts } from "./daily-counts.ts";
import { addSeen, type Track, type Window } from "./track.ts";
import { categories, measures, type Category, type Measure } from "./traits.ts";

/** A subject's buckets by day (since the epoch). */
export type Days = ReadonlyMap<number, DayBucket>;

/** What days showed, value by value. */
export interface Tracks {
  readonly sessions: Track;
  readonly values: Readonly<Record<Category, ReadonlyMap<string, Track>>>;
  readonly numbers: Readonly<Record<Measure, DailyCounts>>;
  readonly scores: DailyCounts;
  readonly scoresAbove: DailyCounts;
  /** Of days that left values out; see `DayBucket.values`. */
  readonly knownBelow: Readonly<Record<Category, readonly Cut[]>>;
}

interface Cut {
  readonly day: number;
  readonly hash: number;
}

/**
 * What days showed, of one subject or of several together, for baselines as of one day after the
 * other: they share all days but one, and that one alone is added. Tracks stay as they were given
 * as far as the window goes.
 */
export class Chronicle {
  readonly #buckets = new Map<number, readonly DayBucket[]>();
  #tracks = noTracks();
  /** Nothing is added before this day. */
  #until = -Infinity;

  /** The first day of which it tells nothing yet. */
  get until(): number {
    return this.#until;
  }

  /** The tracks of all these days together; within the window they tell of no others. */
  of(subjects: readonly Days[], window: Window): Tracks {
    const { first, asOfDay } = window;
    if (!this.#isOf(subjects, window)) {
      this.#buckets.clear();
      this.#tracks = noTracks();
      this.#until = first;
    }
    for (let day = Math.max(first, this.#until); day < asOfDay; day += 1) {
      const buckets = bucketsOn(day, subjects);
      if (buckets.length === 0) continue;
      this.#buckets.set(day, buckets);
      addDay(this.#tracks, day, buckets);
    }
    this.#until = Math.max(this.#until, asOfDay);
    return this.#tracks;
  }

  /** What a day showed, if it was told of. */
  on(day: number): readonly DayBucket[] {
    return this.#buckets.get(day) ?? [];
  }

  /** Whether it tells of these days as far as it goes, and of not many before them. */
  #isOf(subjects: readonly Days[], { first, asOfDay }: Window): boolean {
    const [oldest = first] = this.#buckets.keys();
    if (oldest < first - (asOfDay - first)) return false;
    for (let day = first; day < asOfDay && day < this.#until; day += 1) {
      const known = this.on(day);
      let i = 0;
      for (const days of subjects) {
        const bucket = days.get(day);
        if (bucket !== undefined && bucket !== known[i++]) return false;
      }
      if (i !== known.length) return false;
    }
    return true;
  }
}

function bucketsOn(day: number, subjects: readonly Days[]): readonly DayBucket[] {
  return subjects.map((days) => days.get(day)).filter((bucket) => bucket !== undefined);
}

function noTracks() {
  return {
    sessions: [] as number[],
    values: byCategory(() => new Map<string, number[]>()),
    numbers: byMeasure((): number[] => []),
    scores: [] as number[],
    scoresAbove: [] as number[],
    knownBelow: byCategory((): Cut[] => []),
  };
}

function addDay(
  tracks: ReturnType<typeof noTracks>,
  day: number,
  buckets: readonly DayBucket[],
): void {
  for (const { sessions, voices, values } of buckets) {
    addSeen(tracks.sessions, day, [sessions, ...voices]);
    for (const category of categories) {
      const ofCategory = tracks.values[category];
      const { entries, knownBelow } = values[category];
      for (const [value, seen] of entries) addSeen(trackIn(ofCategory, value), day, seen);
      if (knownBelow !== null) tracks.knownBelow[category].push({ day, hash: knownBelow });
    }
  }
  for (const measure of measures) {
    addCounts(tracks.numbers[measure], day, buckets.map(({ numbers }) => numbers[measure]));
  }
  addCounts(tracks.scores, day, buckets.map(({ scores }) => scores));
  addCounts(tracks.scoresAbove, day, buckets.map(({ scoresAbove }) => scoresAbove));
}

function trackIn(tracks: Map<string, number[]>, of: string): number[] {
  const known = tracks.get(of);
  if (known !== undefined) return known;
  const made: number[] = [];
  tracks.set(of, made);
  return made;
}
