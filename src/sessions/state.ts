import type { PrincipalKind } from "../events/principal.ts";
import { noSpans, type Bounded, type Spans } from "./spans.ts";

/**
 * The mergeable state of one group of events (see `group.ts`): what facts about sessions and
 * credentials are computed from. Plain JSON, so that a store can keep it as text. The full shape is
 * below `key`.
 *
 * Counts add, firsts are minima, lasts maxima, sets unite within their bounds (see `spans.ts`), so
 * the same events in any order and any split give the same state.
 */
export interface GroupState {
  readonly key: string;
  /** Columns the store indexes on. */
  readonly principalId: string | null;
  readonly createdAt: number | null;
  readonly accessKeyIds: readonly string[];
  readonly firstAt: number;
  readonly lastAt: number;
  readonly eventCount: number;
  readonly principal: PrincipalFacts;
  /**
   * Whether its sessions are split where nothing happened: long-term keys, root, users without a
   * session.
   */
  readonly isWindowed: boolean;
  /**
   * Calls by access class and by outcome, of the whole group: exact even where lanes were left out.
   */
  readonly access: Spans;
  readonly outcomes: Spans;
  readonly services: Spans;
  readonly regions: Spans;
  readonly operations: Spans;
  /** What was done with one credential; see {@link laneOf} for the calls that show no key. */
  readonly lanes: Bounded<Lane>;
  /** Request ids of API calls that an MCP tool call made -> the tool call. */
  readonly tools: Bounded<ToolCall>;
  /** Request ids of API calls made through the AWS MCP server -> the lane they were made in. */
  readonly mcpCalls: Bounded<string>;
  /** Events that a later one replaces (addendum UPDATED_DATA), by event id. */
  readonly superseded: Spans;
}

/** What the group's records tell of their principal, the richest of each. */
export interface PrincipalFacts {
  readonly kind: PrincipalKind;
  readonly arn: string | null;
  readonly account: string | null;
  readonly userName: string | null;
  readonly roleId: string | null;
  readonly roleArn: string | null;
  readonly roleName: string | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
  readonly ec2RoleDelivery: string | null;
  /** The resource the credential was minted for (`inScopeOf.credentialsIssuedTo`). */
  readonly issuedTo: string | null;
  readonly directoryUser: string | null;
  readonly mfa: boolean | null;
}

export interface Lane {
  readonly kind: "long-term" | "temporary" | "none";
  /** One; of windowed groups one per stretch without a gap, in order of time. */
  readonly windows: readonly Activity[];
  /** `<kind> <name>`, e.g. `ipv4 203.0.113.0/24`. */
  readonly networks: Spans;
  /** `<kind> <family>/<os>/<language>`; kind is `service` or nothing. */
  readonly userAgents: Spans;
  readonly credentialSources: Spans;
  /** The AWS CLI's per-host ids. */
  readonly hostIds: Spans;
  readonly signInSessions: Spans;
}

export interface Activity {
  readonly firstAt: number;
  readonly lastAt: number;
  readonly eventCount: number;
  readonly access: Spans;
  readonly outcomes: Spans;
  /** Names of secrets and parameters read. */
  readonly secrets: Spans;
  /** User-agent families. */
  readonly families: Spans;
  /** See `fingerprint.ts`. */
  readonly fingerprints: Spans;
  /** User agents without what changes from call to call, for the patterns of the config. */
  readonly userAgents: Spans;
}

/**
 * A call of an MCP tool, by the client itself: the only record with the client's user agent and
 * address.
 */
export interface ToolCall {
  readonly eventId: string;
  readonly at: number;
  readonly tool: string;
  readonly userAgent: string | null;
  readonly network: string;
  readonly networkKind: string;
}

/**
 * How many of each are kept per group or lane. Choices: a session of an agent shows a handful of
 * each; these are for the odd and the hostile, and keep a state under 100 KB at its worst, 2 KB as
 * a rule.
 */
export const stateLimits = {
  lanes: 64,
  networks: 64,
  userAgents: 32,
  credentialSources: 16,
  hostIds: 32,
  signInSessions: 16,
  secrets: 256,
  families: 32,
  fingerprints: 32,
  services: 64,
  regions: 64,
  operations: 256,
  requests: 256,
  superseded: 1024, // AWS corrects in bulk, after an outage of its own; one left out counts twice
  closed: 32, // access classes and outcomes: closed sets, never reached
} as const;

/**
 * A gap of half an hour ends a session of a long-term credential, as it ends the AWS CLI's own
 * `sid`.
 */
export const idleGapMs = 30 * 60 * 1000;

const unknownPrincipal: PrincipalFacts = {
  kind: "unknown",
  arn: null,
  account: null,
  userName: null,
  roleId: null,
  roleArn: null,
  roleName: null,
  sessionName: null,
  sourceIdentity: null,
  ec2RoleDelivery: null,
  issuedTo: null,
  directoryUser: null,
  mfa: null,
};

/** A group before its first event: what leaves any state as it is when merged. */
export function emptyState(key: string): GroupState {
  return {
    key,
    principalId: null,
    createdAt: null,
    accessKeyIds: [],
    firstAt: 0,
    lastAt: 0,
    eventCount: 0,
    principal: unknownPrincipal,
    isWindowed: false,
    access: noSpans,
    outcomes: noSpans,
    services: noSpans,
    regions: noSpans,
    operations: noSpans,
    lanes: { entries: [], overflow: false },
    tools: { entries: [], overflow: false },
    mcpCalls: { entries: [], overflow: false },
    superseded: noSpans,
  };
}
