import type { Hit } from "../detections/correlation.ts";
import type { Session } from "../sessions/session.ts";
import type { Finding, FindingPart, Suppression, Verdict } from "./finding.ts";

/** What judging one group gave: it replaces whatever judging that group gave before. */
export interface Judgement {
  readonly groupKey: string;
  readonly sessions: readonly Session[];
  readonly parts: readonly FindingPart[];
  readonly hits: readonly Hit[];
}

/** What became of a finding when groups were judged. */
export interface FindingChange {
  readonly what: "opened" | "worse" | "reopened" | "withdrawn" | "grown";
  readonly finding: FindingPart;
}

/** Who decided something, and when (ms UTC): kept in the audit log with what and why. */
export interface Decider {
  /** e.g. `token:alice`, `cli:root` */
  readonly actor: string;
  readonly at: number;
}

/** One line of the audit log. */
export interface AuditEntry extends Decider {
  readonly id: number;
  /** e.g. `finding.acknowledge` */
  readonly action: string;
  readonly subject: string;
  readonly reason: string;
}

export interface Decision {
  readonly verdict: Verdict;
  readonly note: string;
}

export interface FindingStore {
  /**
   * Replaces the groups' sessions, parts and hits, unmarks them, and merges the findings they
   * touch, in one transaction. A group that was marked again since `dirtyGroups` gave it stays
   * marked. A group that is none (say, `correlations`) may hold parts too.
   *
   * A finding left without parts is closed as `withdrawn`. When parts return, it is open again, or
   * closed with the verdict a person had given. Its life cycle is otherwise kept.
   *
   * What changed is left in the outbox too, in the same transaction.
   *
   * @param announceFrom ms UTC: findings whose last event is older are not left there; nobody is
   *   told of what a backfill finds. Absent: all are.
   */
  judged(
    judgements: readonly Judgement[],
    announceFrom?: number,
  ): Promise<readonly FindingChange[]>;
  /** Hits of these rules, ordered by time, then event key. */
  hits(ruleIds: readonly string[]): AsyncIterable<readonly Hit[]>;
  /**
   * Findings by level (worst first), then last event time (latest first), then id. Those not closed
   * are `suppressed` while a suppression that matches has not expired at `asOf`; without `asOf`,
   * when their own last event happened.
   */
  findings(asOf?: number): AsyncIterable<readonly Finding[]>;
  finding(idPrefix: string, asOf?: number): Promise<readonly Finding[]>;
  /** False when there is no such finding, or it is closed. */
  acknowledge(id: string, note: string, by: Decider): Promise<boolean>;
  /** False when there is no such finding. Closing again replaces verdict and note. */
  closeFinding(id: string, decision: Decision, by: Decider): Promise<boolean>;
  /** Adds a suppression, or replaces the one of that id. */
  suppress(suppression: Suppression, by: Decider): Promise<void>;
  /** The oldest first, expired ones too. */
  suppressions(): Promise<readonly Suppression[]>;
  unsuppress(id: string, reason: string, by: Decider): Promise<boolean>;
  /** The latest first, after `before` (an entry's id) where that is given. */
  auditLog(limit: number, before?: number): Promise<readonly AuditEntry[]>;
}
