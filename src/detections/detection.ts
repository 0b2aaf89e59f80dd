import type { Call, FactValue } from "../facts/fact.ts";
import type { RawRecord } from "../records/record.ts";
import type { Gate } from "./gates.ts";

/**
 * Sigma's levels, least first.
 * https://sigmahq.io/sigma-specification/specification/sigma-rules-specification.html
 */
export const levels = ["informational", "low", "medium", "high", "critical"] as const;
export type Level = (typeof levels)[number];

/** What a finding can be about. */
export const entityTypes = [
  "session",
  "credential",
  "role",
  "agent",
  "account",
  "principal",
  "event",
  "task",
  "source",
  "correlation",
] as const;
export type EntityType = (typeof entityTypes)[number];

/** What a rule is matched against: the record's own fields, and the facts of its context. */
export interface Subject {
  readonly record: RawRecord;
  /** Computed on first use; a name outside the catalogue never reaches here (it fails at load). */
  fact(name: string): FactValue;
}

/** What a rule says of itself, whether it looks at one event or correlates several. */
export interface RuleHead {
  /** The rule's UUID where it has one, else its name. */
  readonly id: string;
  /** `name`, or else `id`: what findings and people call it. */
  readonly name: string;
  readonly title: string;
  readonly status: string | null;
  readonly description: string | null;
  /** `medium` where the rule names none. */
  readonly level: Level;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly references: readonly string[];
  readonly file: string;
  /** What its findings are about; a foreign rule's default is `session`. */
  readonly entity: EntityType;
  /** A sentence with `{fact.or.field}` places; null in foreign rules (the title serves). */
  readonly because: string | null;
  /** fact or group-by field -> value -> level; the first that holds replaces `level`. */
  readonly levelWhen: Readonly<Record<string, Readonly<Record<string, Level>>>>;
  readonly blindSpots: readonly string[];
  /** False where a correlation speaks for it (Sigma `generate: false`). */
  readonly raises: boolean;
}

/** A loaded Sigma rule (ours or foreign), compiled. */
export interface Detection extends RuleHead {
  /** What it is about: calls, or what becomes true of tasks or sources without one. */
  readonly log: "cloudtrail" | "tasks" | "sources";
  /**
   * Rules that need an attributed agent, task or mode are not applied elsewhere: they say so by
   * their facts.
   */
  readonly usedFacts: readonly string[];
  readonly usedFields: readonly string[];
  /**
   * Lower-case eventSource and eventName values outside which it cannot match; null when unknown.
   */
  readonly sources: readonly string[] | null;
  readonly names: readonly string[] | null;
  /** Whether it speaks of unusual sessions alone: within the false-alert budget of the role. */
  readonly isBudgeted: boolean;
  /**
   * What must hold of session and credential for it to match: where one of these does not, no call
   * made with the credential needs to be asked about.
   */
  readonly gates: readonly Gate[];
  /** Whether it may match a call of this name at all. */
  readonly mayMatch: (call: Call) => boolean;
  readonly matches: (subject: Subject) => boolean;
}

/** Something wrong, or doubtful, in a rule file. */
export interface RuleProblem {
  readonly severity: "error" | "warning";
  readonly file: string;
  /** From 1; null when the problem is the whole file's. */
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}
