import type { Deviation } from "./deviation.ts";

/** What is kept of how a session stood among its role's past when it was judged. */
export interface Placing {
  /** Null where nobody's past could judge it. */
  readonly pValue: number | null;
  readonly isUnusual: boolean;
  readonly confidence: Deviation["confidence"];
}

export function placingOf({ standing, confidence }: Deviation): Placing {
  return {
    pValue: standing?.pValue ?? null,
    isUnusual: standing?.isUnusual ?? false,
    confidence,
  };
}

/** `learning`: its role had no past yet that could judge it, whoever else's did. */
export const standings = ["learning", "usual", "odd", "unusual"] as const;
export type StandingName = (typeof standings)[number];

export function standingName({ pValue, isUnusual, confidence }: Placing): StandingName {
  if (confidence === "low" || pValue === null) return "learning";
  if (isUnusual) return "unusual";
  return pValue <= oddMax ? "odd" : "usual";
}

/** One session in ten of a role that behaves as ever. */
const oddMax = 0.1;
