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
   * Replaces the groups' sessions, parts and hits, unmarks them, and merges the findings they touch, in one
   * transaction. A finding left without parts is closed as `withdrawn`; its life cycle is otherwise kept.
   */
  judged(judgements: readonly Judgement[]): Promise<void>;
  /** Hits of these rules, ordered by time, then event key. */
  hits(ruleIds: readonly string[]): AsyncIterable<readonly Hit[]>;
  /** Findings by level (worst first), then last event time (latest first), then id. */
  findings(): AsyncIterable<readonly Finding[]>;
  finding(idPrefix: string): Promise<readonly Finding[]>;
  acknowledge(id: string, note: string): Promise<boolean>;
  close(id: string, verdict: Verdict, note: string): Promise<boolean>;
  suppress(suppression: Suppression): Promise<void>;
  suppressions(): Promise<readonly Suppression[]>;
  unsuppress(id: string): Promise<boolean>;
}
