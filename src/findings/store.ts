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
}

/** What became of a finding. */
export interface FindingChange {
  /**
   * `worse`: its level rose. `grown`: more events, the rest as it was or no worse. `revised`:
   * anything else in it changed.
   */
  readonly became: "opened" | "worse" | "grown" | "revised" | "reopened" | "withdrawn";
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
   */
  judged(judgements: readonly Judgement[]): Promise<Judged>;
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
  acknowledge(id: string, note: string): Promise<boolean>;
  /** False when there is no such finding. Closing again replaces verdict and note. */
  closeFinding(id: string, verdict: Verdict, note: string): Promise<boolean>;
  /** Adds a suppression, or replaces the one of that id. */
  suppress(suppression: Suppression): Promise<void>;
  /** The oldest first, expired ones too. */
  suppressions(): Promise<readonly Suppression[]>;
  unsuppress(id: string): Promise<boolean>;
}
