import type { Chronicle, Days, Tracks } from "./chronicle.ts";
import { byCategory } from "./day-bucket.ts";
import type { SubjectCounts } from "./incidences.ts";
import { isSeenIn, type Window } from "./track.ts";
import { categories, type Category } from "./traits.ts";

/** A subject's days, and the chronicle that tells of them alone. */
export interface Told {
  readonly days: Days;
  readonly chronicle: Chronicle;
}

/**
 * How many subjects showed each value within a window. From one day to the next only what a subject
 * showed on the day that leaves, or on that which enters, can make a difference.
 */
export class CountedSubjects {
  #window: Window = { first: 0, asOfDay: 0 };
  #counted = new Map<Chronicle, Tracks>();
  readonly #counts = byCategory(() => new Map<string, number>());

  within(window: Window, subjects: readonly Told[]): SubjectCounts {
    const before = this.#counted;
    const isNext = window.first === this.#window.first + 1 &&
      window.asOfDay === this.#window.asOfDay + 1;
    this.#counted = new Map();
    for (const { days, chronicle } of subjects) {
      const tracks = chronicle.of([days], window);
      this.#counted.set(chronicle, tracks);
      if (isNext && before.get(chronicle) === tracks) {
        this.#goOn(chronicle, tracks, window);
        before.delete(chronicle);
      } else {
        this.#addAll(tracks, window, 1);
      }
    }
    for (const tracks of before.values()) this.#addAll(tracks, this.#window, -1);
    this.#window = window;
    return byCategory((category) => new Map(this.#counts[category]));
  }

  #goOn(chronicle: Chronicle, { values }: Tracks, window: Window): void {
    for (const day of [this.#window.first, this.#window.asOfDay]) {
      for (const bucket of chronicle.on(day)) {
        for (const category of categories) {
          for (const [value] of bucket.values[category].entries) {
            const track = values[category].get(value) ?? [];
            const change = Number(isSeenIn(track, window)) - Number(isSeenIn(track, this.#window));
            if (change !== 0) this.#add(category, value, change);
          }
        }
      }
    }
  }

  #addAll({ values }: Tracks, window: Window, change: number): void {
    for (const category of categories) {
      values[category].forEach((track, value) => {
        if (isSeenIn(track, window)) this.#add(category, value, change);
      });
    }
  }

  #add(category: Category, value: string, change: number): void {
    const counts = this.#counts[category];
    const count = (counts.get(value) ?? 0) + change;
    if (count === 0) counts.delete(value);
    else counts.set(value, count);
  }
}
