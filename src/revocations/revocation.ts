import type { Level } from "../detections/detection.ts";
import type { Target } from "./target.ts";
import type { Plan } from "./plan.ts";

/** What made somebody ask. */
export interface Trigger {
  readonly by: "person" | "rule" | "task-end";
  /** Of the finding that asks. */
  readonly rule: string | null;
  readonly level: Level | null;
  /** The finding's id, or the task's; null for a person. */
  readonly subject: string | null;
}

/** What somebody asked for, told once. */
export interface RevocationRequest {
  readonly id: string;
  readonly target: Target;
  readonly trigger: Trigger;
  readonly reason: string;
  /** `token:bob`, `cli:ann`, `rule:write-under-readonly-role`. */
  readonly requestedBy: string;
  /** ms UTC. */
  readonly requestedAt: number;
  /** Only shown: nothing of it is ever carried out. Absent: no. */
  readonly isDryRun?: true;
}

/**
 * One revocation: all that was told of it, as mergeable state. Firsts are minima, lasts maxima,
 * lists are sets: it is the same in whatever order news comes, and however often. Where it stands
 * follows from this and the time alone ({@link ./life-cycle.ts}).
 */
export interface Revocation extends RevocationRequest {
  /** The first, and wider ones that had to take its place; by `at`, then digest. */
  readonly versions: readonly PlanVersion[];
  /** By `at`, then name. */
  readonly approvals: readonly Said[];
  readonly declined: Decision | null;
  /** From then on it may be carried out: its capture is written. ms UTC. */
  readonly releasedAt: number | null;
  /** ms UTC, by version and place ({@link partOf}): when it was first read back as it should be. */
  readonly applied: Readonly<Record<string, number>>;
  /** When somebody was found to have taken it out or rewritten it. */
  readonly tampered: Span | null;
  /** Calls that were denied by it, and calls that went through all the same. */
  readonly denied: Span | null;
  readonly succeeded: Span | null;
  /** Credentials that were known later live longer; ms UTC. */
  readonly extendedTo: Pick<Plan, "endsAt" | "removableAt"> | null;
  readonly undone: Decision | null;
  /** It ended before anything was done. ms UTC. */
  readonly lapsedAt: number | null;
  /** ms UTC, by `changeKey`: when it was read back as gone. */
  readonly pruned: Readonly<Record<string, number>>;
}

export interface PlanVersion {
  readonly plan: Plan;
  /** Of its changes: what is approved is this and no other. */
  readonly digest: string;
  /** How many people have to approve it. */
  readonly people: number;
  /** ms UTC. */
  readonly at: number;
}

/** One person's yes to one version. */
export interface Said {
  readonly digest: string;
  readonly by: string;
  /** ms UTC. */
  readonly at: number;
}

export interface Decision {
  readonly by: string;
  readonly reason: string;
  /** ms UTC. */
  readonly at: number;
}

/** The first and the last time, ms UTC, and what shows it: an event's id, or words. */
export interface Span {
  readonly firstAt: number;
  readonly firstBy: string;
  readonly lastAt: number;
  readonly lastBy: string;
}

export interface Sign {
  /** ms UTC: of an event, its own. */
  readonly at: number;
  readonly by: string;
}

export type RevocationNews =
  | { readonly kind: "planned"; readonly version: PlanVersion }
  | { readonly kind: "approved"; readonly said: Said }
  | { readonly kind: "declined"; readonly decision: Decision }
  | { readonly kind: "released"; readonly at: number }
  /** `part`: {@link partOf}. */
  | { readonly kind: "applied"; readonly part: string; readonly at: number }
  | { readonly kind: "tampered" | "denied" | "succeeded"; readonly sign: Sign }
  | { readonly kind: "extended"; readonly ends: Pick<Plan, "endsAt" | "removableAt"> }
  | { readonly kind: "undone"; readonly decision: Decision }
  | { readonly kind: "lapsed"; readonly at: number }
  | { readonly kind: "pruned"; readonly key: string; readonly at: number };

