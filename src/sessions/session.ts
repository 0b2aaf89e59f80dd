import type { Access } from "../events/event.ts";
import type { PrincipalKind } from "../events/principal.ts";
import type { Attribution, RoleMode } from "./attribution.ts";
import type { InferredTask } from "./infer-task.ts";
import type { Issuance } from "./issuance.ts";
import type { RevocationTie } from "./revocation-tie.ts";
import type { TaskTie } from "./task-tie.ts";

/**
 * What holds a session's calls together; the first that applies, decided per credential, not per
 * event.
 */
export type SessionAnchor =
  | "sign-in-session" // signInSessionArn: `aws login`, MCP
  | "console" // per-request keys of one console sign-in
  | "role-issue" // role id + session name + creation date
  | "access-key" // a key and nothing better
  | "idle-window" // long-term keys and root: split where nothing happened for 30 minutes
  | "principal"; // services and foreign accounts, by day

/** One session as the merged state shows it: derived, never stored as truth. Instants in ms UTC. */
export interface Session {
  /**
   * e.g. `AROATASK…:task-4711@2026-03-01T10:00:00Z`, `sis:<arn>`; stable under any order of
   * arrival.
   */
  readonly id: string;
  readonly anchor: SessionAnchor;
  readonly groupKey: string;
  readonly kind: PrincipalKind;
  readonly principalId: string | null;
  readonly arn: string | null;
  readonly account: string | null;
  /** Role sessions only. `arn` carries the path where any record told it. */
  readonly role: { readonly id: string | null; readonly arn: string; readonly name: string } | null;
  /** The session name (or user name): untrusted text. */
  readonly name: string | null;
  readonly createdAt: number | null;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly eventCount: number;
  readonly counts: Readonly<Partial<Record<Access, number>>>;
  readonly deniedCount: number;
  readonly sourceIdentity: string | null;
  readonly mfa: boolean | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly issuance: Issuance | null;
  /** How the issuance was found; null when it was not. */
  readonly joinedBy:
    | "access-key"
    | "principal-and-creation"
    | "sign-in-session"
    | "principal"
    | null;
  /**
   * The role sessions this one was assumed from, nearest first, at most 8. The role ARN is null
   * where only the other account's copy of the call is known.
   */
  readonly chain: readonly { readonly groupKey: string; readonly roleArn: string | null }[];
  readonly credentials: readonly Credential[];
  readonly attribution: Attribution;
  readonly mode: RoleMode;
  /** What it seems to be for, by itself: of an agent's session only. */
  readonly task: InferredTask | null;
  /** Distinct secrets and parameters read, exact up to the sketch's bound. */
  readonly distinctSecretCount: number;
  /** The most of them that were read for the first time within any ten minutes. */
  readonly secretBurstCount: number;
  readonly userAgentFamilies: readonly string[];
  /** What took access from it, the first in force first; absent: nothing did. */
  readonly revocations?: readonly RevocationTie[];
}

/** One access key id of a session. */
export interface Credential {
  readonly accessKeyId: string;
  readonly kind: "long-term" | "temporary";
  readonly issuance: Issuance | null;
  readonly expiresAt: number | null;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly useCount: number;
  /** Ordered by first use. */
  readonly networks: readonly Sighting[];
  /** `family/os/language` triples of user agents, ordered by first use. */
  readonly userAgents: readonly Sighting[];
  /** The SDK's credential-source codes, ordered by first use. */
  readonly credentialSources: readonly Sighting[];
  /** Those somebody told of, the first started first; mostly none or one. */
  readonly tasks: readonly TaskTie[];
}

/** A value seen in a credential, and from when to when. */
export interface Sighting {
  readonly value: string;
  /**
   * For networks: ipv4, ipv6, vpc-endpoint, ...; else "". Always `service` for a call that a
   * service made on the session's behalf (`invokedBy`): it says nothing of where the credential is.
   */
  readonly kind: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly count: number;
}
