import type { Issuance } from "../../src/sessions/issuance.ts";
import { emptyState, type GroupState } from "../../src/sessions/state.ts";
import { at } from "./event.ts";

/**
 * The credential of `task-4711`, assumed by an orchestrator's session, but for what the case is
 * about.
 */
export function issuance(
  overrides: Partial<Omit<Issuance, "issuer">> & { issuer?: Partial<Issuance["issuer"]> } = {},
): Issuance {
  return {
    eventKey: "k-issue",
    eventId: "e-issue",
    at: at(0),
    kind: "assume-role",
    accessKeyId: "ASIATASKKEY000000001",
    principalId: "AROATASK000000000000B:task-4711",
    roleArn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
    sessionName: "task-4711",
    expiresAt: at(900),
    requestedSeconds: 900,
    sourceIdentity: null,
    tags: {},
    policyArns: [],
    signInSessionArn: null,
    sharedId: null,
    ...overrides,
    issuer: {
      kind: "role-session",
      groupKey: "AROAORCH000000000000A:orch-1@2026-03-01T09:58:00.000Z",
      principalId: "AROAORCH000000000000A:orch-1",
      accessKeyId: "ASIAORCHKEY000000001",
      roleArn: "arn:aws:iam::222222222222:role/agents/orchestrator",
      account: "222222222222",
      network: "198.51.100.0/24",
      networkKind: "ipv4",
      userAgent: "aws-sdk-js/3.900.0",
      fingerprint: null,
      ...overrides.issuer,
    },
  };
}

/** A group's state with nothing in it but what the case is about. */
export function groupState(overrides: Partial<GroupState> & { key: string }): GroupState {
  return { ...emptyState(overrides.key), ...overrides };
}
