import type { Hit } from "../../src/detections/correlation.ts";
import type { FindingPart, Suppression } from "../../src/findings/finding.ts";
import type { Issuance } from "../../src/sessions/issuance.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { GroupState } from "../../src/sessions/state.ts";
import type { DeliveryCounts, StoredEvent } from "../../src/sessions/store.ts";

/** 2026-03-01T10:00:00Z. */
export const noon = 1_772_359_200_000;

export function event(eventId: string, changes: Partial<StoredEvent> = {}): StoredEvent {
  return {
    key: `${eventId}/111122223333/00`,
    eventId,
    groupKey: "group-a",
    at: noon,
    record: { eventID: eventId, eventName: "GetObject" },
    sharedId: null,
    richness: 0,
    ...changes,
  };
}

/** The columns a store indexes on; the rest of a state is text to it. */
export function state(key: string, changes: Partial<GroupState> = {}): GroupState {
  const columns = {
    key,
    principalId: null,
    createdAt: null,
    accessKeyIds: [],
    firstAt: noon,
    lastAt: noon,
    eventCount: 1,
    ...changes,
  };
  return columns as unknown as GroupState;
}

export function issuance(eventKey: string, changes: Partial<Issuance> = {}): Issuance {
  return {
    eventKey,
    eventId: eventKey,
    at: noon,
    kind: "assume-role",
    accessKeyId: null,
    principalId: null,
    roleArn: null,
    sessionName: null,
    expiresAt: null,
    requestedSeconds: null,
    sourceIdentity: null,
    tags: {},
    policyArns: [],
    signInSessionArn: null,
    issuer: {
      kind: "iam-user",
      groupKey: "group-a",
      principalId: null,
      accessKeyId: null,
      roleArn: null,
      account: null,
      network: "",
      networkKind: "unknown",
      userAgent: null,
      fingerprint: null,
    },
    sharedId: null,
    ...changes,
  };
}

export function session(id: string, changes: Partial<Session> = {}): Session {
  return {
    id,
    anchor: "role-issue",
    groupKey: "group-a",
    kind: "role-session",
    principalId: "AROAEXAMPLE000000001:aider-1",
    arn: null,
    account: "111122223333",
    role: null,
    name: "aider-1",
    createdAt: noon,
    firstAt: noon,
    lastAt: noon,
    eventCount: 1,
    counts: {},
    deniedCount: 0,
    sourceIdentity: null,
    mfa: null,
    tags: {},
    issuance: null,
    joinedBy: null,
    chain: [],
    credentials: [],
    attribution: {
      agent: null,
      status: "none",
      basis: [],
      confidence: "low",
      fingerprint: null,
      agentKind: null,
      sessionNameMatches: null,
    },
    mode: { mode: "unknown", basis: "none", isGuessed: true },
    distinctSecretCount: 0,
    secretBurstCount: 0,
    userAgentFamilies: [],
    task: null,
    ...changes,
  };
}

export function part(fingerprint: string, changes: Partial<FindingPart> = {}): FindingPart {
  return {
    fingerprint: fingerprint.padEnd(64, "0"),
    rule: "rule-a",
    title: "Rule A",
    level: "high",
    confidence: "high",
    because: "It did.",
    entity: { type: "session", id: "session-a" },
    agent: null,
    role: null,
    session: null,
    credential: null,
    account: "111122223333",
    firstEventAt: noon,
    lastEventAt: noon,
    eventCount: 1,
    evidence: [{ eventId: "e1", at: noon }],
    values: {},
    decidedAt: noon,
    decidedBy: "e1",
    tags: [],
    ...changes,
  };
}

export function hit(eventKey: string, changes: Partial<Hit> = {}): Hit {
  return {
    rule: "rule-a",
    eventKey,
    eventId: eventKey,
    at: noon,
    groupKey: "group-a",
    fields: {},
    ...changes,
  };
}

export function suppression(id: string, changes: Partial<Suppression> = {}): Suppression {
  return {
    id,
    rule: null,
    entity: null,
    agent: null,
    account: null,
    reason: "Known.",
    createdAt: noon,
    expiresAt: noon + 1000,
    ...changes,
  };
}

export const nothingCounted: DeliveryCounts = {
  eventCount: 0,
  duplicateCount: 0,
  skippedCount: 0,
  rejectedCount: 0,
  bytes: 0,
};

/** Everything an iterable of pages gives. */
export async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}
