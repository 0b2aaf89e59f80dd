import type { Learnable } from "../baselines/store.ts";
import type { Hit } from "../detections/correlation.ts";
import type { Session } from "../sessions/session.ts";
import type { Finding, FindingPart, Suppression, Verdict } from "./finding.ts";

/** What judging one group gave: it replaces whatever judging that group gave before. */
export interface Judgement {
  readonly groupKey: string;
  /** Of the group, as it was read to be judged. Absent: taken whatever happened since. */
  readonly revision?: number;
  /**
   * Whether it only adds: sessions and parts that came or changed, and hits that came, since the
   * judgement that left the group at this revision, or at one that only its saved states raised.
   */
  readonly isAddition?: boolean;
  readonly sessions: readonly Session[];
  readonly parts: readonly FindingPart[];
  readonly hits: readonly Hit[];
  /** Of the same sessions, what baselines learn; absent where there are none to learn from. */
  readonly learnables?: readonly Learnable[];
  /**
   * What baselines it was judged by (`BaselineStore.baselinesVersion`): where others are learned by
   * now, it is kept, and its group marked again.
   */
  readonly baselinesVersion?: number;
}

/** What became of a finding. */
export interface FindingChange {
  /**
   * `worse`: its level rose. `grown`: more events, the rest as it was or no worse. `revised`:
   * anything else in it changed.
   */
  readonly what: "opened" | "worse" | "grown" | "revised" | "reopened" | "withdrawn";
  readonly finding: Finding;
}

export interface Judged {
  readonly changes: readonly FindingChange[];
  /**
   * The new revisions of the groups whose judgement rests on what is stored now. The rest have
   * changed since they were read: they are marked, or somebody judged them later.
   */
  readonly revisions: ReadonlyMap<string, number>;
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
   * Puts the groups' sessions, parts and hits in the place of those before, unmarks them, and
   * merges the findings they touch, in one transaction. Of a group that changed since it was read,
   * and is marked for it, a whole judgement is kept and the mark stays; an addition is not kept,
   * nor is what a later judgement has overtaken. A group that is none (say, `correlations`) may
   * hold parts too.
   *
   * A finding left without parts is closed as `withdrawn`. When parts return, it is open again, or
   * closed with the verdict a person had given. Its life cycle is otherwise kept.
   *
   * What changed is left in the outbox too, in the same transaction.
   *
   * @param announceFrom ms UTC: findings whose last event is older are not left there; nobody is
   *   told of what a backfill finds. Absent: all are.
   */
  judged(judgements: readonly Judgement[], announceFrom?: number): Promise<Judged>;
  /** Of a group that holds parts; 0 before it does. */
  revisionOf(groupKey: string): Promise<number>;
  /** A number that grows whenever hits of these rules come, go or change. */
  hitsVersion(ruleIds: readonly string[]): Promise<number>;
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
