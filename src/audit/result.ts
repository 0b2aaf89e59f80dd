import type { Config } from "../config/schema.ts";
import { matchesGlob } from "../sessions/glob.ts";
import type { Judgement } from "./judge-account.ts";

/** What somebody decided to live with, for some time. */
export interface Acceptance {
  readonly reason: string;
  /** Its last day, in UTC: `2026-12-31`. */
  readonly until: string;
}

/** A judgement, and what the run before knew of it. */
export interface Result extends Judgement {
  /**
   * Of a failure: `new`, `open` since an earlier run, or `carried`: it failed earlier, and could
   * not be judged this time. Null: it did not fail, or is accepted.
   */
  readonly change: "new" | "open" | "carried" | null;
  /** When it was first found failing, ms UTC; null: it did not fail. */
  readonly since: number | null;
  readonly accepted: Acceptance | null;
}

export interface Compared {
  readonly results: readonly Result[];
  /** Failures of the run before that are none any more. */
  readonly fixed: readonly Result[];
  /** Failures of earlier runs of which nobody knows. */
  readonly carried: readonly Result[];
}

export interface Comparing {
  /** Failures that the run before left, accepted ones too; null: there was none. */
  readonly before: readonly Result[] | null;
  readonly accepted: Config["audit"]["accepted"];
  /** As of when the judgements are, ms UTC. */
  readonly at: number;
  /** Accounts of which it is known who there is: who is not among them is gone. */
  readonly known: ReadonlySet<string>;
}

/** Whether somebody has to do something about it. */
export function isOpen({ result, accepted }: Result): boolean {
  return result === "fail" && accepted === null;
}

/** Judgements beside what the run before found. */
export function compared(judgements: readonly Judgement[], comparing: Comparing): Compared {
  const { before, at } = comparing;
  const earlier = new Map((before ?? []).map((one) => [keyOf(one), one]));
  const results = judgements.map((judgement): Result => {
    if (judgement.result !== "fail") {
      return { ...judgement, change: null, since: null, accepted: null };
    }
    const then = earlier.get(keyOf(judgement));
    const accepted = acceptanceOf(judgement, comparing);
    const isOld = then !== undefined && isOpen(then);
    const change = accepted !== null ? null : isOld ? "open" : "new";
    return { ...judgement, change, since: then?.since ?? at, accepted };
  });
  const now = new Map(judgements.map((one) => [keyOf(one), one.result]));
  const left = [...earlier].filter(([key]) => now.get(key) !== "fail");
  const isFixed = ([key, { account }]: readonly [string, Result]) =>
    now.get(key) === "pass" ||
    (!now.has(key) && (account === null || comparing.known.has(account)));
  return {
    results,
    fixed: left.filter(isFixed).map(([, one]) => one).filter(isOpen),
    carried: left.filter((one) => !isFixed(one)).map(([, one]) => {
      const accepted = acceptanceOf(one, comparing);
      return { ...one, accepted, change: accepted === null ? "carried" : null };
    }),
  };
}

function keyOf({ check, account, subject }: Judgement): string {
  return JSON.stringify([check, account, subject]);
}

/** The first that fits and has not run out. */
function acceptanceOf(
  { check, account, subject }: Judgement,
  { accepted, at }: Comparing,
): Acceptance | null {
  const today = new Date(at).toISOString().slice(0, 10);
  const found = accepted.find((one) =>
    one.check === check && today <= one.until &&
    (one.account === undefined || one.account === account) &&
    matchesGlob(one.subject, subject ?? ""));
  return found === undefined ? null : { reason: found.reason, until: found.until };
}
