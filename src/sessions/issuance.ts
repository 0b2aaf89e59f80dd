import type { PrincipalKind } from "../events/principal.ts";

/** What minted the credential, one name per layout of `docs/cloudtrail.md`. */
export const issuanceKinds = [
  "assume-role",
  "web-identity",
  "saml",
  "session-token",
  "federation-token",
  "assume-root",
  "pod-identity",
  "roles-anywhere",
  "s3-session",
  "sso-role",
  "sign-in",
  "delegated",
] as const;
export type IssuanceKind = (typeof issuanceKinds)[number];

/** A credential was minted: who asked, what came out. Only successful calls issue. */
export interface Issuance {
  readonly eventKey: string;
  readonly eventId: string;
  readonly at: number;
  readonly kind: IssuanceKind;
  /** The issued key; null where AWS does not log it (Identity Center, sign-in, some services). */
  readonly accessKeyId: string | null;
  /** The session it opens, e.g. `AROA…:task-4711` (assumedRoleId); null when not told. */
  readonly principalId: string | null;
  readonly roleArn: string | null;
  readonly sessionName: string | null;
  /** From `expiration`, never from durationSeconds; null when not told. */
  readonly expiresAt: number | null;
  readonly requestedSeconds: number | null;
  readonly sourceIdentity: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Managed policies that narrow the session (`policyArns` of the request), as asked for. */
  readonly policyArns: readonly string[];
  readonly signInSessionArn: string | null;
  readonly issuer: Issuer;
  readonly sharedId: string | null;
}

/** Who asked for the credential. */
export interface Issuer {
  readonly kind: PrincipalKind;
  /** The group (see `group.ts`) the asking call belongs to: the edge of a role chain. */
  readonly groupKey: string;
  readonly principalId: string | null;
  readonly accessKeyId: string | null;
  readonly roleArn: string | null;
  readonly account: string | null;
  readonly network: string;
  readonly networkKind: string;
  readonly userAgent: string | null;
  /** The agent or tool the asking call shows by itself (see `fingerprint.ts`); null when none. */
  readonly fingerprint: string | null;
}
