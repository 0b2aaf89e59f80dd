import type { TrailEvent } from "../events/event.ts";
import type { Issuance } from "./issuance.ts";

/**
 * How much of the caller an event's record tells. Of the copies of one call that several accounts
 * receive (same `sharedEventID`), the one of the caller's account shows the full identity, the
 * others an `AWSAccount`.
 * (CloudTrail user guide, record contents.)
 */
export function richness({ principal }: TrailEvent): number {
  return (
    (principal.kind === "account" || principal.kind === "unknown" ? 0 : 32) +
    (principal.role === null ? 0 : 16) +
    (principal.accessKeyId === null ? 0 : 8) +
    (principal.createdAt === null ? 0 : 4) +
    (principal.arn === null ? 0 : 2) +
    (principal.id === null ? 0 : 1)
  );
}

/**
 * The same of an issuance, whose twin may be the only one delivered. Best first, then earliest,
 * then by key.
 */
export function richerIssuance(a: Issuance, b: Issuance): number {
  return (
    toldBy(b) - toldBy(a) || a.at - b.at || (a.eventKey < b.eventKey ? -1 : Number(a !== b))
  );
}

function toldBy({ issuer, principalId, expiresAt }: Issuance): number {
  return (
    (issuer.kind === "account" || issuer.kind === "unknown" ? 0 : 8) +
    (issuer.accessKeyId === null ? 0 : 4) +
    (principalId === null ? 0 : 2) +
    (expiresAt === null ? 0 : 1)
  );
}
