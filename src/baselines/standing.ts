import { hashOf } from "../sessions/spans.ts";
import type { Baseline } from "./baseline.ts";
import { scoreBinOf, type Histogram } from "./histogram.ts";
import { twoDigits } from "./tail.ts";

/** Where a session stands among the role's past ones, and whether the budget has room for it. */
export interface Standing {
  /** Past sessions it is compared with. */
  readonly of: number;
  /** How many of them were as strange, to within a bit, or stranger. */
  readonly asStrange: number;
  /** Uniform from 0 to 1 over sessions like the past ones. */
  readonly pValue: number;
  /** What the p-value must not exceed; null while there is too little to compare with. */
  readonly threshold: number | null;
  readonly isUnusual: boolean;
}

/** How many false alerts a role may give. */
export interface Budget {
  readonly alertsPerWeek: number;
}

/**
 * The conformal p-value of a score: its rank among the role's past sessions' scores, each by the
 * baseline of its own day, the session itself counted in; ties are broken by the hash of the
 * session's id, which makes it uniform (smoothed p-value: Vovk, Gammerman, Shafer 2005,
 * Algorithmic Learning in a Random World, 2.3). If the session is like the past ones, it is at
 * most `a` with probability `a`, whatever the score is made of.
 *
 * Whether it is unusual is decided without that luck: all that is as strange counts, to within a
 * bit (the same habit is stranger from day to day while the past grows), and something must be
 * strange at all. Over a week of `n` sessions a threshold of `budget / n` then gives at
 * most `budget` alerts, of all sessions of the level that judges. What breaks the promise is a role
 * that changes (by how much: Barber, Candès, Ramdas, Tibshirani 2023,
 * https://doi.org/10.1214/23-AOS2276); ranks are whole, which leaves some room for it.
 */
export function standingOf(
  { id, bits }: { readonly id: string; readonly bits: number },
  { baseline, scores, budget }: {
    readonly baseline: Baseline;
    readonly scores: Histogram;
    readonly budget: Budget;
  },
): Standing {
  const bin = scoreBinOf(bits);
  const leastBin = scoreBinOf(Math.max(0, bits - slackBits));
  let above = 0;
  let same = 0;
  let asStrange = 0;
  let of = 0;
  for (const [each, count] of scores) {
    of += count;
    if (each > bin) above += count;
    else if (each === bin) same += count;
    if (each >= leastBin) asStrange += count;
  }
  const luck = (hashOf(id) + 0.5) / 2 ** 32;
  const threshold = thresholdOf(baseline, of, budget);
  const atLeast = (1 + asStrange) / (of + 1);
  return {
    of,
    asStrange,
    pValue: twoDigits((above + luck * (same + 1)) / (of + 1)),
    threshold,
    isUnusual: threshold !== null && bits >= leastBits && atLeast <= threshold,
  };
}

/** Null where not even the strangest of all could be below it. */
export function thresholdOf(
  { sessions, span }: Baseline,
  compared: number,
  { alertsPerWeek }: Budget,
): number | null {
  const perWeek = (sessions / Math.max(1, span)) * 7;
  const wanted = Math.min(thresholdMax, alertsPerWeek / Math.max(1, perWeek));
  const least = 1 / (compared + 1);
  return least <= wanted ? wanted : null;
}

/** A role with three sessions a week need not be told of every third. */
const thresholdMax = 0.1;
/** A choice: below, a role that never varies would alert on next to nothing. */
const leastBits = 2;
/** A choice: a likelihood that differs by less than a factor of two wakes nobody. */
const slackBits = 1;
