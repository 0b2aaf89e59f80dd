import { Chronicle } from "./chronicle.ts";
import { CountedSubjects } from "./counted-subjects.ts";

/** What baselines as of one day leave for those as of another; the same by the same name. */
export class Chronicles {
  readonly #chronicles = new Map<string, Chronicle>();
  readonly #counted = new Map<string, CountedSubjects>();

  of(name: string): Chronicle {
    return madeOnce(this.#chronicles, name, () => new Chronicle());
  }

  counted(name: string): CountedSubjects {
    return madeOnce(this.#counted, name, () => new CountedSubjects());
  }

  /** Lets go of what was not asked for since. */
  forgetBefore(day: number): void {
    for (const [name, { until }] of this.#chronicles) {
      if (until < day) this.#chronicles.delete(name);
    }
  }
}

function madeOnce<T>(known: Map<string, T>, name: string, make: () => T): T {
  const before = known.get(name);
  if (before !== undefined) return before;
  const made = make();
  known.set(name, made);
  return made;
}
