import type { Session } from "../sessions/session.ts";
import type { Denial } from "./denial.ts";

/**
 * The longest life of a role's credential, where its end is not known: 12 hours are what a role
 * may ask for, functions have been seen with 10 minutes more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use.html
 */
export const roleLifeMs = 12.5 * 3_600_000;
/** Of GetSessionToken and GetFederationToken: 36 hours. */
export const userLifeMs = 36 * 3_600_000;
/** A long-term key has no end: its session is taken to go on so long after its last call. */
const keyIdleMs = 30 * 60_000;
/** How long a denial stays behind the last credential that it is for: clocks, late records. */
export const marginMs = 3_600_000;

/** When no credential of the session can be valid any longer, ms UTC. */
export function endOf(session: Session): number {
  const { kind, anchor, createdAt, firstAt, lastAt, credentials } = session;
  const start = createdAt ?? firstAt;
  if (credentials.some((credential) => credential.kind === "long-term")) return lastAt + keyIdleMs;
  if (kind === "iam-user" || kind === "federated-user") return start + userLifeMs;
  // It goes on minting credentials, whatever is known of those seen.
  if (anchor === "sign-in-session") return start + roleLifeMs;
  const ends = [session.issuance, ...credentials].map((of) => of?.expiresAt ?? null);
  const known = ends.filter((end) => end !== null);
  const isAllKnown = credentials.every(({ expiresAt }) => expiresAt !== null);
  return isAllKnown && known.length > 0 ? Math.max(...known) : start + roleLifeMs;
}

export function isLive(session: Session, asOf: number): boolean {
  return endOf(session) > asOf;
}

/**
 * When what a denial is for has ended, ms UTC: with the last of the sessions that are known to be
 * hit; of a whole role, and where none is known, with the longest life that the youngest could
 * have.
 */
export function denialEndsAt(
  { kind, issuedBefore }: Denial,
  { hit, asOf }: { readonly hit: readonly Session[]; readonly asOf: number },
): number {
  const latest = (issuedBefore ?? asOf) + roleLifeMs;
  if (kind === "role" || hit.length === 0) return latest;
  return Math.max(...hit.map(endOf));
}
