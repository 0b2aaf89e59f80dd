import type { Level } from "../detections/detection.ts";
import { printable } from "../text/printable.ts";
import type { Observed } from "./observed.ts";
import type { Permissions } from "./permissions.ts";
import type { AgentSubject, RoleSubject, SeenRole, UserSubject } from "./subject.ts";

/** How to mend it, to be read and then run. */
export interface Remedy {
  /** A line for AWS's CLI, a policy document to take over, or lines of our own config. */
  readonly kind: "cli" | "policy" | "config";
  readonly text: string;
}

/** What a check says of one subject. */
export interface Verdict {
  readonly result: "pass" | "fail" | "unknown";
  /** One sentence, with the values that decided. */
  readonly because: string;
  /** The values themselves, by name. */
  readonly evidence: Readonly<Record<string, unknown>>;
  /** Of what failed. */
  readonly remedy: Remedy | null;
}

/** What a check may lean on beside its subject. */
export interface Setting {
  /** ms UTC */
  readonly now: number;
  /** So long without use is too long. */
  readonly unusedDays: number;
  /** So young, an identity may still wait for its first use. */
  readonly newDays: number;
  readonly keyAgeDays: number;
  /** What has been watched for less proves no permission unused. */
  readonly watchedDays: number;
  /** Of the policy that revocations write into; null where there is none. */
  readonly denyPolicyName: string | null;
}

export interface Check<S> {
  /** Its file's name. */
  readonly name: string;
  readonly title: string;
  /** Of its failure. */
  readonly level: Level;
  readonly judge: (subject: S, setting: Setting) => Verdict;
}

export type RoleCheck = Check<RoleSubject>;
/** One that our own history answers, without IAM. */
export type SeenRoleCheck = Check<SeenRole>;
export type UserCheck = Check<UserSubject>;
export type AgentCheck = Check<AgentSubject>;

type Evidence = Verdict["evidence"];

export function passed(because: string, evidence: Evidence = {}): Verdict {
  return { result: "pass", because, evidence, remedy: null };
}

export function unknown(because: string, evidence: Evidence = {}): Verdict {
  return { result: "unknown", because, evidence, remedy: null };
}

export function failed(because: string, evidence: Evidence, remedy: Remedy): Verdict {
  return { result: "fail", because, evidence, remedy };
}

/** A line for a shell: `words` as they are, each option's value quoted where it has to be. */
export function cli(words: string, options: Readonly<Record<string, string>>): Remedy {
  const parts = Object.entries(options).map(([name, value]) => `--${name} ${quoted(value)}`);
  return { kind: "cli", text: ["aws", words, ...parts].join(" ") };
}

/** Lines to be run one after the other. */
export function inTurn(...lines: readonly Remedy[]): Remedy {
  return { kind: "cli", text: lines.map(({ text }) => text).join("\n") };
}

export function policy(statements: readonly object[]): Remedy {
  const document = { Version: "2012-10-17", Statement: statements };
  return { kind: "policy", text: JSON.stringify(document, null, 2) };
}

export function config(text: string): Remedy {
  return { kind: "config", text };
}

/** IAM's names hold no line breaks and the like; those of a file that somebody made may. */
function quoted(value: string): string {
  const safe = printable(value);
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}

/** `1 day`, `3 days`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `2026-03-01, 3 days ago` */
export function whenText(at: number, now: number): string {
  return `${dayText(at)}, ${counted(daysBetween(at, now), "day")} ago`;
}

/** What is unknown of what an identity may do, where one of its policies is. */
export function unreadPolicies({ unread }: Permissions): Verdict | null {
  return unread.length === 0 ? null : unknown(`${unread.join(", ")} is not known.`, { unread });
}

/** For checks that ask our own history. */
export const notWatched = "Nothing is known of its calls: its account is not watched.";
/** For those that would have to know all of its calls. */
export const notWhole =
  "Not all of its calls are known: the store was filled with what may be an agent's alone.";

export function daysBetween(from: number, to: number): number {
  return Math.floor((to - from) / dayMs);
}

export function watchedDaysOf({ from, until }: Observed): number {
  return daysBetween(from, until);
}

const dayMs = 24 * 3600 * 1000;

/** `2026-03-01` */
export function dayText(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
