import { byCategory, type DayBucket, type Seen } from "./day-bucket.ts";
import { categories, type Category } from "./traits.ts";

/** A subject's buckets by day (since the epoch). */
export type Days = ReadonlyMap<number, DayBucket>;

/** The days that count as of one: from `first` to before `asOfDay`. */
export interface Window {
  readonly first: number;
  readonly asOfDay: number;
}

/** The days on which a value was seen, in their order. */
export type Track = readonly { readonly day: number; readonly seen: Seen }[];

export type Tracks = Readonly<Record<Category, ReadonlyMap<string, Track>>>;

/**
 * What days showed, value by value. Baselines of one subject as of one day after the other share
 * all days but one: that one alone is added.
 */
export class Chronicle {
  #buckets = new Map<number, DayBucket>();
  #tracks = noTracks();
  #latest = -Infinity;

  /** The last day it tells of. */
  get latest(): number {
    return this.#latest;
  }

  /** The tracks of these days; within the window they tell of them, and of no others. */
  of(days: Days, { first, asOfDay }: Window): Tracks {
    if (!this.#isOf(days, { first, asOfDay })) {
      this.#buckets = new Map();
      this.#tracks = noTracks();
      this.#latest = -Infinity;
    }
    for (let day = Math.max(first, this.#latest + 1); day < asOfDay; day += 1) {
      const bucket = days.get(day);
      if (bucket !== undefined) this.#add(day, bucket);
    }
    return this.#tracks;
  }

  /** Whether it tells of these days as far as it goes, and of not many before them. */
  #isOf(days: Days, { first, asOfDay }: Window): boolean {
    const [oldest = first] = this.#buckets.keys();
    if (oldest < first - (asOfDay - first)) return false;
    for (let day = first; day < asOfDay && day <= this.#latest; day += 1) {
      if (days.get(day) !== this.#buckets.get(day)) return false;
    }
    return true;
  }

  #add(day: number, bucket: DayBucket): void {
    this.#buckets.set(day, bucket);
    this.#latest = day;
    for (const category of categories) {
      const tracks = this.#tracks[category];
      for (const [value, seen] of bucket.values[category].entries) {
        const track = tracks.get(value);
        if (track === undefined) tracks.set(value, [{ day, seen }]);
        else track.push({ day, seen });
      }
    }
  }
}

function noTracks() {
  return byCategory(() => new Map<string, { readonly day: number; readonly seen: Seen }[]>());
}
