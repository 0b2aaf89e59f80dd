import type { Finding } from "../findings/finding.ts";

/** What a receiver is told of a finding, and why now. */
export interface Word {
  /** Higher than that of any earlier word; the same word told twice has the same. */
  readonly seq: number;
  /** `high open`, `high closed true-positive`, `withdrawn`: what changed since the last word. */
  readonly version: string;
  readonly finding: Finding;
}

/** Somebody who is told every word on a finding, as it comes. */
export interface Sink {
  /** As the config names it. */
  readonly name: string;
  /** How many words one call takes. */
  readonly atOnce: number;
  /**
   * All or nothing, in their order. What it throws is tried again, so that a word may come twice,
   * and none is left out.
   */
  tell(words: readonly Word[]): Promise<void>;
}
