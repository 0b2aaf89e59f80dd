import { byCategory } from "./day-bucket.ts";
import type { Category } from "./traits.ts";

/** How many subjects show each value. */
export type SubjectCounts = Readonly<Record<Category, ReadonlyMap<string, number>>>;

/** What several subjects show, asked about what is new to one of them. */
export class Incidences {
  readonly #counts: SubjectCounts;
  readonly #totals = new Map<Category, Total>();
  /** Of more subjects than these; null at the top. */
  readonly above: Incidences | null;

  constructor(counts: SubjectCounts, above: Incidences | null) {
    this.#counts = counts;
    this.above = above;
  }

  /** How many subjects show a value. */
  of(category: Category, value: string): number {
    return this.#counts[category].get(value) ?? 0;
  }

  total(category: Category): Total {
    const before = this.#totals.get(category);
    if (before !== undefined) return before;
    const total = { aloneCount: 0, count: 0 };
    for (const count of this.#counts[category].values()) {
      if (count === 1) total.aloneCount += 1;
      total.count += count;
    }
    this.#totals.set(category, total);
    return total;
  }
}

export interface Total {
  /** How many values one subject alone shows. */
  readonly aloneCount: number;
  /** How many values each shows, summed. */
  readonly count: number;
}

/** Of different subjects. */
export function together(all: readonly SubjectCounts[]): SubjectCounts {
  return byCategory((category) => {
    const sum = new Map<string, number>();
    for (const counted of all) {
      for (const [value, count] of counted[category]) {
        sum.set(value, (sum.get(value) ?? 0) + count);
      }
    }
    return sum;
  });
}
