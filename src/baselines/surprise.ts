import { memoiseOf } from "../events/memo.ts";
import { hashOf } from "../sessions/spans.ts";
import type { Baseline } from "./baseline.ts";
import type { Incidences } from "./incidences.ts";
import type { Category } from "./traits.ts";

/** How strange it is that a session shows a value. */
export interface Surprise {
  /** -log2 of its probability, in tenths. */
  readonly bits: number;
  /** Sessions in the window that showed it. */
  readonly sessions: number;
  /** Null where the baseline does not know: it keeps no more than so many values. */
  readonly isFirst: boolean | null;
}

/**
 * Surprise in bits, `-log2 p(value in a session)` (Shannon 1948, https://doi.org/bq87).
 *
 * p of a value that was seen is its share of the sessions, as the baseline weighs them, with one
 * more session that did not show it: `c / (n + 1)`.
 *
 * p of one that was not: that the session shows anything new, times that, of all that is new, it is
 * this (back-off; Katz 1987, https://doi.org/10.1109/TASSP.1987.1165125). The former is
 * Good-Turing's estimate for samples that are sets: the values that were in one session only, by
 * the number of sessions (Good 1953, https://doi.org/10.1093/biomet/40.3-4.237; with sets as
 * sampling units: Chao, Colwell 2017, https://doi.org/10.2436/20.8080.02.49), with half a value
 * more (Krichevsky-Trofimov) so that a role without any is not certain. The latter is `shareAbove`.
 */
export class Surprises {
  readonly #baseline: Baseline;
  readonly #known: Partial<Record<Category, Map<string, Surprise>>> = {};

  constructor(baseline: Baseline) {
    this.#baseline = baseline;
  }

  of(category: Category, value: string): Surprise {
    const known = this.#known[category] ??= new Map();
    const before = known.get(value);
    if (before !== undefined) return before;
    const seen = this.#baseline.values[category].of(value);
    const sessions = seen?.sessions ?? 0;
    const probability = this.#probabilityOf(category, value, seen?.weight ?? 0);
    const surprise: Surprise = {
      bits: Math.round(-10 * Math.log2(probability)) / 10,
      sessions,
      isFirst: sessions > 0 ? false : isKnownOf(this.#baseline, category, value) ? true : null,
    };
    if (known.size < rememberedMax) known.set(value, surprise);
    return surprise;
  }

  /** That the session shows the value, which has this weight among past ones. */
  #probabilityOf(category: Category, value: string, ofValue: number): number {
    const { values, sessions, weight, above } = this.#baseline;
    const fresh = Math.min(1, (values[category].onceCount + 0.5) / (sessions + 1));
    const share = ofValue / (weight + 1);
    // No share of what is new is more than all of it.
    return share >= fresh ? share : Math.max(share, fresh * shareAbove(above, category, value));
  }
}

export const surprisesOf = memoiseOf((baseline: Baseline) => new Surprises(baseline));

export function surpriseOf(baseline: Baseline, category: Category, value: string): Surprise {
  return surprisesOf(baseline).of(category, value);
}

/** Hostile values are ever new: past this they are computed each time. */
const rememberedMax = 4096;

/** Whether the baseline would know if it had seen the value. */
function isKnownOf({ values }: Baseline, category: Category, value: string): boolean {
  const { knownBelow } = values[category];
  return knownBelow === Infinity || hashOf(value) <= knownBelow;
}

/**
 * Of all that may be new to a role, the share of one value: by how many other roles show it, and
 * else one of all that no role shows. Good-Turing again, with roles as samples: what one role alone
 * shows is the share of what none does yet. In whole bits, so that what happens in other roles
 * seldom changes it.
 */
function shareAbove(others: Incidences | null, category: Category, value: string): number {
  if (others === null) return openWorld[category];
  const { aloneCount, count } = others.total(category);
  const shownBy = others.of(category, value);
  const share = shownBy > 0
    ? shownBy / (count + 1)
    : ((aloneCount + 0.5) / (count + 1)) * shareAbove(others.above, category, value);
  return 2 ** Math.round(Math.log2(share));
}

/**
 * Of all values nobody ever showed, the share of one, in powers of two: one of AWS's 18,000
 * actions, 400 services, 34 regions, nine access classes. Of networks, clients, errors and names
 * there is no end, and an hour is like the ones next to it: choices.
 */
const openWorld: Readonly<Record<Category, number>> = {
  operation: 2 ** -14,
  service: 2 ** -8,
  access: 2 ** -3,
  region: 2 ** -5,
  network: 2 ** -10,
  userAgent: 2 ** -6,
  error: 2 ** -6,
  resource: 2 ** -10,
  hour: 2 ** -3,
};
