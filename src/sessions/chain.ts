import type { IssuerFacts } from "./attribute.ts";
import type { Issuance, Issuer } from "./issuance.ts";
import { joinIssuance } from "./join.ts";
import { lastingUserAgent } from "./lane-accumulator.ts";
import type { Session } from "./session.ts";
import { noSpans, type Span } from "./spans.ts";

/** One session further up: who asked for a credential, and where *its* credential came from. */
export interface ChainLink {
  readonly issuer: Issuer;
  /** The issuance of the issuer's own credential; null when not seen, or when it never was one. */
  readonly issuance: Issuance | null;
}

/**
 * Chains are followed this far. AWS sets no limit to their length, but each link lives an hour at
 * most, and people use two.
 */
export const chainDepthMax = 8;

/** An issuance as seen from below: who asked, and when. */
export type Asked = Pick<Issuance, "issuer" | "at">;

/**
 * What an issuer is looked up by: its credential, which is exact, or else its group; where that
 * tells no session (another account's copy of the call), its group at that instant.
 */
export function linkKey({ issuer, at }: Asked): string {
  const { accessKeyId, groupKey } = issuer;
  if (accessKeyId !== null) return `key:${accessKeyId}`;
  return createdAtOf(groupKey) === null ? `${groupKey} ${at}` : groupKey;
}

/**
 * The link above an issuer, from the issuances that may have opened its session (the store's
 * `issuancesFor` its key and principal id). A caller walks up with it, at most {@link
 * chainDepthMax} times, until `issuance` is null.
 */
export function linkOf({ issuer, at }: Asked, candidates: readonly Issuance[]): ChainLink {
  const { accessKeyId, principalId, groupKey } = issuer;
  const joined = joinIssuance(
    {
      accessKeyId,
      principalId,
      signInSessionArn: null,
      createdAt: createdAtOf(groupKey),
      firstAt: at,
      groupKeys: new Set(accessKeyId === null ? [] : [accessKeyId]),
    },
    candidates,
  );
  return { issuer, issuance: joined?.issuance ?? null };
}

/** The creation date in a group's key; null for groups that have none. */
export function createdAtOf(groupKey: string): number | null {
  const stamp = /@(\d{4,6}-\d\d-\d\dT[\d:.]+Z)$/.exec(groupKey)?.[1];
  return stamp === undefined ? null : Date.parse(stamp);
}

/**
 * From a session's issuance up: the issuers, the nearest first. A loop (forged records) ends where
 * it closes.
 */
export function climb(
  issuance: Issuance | null,
  ancestors: ReadonlyMap<string, ChainLink>,
): readonly ChainLink[] {
  const links: ChainLink[] = [];
  const seen = new Set<string>();
  let current = issuance;
  while (current !== null && links.length < chainDepthMax) {
    const key = linkKey(current);
    if (seen.has(key)) break;
    seen.add(key);
    const link = ancestors.get(key) ?? { issuer: current.issuer, issuance: null };
    links.push({ issuer: current.issuer, issuance: link.issuance });
    current = link.issuance;
  }
  return links;
}

/**
 * The role sessions among the links: users, root and identity providers begin a chain, they are no
 * part of it. Of a foreign account's copy only the principal id tells that it was a role's.
 */
export function chainOf(links: readonly ChainLink[]): Session["chain"] {
  return links
    .filter(({ issuer }) => issuer.kind === "role-session" || isForeignRole(issuer))
    .map(({ issuer }) => ({ groupKey: issuer.groupKey, roleArn: issuer.roleArn }));
}

function isForeignRole({ kind, principalId }: Issuer): boolean {
  return kind === "account" && principalId?.startsWith("AROA") === true;
}

/** What attribution may know of an issuer: its call for the credential, and its own issuance. */
export function issuerFacts({ issuer, issuance }: ChainLink): IssuerFacts {
  const seen: Span = [0, 0, 1];
  const colon = issuer.principalId?.indexOf(":") ?? -1;
  const isRole = issuer.kind === "role-session";
  return {
    kind: issuer.kind,
    roleArn: issuer.roleArn,
    sessionName: isRole && colon >= 0 ? (issuer.principalId?.slice(colon + 1) ?? null) : null,
    sourceIdentity: issuance?.sourceIdentity ?? null,
    tags: issuance?.tags ?? {},
    userAgents: issuer.userAgent === null ? [] : [lastingUserAgent(issuer.userAgent)],
    fingerprints: issuer.fingerprint === null ? noSpans.entries : [[issuer.fingerprint, seen]],
  };
}
