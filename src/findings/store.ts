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

export interface FindingStore {
  /**
   * Replaces the groups' sessions, parts and hits, unmarks them, and merges the findings they
   * touch, in one transaction. A group that was marked again since `dirtyGroups` gave it stays
   * marked. A group that is none (say, `correlations`) may hold parts too.
   *
   * A finding left without parts is closed as `withdrawn`. When parts return, it is open again, or
   * closed with the verdict a person had given. Its life cycle is otherwise kept.
   */
  judged(judgements: readonly Judgement[]): Promise<void>;
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
