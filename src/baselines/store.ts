import type { Budget } from "./standing.ts";
import type { Contribution } from "./day-bucket.ts";
import type { Past } from "./levels.ts";
import type { Memory } from "./baseline.ts";
import type { Subject } from "./subject.ts";

/** How baselines are made and judged by. */
export interface BaselineSettings {
  readonly memory: Memory;
  readonly budget: Budget;
}

/** What judging a session leaves for the baseline of its role. */
export interface Learnable {
  readonly sessionId: string;
  readonly subject: Subject;
  readonly day: number;
  readonly contribution: Contribution;
  /** What rules could see: see `sight.ts`. */
  readonly sight: string;
  /** Fingerprints of its findings of high or above. */
  readonly blemishes: readonly string[];
}

/** Days count since the epoch, UTC. */
export interface LearningStep {
  /** `learn`: make buckets of that day anew. `compare`: its sessions with what came before. */
  readonly what: "learn" | "compare";
  readonly day: number;
}

/** What a session that is compared again comes to. */
export type Again = Pick<Learnable, "sight"> & Pick<Contribution, "score" | "scoreAbove">;

export interface BaselineStore {
  /** A number that grows with every change of what baselines are made of. */
  baselinesVersion(): Promise<number>;
  /** What was learned on the days from `from` to before `until`, of every subject. */
  pasts(from: number, until: number): Promise<readonly Past[]>;
  /**
   * The earliest step that is to be done before that day can be judged; null when there is none.
   *
   * @param beforeDay null: the latest that has sessions; its buckets wait, nobody asks for them yet
   */
  nextLearning(beforeDay: number | null): Promise<LearningStep | null>;
  /**
   * Makes that day's buckets anew, of what their sessions give now. Where one is other than before,
   * the sessions of the `windowDays` after are to be compared again.
   */
  learn(day: number, windowDays: number): Promise<void>;
  /**
   * Compares that day's sessions again, with levels made of what was learned by `version`. What
   * they give changes; groups of those that rules would see otherwise are marked.
   *
   * @returns false where something was learned since that version: to be done again
   */
  compare(
    { day, version }: { readonly day: number; readonly version: number },
    again: (session: Pick<Learnable, "sessionId" | "subject" | "contribution">) => Again,
  ): Promise<boolean>;
}