/** A version's change in one place. */
export function partOf({ digest }: Pick<PlanVersion, "digest">, changeKey: string): string {
  return `${digest} ${changeKey}`;
}

/** By a person, asking is a yes to the first version. */
export function requested(request: RevocationRequest, first: PlanVersion): Revocation {
  const { requestedBy: by, requestedAt: at, trigger } = request;
  return {
    ...request,
    versions: [first],
    approvals: trigger.by === "person" ? [{ digest: first.digest, by, at }] : [],
    declined: null, releasedAt: null, applied: {}, tampered: null, denied: null, succeeded: null,
    extendedTo: null, undone: null, lapsedAt: null, pruned: {},
  };
}

export function withNews(revocation: Revocation, news: RevocationNews): Revocation {
  switch (news.kind) {
    case "planned":
      return { ...revocation, versions: withVersion(revocation.versions, news.version) };
    case "approved":
      return { ...revocation, approvals: withSaid(revocation.approvals, news.said) };
    case "declined":
    case "undone":
      return { ...revocation, [news.kind]: earlier(revocation[news.kind], news.decision) };
    case "released":
      return { ...revocation, releasedAt: least(revocation.releasedAt, news.at) };
    case "lapsed":
      return { ...revocation, lapsedAt: least(revocation.lapsedAt, news.at) };
    case "applied":
      return { ...revocation, applied: withTime(revocation.applied, news.part, news.at) };
    case "pruned":
      return { ...revocation, pruned: withTime(revocation.pruned, news.key, news.at) };
    case "tampered":
    case "denied":
    case "succeeded":
      return { ...revocation, [news.kind]: spanning(revocation[news.kind], news.sign) };
    case "extended":
      return { ...revocation, extendedTo: later(revocation.extendedTo, news.ends) };
    default:
      return news satisfies never;
  }
}

function withVersion(
  known: readonly PlanVersion[],
  version: PlanVersion,
): readonly PlanVersion[] {
  const same = known.find(({ digest }) => digest === version.digest);
  if (same !== undefined && same.at <= version.at) return known;
  return [...known.filter((one) => one !== same), version]
    .sort((a, b) => a.at - b.at || (a.digest < b.digest ? -1 : 1));
}

function withSaid(known: readonly Said[], said: Said): readonly Said[] {
  const same = known.find(({ by, digest }) => by === said.by && digest === said.digest);
  if (same !== undefined && same.at <= said.at) return known;
  return [...known.filter((one) => one !== same), said]
    .sort((a, b) => a.at - b.at || (`${a.by} ${a.digest}` < `${b.by} ${b.digest}` ? -1 : 1));
}

function earlier(known: Decision | null, told: Decision): Decision {
  if (known === null) return told;
  return told.at < known.at || (told.at === known.at && told.by < known.by) ? told : known;
}

function withTime(
  known: Readonly<Record<string, number>>,
  key: string,
  at: number,
): Readonly<Record<string, number>> {
  return { ...known, [key]: least(known[key] ?? null, at) };
}

function least(known: number | null, told: number): number {
  return Math.min(known ?? Infinity, told);
}

function spanning(known: Span | null, { at, by }: Sign): Span {
  const told: Span = { firstAt: at, firstBy: by, lastAt: at, lastBy: by };
  if (known === null) return told;
  const isFirst = at < known.firstAt || (at === known.firstAt && by < known.firstBy);
  const isLast = at > known.lastAt || (at === known.lastAt && by > known.lastBy);
  return {
    ...known,
    ...(isFirst ? { firstAt: at, firstBy: by } : {}),
    ...(isLast ? { lastAt: at, lastBy: by } : {}),
  };
}

type Ends = Pick<Plan, "endsAt" | "removableAt">;

/** Null is for ever. */
function later(known: Ends | null, told: Ends): Ends {
  const latest = (a: number | null, b: number | null) =>
    a === null || b === null ? null : Math.max(a, b);
  return known === null ? told : {
    endsAt: latest(known.endsAt, told.endsAt),
    removableAt: latest(known.removableAt, told.removableAt),
  };
}
