import type { RawRecord } from "../records/record.ts";
import type { Network } from "./network.ts";
import type { Principal } from "./principal.ts";
import type { EventResult } from "./result.ts";
import type { UserAgent } from "./user-agent.ts";

/**
 * What a call does to the account, from IAM's access levels and the corrections of
 * `events/access.ts`.
 */
export const accessClasses = [
  "read",
  "list",
  "write",
  "permissions",
  "tagging",
  "credential", // mints a credential (AssumeRole, GetSessionToken, CreateAccessKey, ...)
  "execution", // runs code or commands (SendCommand, Invoke, StartSession, ...)
  "sign-in",
  "unknown",
] as const;
export type Access = (typeof accessClasses)[number];

/**
 * One record, validated, in our names, immutable. Instants are milliseconds since the epoch, UTC;
 * what AWS left out is null.
 */
export interface TrailEvent {
  /**
   * `eventID`; of a record without one (eventVersion 1.0), `derived:` and a hash of its content.
   */
  readonly id: string;
  /**
   * The key events are deduplicated on: id, recipient account and a digest of what identifies the
   * call (source, name, request id, time, principal), so that a forged id cannot hide another
   * event.
   */
  readonly key: string;
  readonly at: number;
  /** e.g. `iam.amazonaws.com` */
  readonly source: string;
  /** `eventName` as logged, e.g. `CreateFunction20150331`. */
  readonly name: string;
  /**
   * `<service>:<eventName>` with the version suffix stripped, e.g. `lambda:CreateFunction`; service
   * is the IAM prefix.
   */
  readonly operation: string;
  readonly service: string;
  /**
   * The IAM action where known (from a denial's message, or by mapping), e.g.
   * `s3:ListAllMyBuckets`; else the operation.
   */
  readonly action: string;
  readonly region: string;
  /**
   * The account the event was delivered to (`recipientAccountId`), else the principal's, else null.
   */
  readonly account: string | null;
  /** `eventType`, e.g. `AwsApiCall`, `AwsMcpEvent`; null before 1.02. */
  readonly type: string | null;
  /**
   * Management, Data, NetworkActivity, ...; derived from managementEvent before 1.07; else null.
   */
  readonly category: string | null;
  readonly access: Access;
  /**
   * What decided the access class: an override of ours, IAM's data, the record's `readOnly`, or the
   * name's verb.
   */
  readonly accessBasis: "override" | "iam-data" | "read-only-flag" | "name" | "none";
  readonly isSensitiveRead: boolean;
  readonly result: EventResult;
  readonly principal: Principal;
  readonly network: Network;
  readonly userAgent: UserAgent;
  readonly requestId: string | null;
  /** Same action delivered to several accounts: each copy has its own id and this one in common. */
  readonly sharedId: string | null;
  readonly resources: readonly Resource[];
  readonly addendum: Addendum | null;
  readonly mcp: McpMark | null;
  /** The record itself, session tokens scrubbed; what Sigma's own field names are looked up in. */
  readonly record: RawRecord;
}

export interface Resource {
  readonly arn: string;
  readonly account: string | null;
  readonly type: string | null;
}

/**
 * A late or corrected event.
 * See "addendum" on AWS's page "CloudTrail record contents".
 */
export interface Addendum {
  readonly reason: "DELIVERY_DELAY" | "UPDATED_DATA" | "SERVICE_OUTAGE" | "unknown";
  /** The event this one replaces (UPDATED_DATA), else null. */
  readonly originalEventId: string | null;
}

/**
 * How the call relates to the AWS-managed MCP server: the OAuth grant, the tool call, or the API
 * call it made.
 */
export type McpMark =
  | { readonly step: "grant"; readonly signInSessionArn: string | null }
  | {
      readonly step: "tool";
      readonly tool: string;
      readonly downstreamRequestIds: readonly string[];
    }
  | { readonly step: "call" };
