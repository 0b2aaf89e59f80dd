import { Config } from "../../src/config/schema.ts";
import { factLookup } from "../../src/facts/catalogue.ts";
import type { FactContext, FactValue } from "../../src/facts/fact.ts";
import type { Attribution } from "../../src/sessions/attribution.ts";
import type { Credential, Session, Sighting } from "../../src/sessions/session.ts";
import { at, trailEvent } from "./event.ts";

/** One fact of a context built by hand: a read by `task-4711`, but for what the case is about. */
export function factOf(name: string, context: Partial<FactContext> = {}): FactValue {
  return factLookup({
    event: trailEvent(),
    session: null,
    credential: null,
    compared: null,
    issued: null,
    toolCall: null,
    config: Config.parse({}),
    asOf: at(3600),
    ...context,
  })(name);
}

/** The session of `task-4711`, of no agent and no known mode, but for what the case is about. */
export function session(
  overrides: Omit<Partial<Session>, "attribution"> & { attribution?: Partial<Attribution> } = {},
): Session {
  return {
    id: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
    anchor: "role-issue",
    groupKey: "AROATASK000000000000B:task-4711@2026-03-01T10:00:00.000Z",
    kind: "role-session",
    principalId: "AROATASK000000000000B:task-4711",
    arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
    account: "111111111111",
    role: {
      id: "AROATASK000000000000B",
      arn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
      name: "ro-inventory",
    },
    name: "task-4711",
    createdAt: at(0),
    firstAt: at(60),
    lastAt: at(60),
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
    mode: { mode: "unknown", basis: "none", isGuessed: false },
    distinctSecretCount: 0,
    secretBurstCount: 0,
    userAgentFamilies: [],
    task: null,
    ...overrides,
    attribution: { ...noAgent, ...overrides.attribution },
  };
}

const noAgent: Attribution = {
  agent: null,
  status: "none",
  basis: [],
  confidence: "low",
  fingerprint: null,
  agentKind: null,
  sessionNameMatches: null,
};

/** The key of `task-4711`, never used, but for what the case is about. */
export function credential(overrides: Partial<Credential> = {}): Credential {
  return {
    accessKeyId: "ASIATASKKEY000000001",
    kind: "temporary",
    issuance: null,
    expiresAt: null,
    firstAt: at(60),
    lastAt: at(60),
    useCount: 1,
    networks: [],
    userAgents: [],
    credentialSources: [],
    tasks: [],
    ...overrides,
  };
}

/** A value seen from one second to another. */
export function seen(value: string, kind: string, [from, to]: readonly [number, number]): Sighting {
  return { value, kind, firstAt: at(from), lastAt: at(to), count: 1 };
}
