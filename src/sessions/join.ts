import type { Issuance } from "./issuance.ts";
import { richerIssuance } from "./richness.ts";
import type { Session } from "./session.ts";

/** What is known of a session or credential when its issuance is looked for. */
export interface Used {
  /** The key; null for calls without one. */
  readonly accessKeyId: string | null;
  readonly signInSessionArn: string | null;
  readonly principalId: string | null;
  readonly createdAt: number | null;
  readonly firstAt: number;
  /** Keys seen in the same group: an issuance of another's key is not this one's. */
  readonly groupKeys: ReadonlySet<string>;
}

export interface Joined {
  readonly issuance: Issuance;
  readonly by: NonNullable<Session["joinedBy"]>;
}

/** `creationDate` is the second in which STS answered; eventTime may be a second or two off. */
export const creationToleranceMs = 2000;

/**
 * The issuance a credential came from, by the first link that holds: its key; for `aws login` and
 * MCP the sign-in session, which is exact; principal and creation date (Identity Center vends a key
 * that no record shows); and, where no creation date is told, the principal alone if there is only
 * one candidate.
 */
export function joinIssuance(used: Used, issuances: readonly Issuance[]): Joined | null {
  return (
    byKey(used, issuances) ??
    bySignIn(used, issuances) ??
    byCreation(used, issuances) ??
    byPrincipal(used, issuances)
  );
}

function byKey({ accessKeyId }: Used, issuances: readonly Issuance[]): Joined | null {
  if (accessKeyId === null) return null;
  const found = best(issuances.filter((issuance) => issuance.accessKeyId === accessKeyId));
  return found === null ? null : { issuance: found, by: "access-key" };
}

/** A sign-in session's token is refreshed: the first grant stands for it. */
function bySignIn({ signInSessionArn }: Used, issuances: readonly Issuance[]): Joined | null {
  if (signInSessionArn === null) return null;
  const [found] = issuances
    .filter((issuance) => issuance.signInSessionArn === signInSessionArn)
    .sort((a, b) => a.at - b.at || richerIssuance(a, b));
  return found === undefined ? null : { issuance: found, by: "sign-in-session" };
}

function byCreation(used: Used, issuances: readonly Issuance[]): Joined | null {
  const { createdAt } = used;
  if (createdAt === null) return null;
  const distance = ({ at }: Issuance): number => Math.abs(at - createdAt);
  const [found] = candidates(used, issuances)
    .filter((issuance) => distance(issuance) <= creationToleranceMs)
    .sort((a, b) => distance(a) - distance(b) || richerIssuance(a, b));
  return found === undefined ? null : { issuance: found, by: "principal-and-creation" };
}

/**
 * Names repeat, so only where nothing contradicts: one credential was ever issued, before its first
 * use.
 */
function byPrincipal(used: Used, issuances: readonly Issuance[]): Joined | null {
  if (used.createdAt !== null) return null;
  const possible = candidates(used, issuances).filter(
    ({ at, expiresAt }) =>
      at <= used.firstAt + creationToleranceMs && (expiresAt === null || expiresAt >= used.firstAt),
  );
  const found = best(possible);
  if (found === null || !possible.every((each) => isTwin(each, found))) return null;
  return { issuance: found, by: "principal" };
}

function candidates(used: Used, issuances: readonly Issuance[]): Issuance[] {
  if (used.principalId === null) return [];
  return issuances.filter(
    ({ principalId, accessKeyId, kind }) =>
      principalId === used.principalId &&
      kind !== "sign-in" &&
      (accessKeyId === null || !used.groupKeys.has(accessKeyId)),
  );
}

function isTwin(a: Issuance, b: Issuance): boolean {
  if (a.eventKey === b.eventKey) return true;
  if (a.sharedId !== null && a.sharedId === b.sharedId) return true;
  return a.accessKeyId !== null && a.accessKeyId === b.accessKeyId;
}

function best(issuances: readonly Issuance[]): Issuance | null {
  return [...issuances].sort(richerIssuance)[0] ?? null;
}
