import type { AccessKey, Identities, ServiceUse } from "./identities.ts";
import type { Part } from "./part.ts";
import type { CredentialReport, OidcProvider, SamlProvider } from "./snapshot.ts";

/**
 * One account's IAM, asked politely. Whoever implements it waits where AWS asks to, reads lists to
 * their last page, and gives what cannot be had as unknown; nothing here rejects because of AWS.
 */
export interface AccountReader {
  /** Without access keys, session limits and use of services: those are asked for one by one. */
  identities(): Promise<Part<Identities>>;
  /** Each role's MaxSessionDuration in seconds, by role name. */
  sessionLimits(): Promise<Part<ReadonlyMap<string, number>>>;
  credentialReport(): Promise<Part<CredentialReport>>;
  oidcProviders(): Promise<Part<OidcProvider[]>>;
  samlProviders(): Promise<Part<SamlProvider[]>>;
  summary(): Promise<Part<Record<string, number>>>;
  /** Without their last use. */
  accessKeys(userName: string): Promise<Part<AccessKey[]>>;
  keyUse(accessKeyId: string): Promise<AccessKey["lastUsed"]>;
  /** @param arn of a role or a user */
  serviceUse(arn: string): Promise<Part<ServiceUse[]>>;
  /** Nothing more will be asked. */
  close(): void;
}
