import type { Denial } from "./denial.ts";
import { changeKey } from "./place.ts";
import type { Change, Plan } from "./plan.ts";
import { partOf, type PlanVersion, type Revocation } from "./revocation.ts";

/** Where a revocation stands. A closed set: it is a metric label. */
export const revocationStates = [
  "planned", // only shown: nothing of it is carried out
  "requested", // waits for people
  "declined",
  "approved", // to be carried out, or half carried out
  "applied", // read back from IAM as it should be
  "confirmed", // a call was denied by it
  "violated", // a call went through in spite of it
  "unobserved", // every credential ended without a call that would have told
  "expired", // it can be taken out
  "pruned", // it is out
  "undone", // a person took it back
] as const;
export type RevocationState = (typeof revocationStates)[number];

/** IAM enforces a change after some seconds: later than this, a call that goes through is wrong. */
export const graceMs = 60_000;

/** @param asOf ms UTC */
export function stateOf(revocation: Revocation, asOf: number): RevocationState {
  const { declined, undone, lapsedAt } = revocation;
  const version = standingVersion(revocation);
  if (revocation.isDryRun === true) return "planned";
  if (undone !== null) return "undone";
  if (version === null) {
    if (declined !== null) return "declined";
    return lapsedAt !== null || asOf >= endsAtOf(revocation) ? "expired" : "requested";
  }
  if (isPruned(revocation)) return "pruned";
  if (lapsedAt !== null || asOf >= removableAtOf(revocation)) return "expired";
  const appliedAt = appliedAtOf(revocation);
  if (appliedAt === null) return "approved";
  if (isViolated(revocation, appliedAt)) return "violated";
  if (isConfirmed(revocation, appliedAt)) return "confirmed";
  return asOf >= endsAtOf(revocation) ? "unobserved" : "applied";
}

function isViolated({ succeeded }: Revocation, appliedAt: number): boolean {
  return succeeded !== null && succeeded.lastAt > appliedAt + graceMs;
}

function isConfirmed({ denied }: Revocation, appliedAt: number): boolean {
  return denied !== null && denied.lastAt >= appliedAt;
}

/** The newest version that enough people have said yes to, before a no; null: none yet. */
export function standingVersion({ versions, approvals, declined }: Revocation): PlanVersion | null {
  const inTime = approvals.filter(({ at }) => declined === null || at < declined.at);
  return versions.findLast(({ digest, people }) => {
    const said = inTime.filter((one) => one.digest === digest);
    return new Set(said.map(({ by }) => personOf(by))).size >= people;
  }) ?? null;
}

/** `token:Alice` and `cli:alice` are one person. */
export function personOf(by: string): string {
  return by.slice(by.indexOf(":") + 1).toLowerCase();
}

/** The version that waits for people; null: none does. */
export function awaitedVersion(revocation: Revocation, asOf: number): PlanVersion | null {
  const { versions, declined, undone, lapsedAt, isDryRun = false } = revocation;
  const last = versions.at(-1) ?? null;
  const isOver = declined !== null || undone !== null || lapsedAt !== null;
  return isDryRun || isOver || asOf >= endsAtOf(revocation) || last === standingVersion(revocation)
    ? null : last;
}

/** When every part of it was first in force, ms UTC; null: not yet. */
export function appliedAtOf(revocation: Revocation): number | null {
  const times = keysOf(revocation).map((key) => appliedAt(revocation, key));
  const told = times.filter((at) => at !== null);
  return told.length === 0 || told.length < times.length ? null : Math.max(...told);
}

/** Of what the standing version wants in one place. */
export function appliedAt(revocation: Revocation, key: string): number | null {
  const version = standingVersion(revocation);
  return version === null ? null : revocation.applied[partOf(version, key)] ?? null;
}

/** What it wrote, or was to write, is gone: a wider version may have gone elsewhere. */
function isPruned(revocation: Revocation): boolean {
  const { applied, pruned, versions } = revocation;
  const written = versions.flatMap((version) => version.plan.changes.map(changeKey)
    .filter((key) => applied[partOf(version, key)] !== undefined));
  const keys = [...written, ...keysOf(revocation)];
  return keys.length > 0 && keys.every((key) => pruned[key] !== undefined);
}

function keysOf(revocation: Revocation): readonly string[] {
  return changesOf(revocation).map(changeKey);
}

/** Whether nothing of it is left to do, ever. */
export function isClosed(revocation: Revocation): boolean {
  const { declined, lapsedAt, undone, releasedAt } = revocation;
  return releasedAt === null
    ? revocation.isDryRun === true || (declined ?? lapsedAt ?? undone) !== null
    : isPruned(revocation);
}

/** ms UTC: when the last that is known of it was told, or happened. */
export function lastToldAt(revocation: Revocation): number {
  const { requestedAt, versions, approvals, declined, undone, lapsedAt } = revocation;
  const { releasedAt, applied, pruned, tampered, denied, succeeded } = revocation;
  const spans = [tampered, denied, succeeded].map((span) => span?.lastAt);
  const told = [
    declined?.at, undone?.at, lapsedAt, releasedAt, ...spans,
    ...[...versions, ...approvals].map(({ at }) => at),
    ...Object.values(applied), ...Object.values(pruned),
  ];
  return Math.max(requestedAt, ...told.map((at) => at ?? -Infinity));
}

/** Of the standing version; of a revocation that waits, none. */
export function changesOf(revocation: Revocation): readonly Change[] {
  return standingVersion(revocation)?.plan.changes ?? [];
}

/** Whether it is to be in force: released, not taken back, and not at its end. */
export function isWanted(revocation: Revocation, asOf: number): boolean {
  return revocation.releasedAt !== null && isGranted(revocation, asOf);
}

/** Whether people have agreed to it, and it is neither taken back nor at its end. */
export function isGranted(revocation: Revocation, asOf: number): boolean {
  const { undone, lapsedAt } = revocation;
  const isOver = undone !== null || lapsedAt !== null || asOf >= removableAtOf(revocation);
  return !isOver && standingVersion(revocation) !== null;
}

/** What it wants of one place. */
export function denialsAt(revocation: Revocation, key: string): readonly Denial[] {
  return changesOf(revocation).flatMap((change) =>
    change.kind === "deny" && changeKey(change) === key ? change.denials : []);
}

export function endsAtOf(revocation: Revocation): number {
  return latestOf(revocation, "endsAt");
}

export function removableAtOf(revocation: Revocation): number {
  return latestOf(revocation, "removableAt");
}

function latestOf({ versions, extendedTo }: Revocation, what: keyof Ends): number {
  const known = extendedTo === null ? [] : [extendedTo[what]];
  return Math.max(...[...known, ...versions.map(({ plan }) => plan[what])]
    .map((at) => at ?? Infinity));
}
type Ends = Pick<Plan, "endsAt" | "removableAt">;
