import type { Budget } from "./standing.ts";
import type { Contribution } from "./day-bucket.ts";
import type { Placing } from "./placing.ts";
import type { Past } from "./levels.ts";
import type { Memory } from "./baseline.ts";
import type { RoleAndAgent, Subject } from "./subject.ts";

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
  readonly placing: Placing;
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
export type Again = Pick<Learnable, "sight" | "placing">
  & Pick<Contribution, "score" | "scoreAbove">;

/** Someone whose sessions are compared, and since a reset the first day that counts. */
export type KnownSubject = Pick<Past, "subject" | "from">;

/** A session as it was compared last. */
export interface ComparedSession extends Pick<Learnable, "sessionId" | "day" | "placing"> {
  /** In bits; null while its role's own past was too short. */
  readonly score: number | null;
  /** The findings for which nothing is learned of it. */
  readonly heldBy: readonly {
    readonly id: string;
    readonly rule: string;
    readonly level: string;
  }[];
}

/** Of whom one chooses sessions, and which. */
export interface ComparedFilter {
  readonly subject: RoleAndAgent;
  readonly fromDay: number;
  readonly limit: number;
  /** Only those that nothing is learned of. */
  readonly isHeld?: boolean;
}

/** A decision about what counts, and for how long sessions after it may see that. */
export interface BaselineDecision {
  readonly windowDays: number;
  readonly reason: string;
  /** Who, and when, ms UTC. */
  readonly by: { readonly actor: string; readonly at: number };
}

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
  /** Everyone with sessions, or a past, by role and agent. */
  baselineSubjects(): Promise<readonly KnownSubject[]>;
  /** The latest days first. */
  comparedSessions(filter: ComparedFilter): Promise<readonly ComparedSession[]>;
  /** Sessions that began since then (ms UTC), at most so many of them, the latest. */
  sessionsSince(
    since: number, limit: number,
  ): Promise<readonly Pick<Learnable, "subject" | "contribution" | "placing">[]>;
  /**
   * Keeps a past for days on which nothing was learned here; days that it has already are replaced.
   * Sessions of the `windowDays` after what is new are to be compared again. Logged.
   *
   * @returns how many days are other than before
   */
  importPast(
    past: Pick<Past, "subject" | "days">, decision: BaselineDecision,
  ): Promise<number>;
  /**
   * From that day on, days before it do not count for this subject; replaces an earlier reset.
   * Sessions of the `windowDays` after either are to be compared again. Logged.
   *
   * @returns false where there is no such subject
   */
  resetBaseline(
    subject: RoleAndAgent, fromDay: number, decision: BaselineDecision,
  ): Promise<boolean>;
}
