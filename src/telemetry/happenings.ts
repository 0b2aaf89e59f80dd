import type { AuditRun } from "../audit/run.ts";
import type { Level } from "../detections/detection.ts";
import type { Access } from "../events/event.ts";
import type { EventResult } from "../events/result.ts";
import type { FindingChange } from "../findings/store.ts";
import type { Rejection } from "../records/record.ts";
import type { Attribution } from "../sessions/attribution.ts";
import type { DeliveryCounts } from "../sessions/store.ts";
import type { Poison } from "../sources/source.ts";
import type { RuleLevels } from "./labels.ts";
import type { BaselinesStanding } from "./baseline-metrics.ts";

/** What became of what a source handed over. A closed set: it is a metric label. */
export const deliveryOutcomes = ["committed", "known", "empty", "poison", "returned"] as const;
export type DeliveryOutcome = (typeof deliveryOutcomes)[number];

/** How a delivery ended. */
export interface Ended {
  /** As the source named it: for logs. */
  readonly name: string;
  readonly poison: Poison | null;
}

/** One transaction of the intake. Instants in ms UTC. */
export interface Commit {
  readonly deliveries: readonly CommittedDelivery[];
  readonly committedAt: number;
  /** How long the transaction took. */
  readonly seconds: number;
}

export interface CommittedDelivery {
  readonly source: string;
  readonly receivedAt: number;
  readonly counts: DeliveryCounts & { readonly rejections: readonly Rejection[] };
  /** Those never seen before. */
  readonly events: readonly FreshEvent[];
  /** Old on purpose: it disturbs neither rates nor lags. */
  readonly isBackfill?: boolean;
}

export interface FreshEvent {
  readonly at: number;
  readonly account: string | null;
  readonly region: string;
}

/** One round of judging. Instants in ms UTC. */
export interface Judged {
  /** Of events never counted before. */
  readonly tallies: readonly Tally[];
  readonly changes: readonly FindingChange[];
  /** When the first of what was judged became visible to us; null when that is not known. */
  readonly receivedAt: number | null;
  readonly judgedAt: number;
  readonly seconds: number;
  readonly isBackfill?: boolean;
}

export interface Tally {
  /** Null: no agent's. */
  readonly agent: string | null;
  /** Name, not ARN; null: no role's. */
  readonly role: string | null;
  readonly access: Access;
  readonly result: EventResult["outcome"];
  readonly count: number;
}

/** What stands at this moment: read anew at every scrape. */
export interface Standing {
  /** Sessions with a credential that has not expired. */
  readonly liveSessions: readonly {
    readonly agent: string | null;
    readonly status: Attribution["status"];
    readonly count: number;
  }[];
  readonly liveCredentials: readonly { readonly agent: string | null; readonly count: number }[];
  readonly openFindings: readonly {
    readonly rule: string;
    readonly level: Level;
    readonly count: number;
  }[];
  readonly credentialSeconds: readonly CredentialSeconds[];
  readonly baselines: BaselinesStanding;
  readonly storeBytes: number;
  /** The last run that was kept; null: there was none. */
  readonly audit: AuditRun | null;
  /** Messages not told yet. */
  readonly outbox: readonly { readonly receiver: string; readonly count: number }[];
}

/** Of an agent's credentials in one role. */
export interface CredentialSeconds {
  readonly agent: string;
  readonly roleArn: string | null;
  /** Valid now, though their task has ended. */
  readonly zombieCount: number;
  /** Of those issued within the last 24 hours. */
  readonly issuedSeconds: number;
  readonly usedSeconds: number;
  readonly zombieSeconds: number;
  readonly savedSeconds: number;
}

/** A config that was read again, and holds. */
export interface ConfigChange {
  readonly changed: readonly string[];
  /** Those of `changed` that wait for a restart. */
  readonly needRestart: readonly string[];
  /** Those in force from now on. */
  readonly rules: readonly RuleLevels[];
}

/** One answered request. */
export interface RequestEnded {
  /** The pattern, `/v1/sessions/:id`, never the path; null when none matched. */
  readonly route: string | null;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

