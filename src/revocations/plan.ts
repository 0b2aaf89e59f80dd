import type { Mode } from "../sessions/attribution.ts";
import type { Session } from "../sessions/session.ts";
import type { Denial } from "./denial.ts";
import type { Widening } from "./fit.ts";
import type { Place } from "./place.ts";
import type { KeyStatus } from "./role-gate.ts";
import type { Refusal } from "./refusal.ts";
import type { Target } from "./target.ts";

/** What would be done, to whom, and what it would not do. Decides nothing about whether it is. */
export interface Plan {
  readonly target: Target;
  readonly changes: readonly Change[];
  /** What was asked for and cannot be; all of it where there are no changes. */
  readonly refusals: readonly Refusal[];
  /** The blast radius: every session known to live that loses access. */
  readonly hits: readonly HitSession[];
  /** Sentences. */
  readonly doesNotStop: readonly string[];
  readonly wayBack: readonly string[];
  /** ms UTC: no credential that it is for can be valid any longer; null: a key has no end. */
  readonly endsAt: number | null;
  /** ms UTC: when it can be taken out again; null: when somebody says so. */
  readonly removableAt: number | null;
}

export type Change = RoleChange | KeyChange;

/** Denials for sessions of one role, and the whole policy with them. */
export interface RoleChange {
  readonly kind: "deny";
  readonly roleArn: string;
  readonly place: Place;
  readonly denials: readonly Denial[];
  readonly widening: Widening;
  readonly because: readonly string[];
  /** The policy after it, as text. */
  readonly document: string | null;
  /** Whether a managed policy has to be attached to the role first. */
  readonly attach: boolean;
  /** False: AWS was not asked what else stands there, so that it may not fit. */
  readonly isSeen: boolean;
}

/** A long-term key of an IAM user, switched off. */
export interface KeyChange {
  readonly kind: "key";
  readonly account: string;
  readonly userName: string;
  readonly accessKeyId: string;
  /** What it was before: undoing goes back to that. Null: AWS was not asked. */
  readonly before: KeyStatus | null;
  readonly because: readonly string[];
}

export interface HitSession {
  readonly id: string;
  /** Untrusted text. */
  readonly name: string | null;
  readonly roleArn: string | null;
  readonly agent: string | null;
  readonly mode: Mode;
  /** `descendant`: assumed from one that is meant. `bystander`: cannot be told apart. */
  readonly as: "meant" | "descendant" | "bystander";
  /** ms UTC. */
  readonly endsAt: number;
}

/** Sessions, told apart by what they are to a plan. */
export interface Concerned {
  readonly meant: readonly Session[];
  readonly descendants: readonly Session[];
  /** All that live. */
  readonly live: readonly Session[];
}
