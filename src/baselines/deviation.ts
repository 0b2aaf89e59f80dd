import type { Baseline } from "./baseline.ts";
import { scoreOf } from "./session-score.ts";
import { standingOf, type Budget, type Standing } from "./standing.ts";
import type { Traits } from "./traits.ts";

/** The baselines that may judge a subject's sessions of one day, from its own to the fleet's. */
export interface Levels {
  /** Of agent and role, then of the role: mature or not. */
  readonly own: readonly Baseline[];
  /** Of the agent's kind; of the fleet too where that is not mature. */
  readonly above: readonly Baseline[];
}

/** What is said of a session by comparison. */
export interface Deviation {
  /** What judged: the first that is mature; null where not even the fleet is. */
  readonly baseline: Baseline | null;
  readonly confidence: "high" | "medium" | "low";
  /** How strange it is as a whole, in bits; see `session-score.ts`. */
  readonly score: number | null;
  readonly standing: Standing | null;
  /** What the session gives its day, whoever judged it; see `Contribution`. */
  readonly learned: { readonly score: number | null; readonly scoreAbove: number | null };
}

/**
 * Compares a session with the past: with its own role's where that is mature, and else, with low
 * confidence, with its kind's or the fleet's.
 */
export function deviationOf(
  session: { readonly id: string; readonly traits: Traits },
  { own, above }: Levels,
  budget: Budget,
): Deviation {
  const scorer = own.find(({ isMature }) => isMature) ?? null;
  const cold = above.find(({ isMature }) => isMature) ?? null;
  const byOwn = scorer === null ? null : scoreOf(session.traits, scorer);
  const byCold = cold === null ? null : scoreOf(session.traits, cold);
  const learned = { score: byOwn, scoreAbove: byCold };
  const isOwn = scorer?.canRank === true;
  const baseline = isOwn ? scorer : cold;
  const score = isOwn ? byOwn : byCold;
  if (baseline === null || score === null) {
    return { baseline, confidence: "low", score, standing: null, learned };
  }
  const scores = isOwn ? baseline.scores : baseline.scoresAbove;
  return {
    baseline,
    confidence: isOwn ? (baseline.level === "agent" ? "high" : "medium") : "low",
    score,
    standing: standingOf({ id: session.id, bits: score }, { baseline, scores, budget }),
    learned,
  };
}
