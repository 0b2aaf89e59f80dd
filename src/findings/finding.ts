import type { EntityType, Level } from "../detections/detection.ts";

/** What a finding is about: its dedup key is (rule, entity). */
export interface Entity {
  readonly type: EntityType;
  readonly id: string;
}

export type Confidence = "high" | "medium" | "low";

/**
 * A detection fired on an entity. Parts of it come from several groups and merge: counts add, first
 * is a minimum, last a maximum, evidence keeps the earliest. Instants in ms UTC.
 */
export interface FindingPart {
  /** Hash of rule and entity, hex. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly title: string;
  readonly level: Level;
  readonly confidence: Confidence;
  readonly because: string;
  readonly entity: Entity;
  readonly agent: { readonly name: string; readonly basis: string } | null;
  readonly role: { readonly arn: string; readonly mode: string } | null;
  readonly session: {
    readonly id: string;
    readonly arn: string | null;
    readonly name: string | null;
  } | null;
  readonly credential: { readonly accessKeyId: string } | null;
  readonly account: string | null;
  readonly firstEventAt: number;
  readonly lastEventAt: number;
  readonly eventCount: number;
  /** The earliest, bounded. */
  readonly evidence: readonly { readonly eventId: string; readonly at: number }[];
  /**
   * The deciding event's values by field or fact name: the worst event, the earliest among equals.
   */
  readonly values: Readonly<Record<string, unknown>>;
  /** When the deciding event happened, and its id: what `because` and `values` speak of. */
  readonly decidedAt: number;
  readonly decidedBy: string;
  readonly tags: readonly string[];
  /** ms UTC: since when what it says is over by itself. Absent: it is not, or nothing tells. */
  readonly overAt?: number | undefined;
}

export const verdicts = [
  "true-positive", "false-positive", "benign",
  "withdrawn", // nothing is left that it rests on
  "over", // what it says went by; nobody decided
] as const;
export type Verdict = (typeof verdicts)[number];

export interface Finding extends FindingPart {
  /** The fingerprint's first 16 hex digits. */
  readonly id: string;
  readonly status: "open" | "acknowledged" | "suppressed" | "closed";
  readonly verdict: Verdict | null;
  readonly note: string | null;
}

/** Findings a person accepted, with a reason and an end. Fields are globs; null matches all. */
export interface Suppression {
  readonly id: string;
  readonly rule: string | null;
  readonly entity: string | null;
  readonly agent: string | null;
  readonly account: string | null;
  readonly reason: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}
