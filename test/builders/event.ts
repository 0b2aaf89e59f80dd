import type { TrailEvent } from "../../src/events/event.ts";
import type { Principal } from "../../src/events/principal.ts";

export type EventOverrides = Omit<
  Partial<TrailEvent>,
  "principal" | "network" | "userAgent" | "result"
> & {
  readonly principal?: Partial<Principal>;
  readonly network?: Partial<TrailEvent["network"]>;
  readonly userAgent?: Partial<TrailEvent["userAgent"]>;
  readonly result?: Partial<TrailEvent["result"]>;
};

/** `2026-03-01T10:00:00Z` and so many seconds. */
export function at(seconds: number): number {
  return Date.UTC(2026, 2, 1, 10, 0, 0) + seconds * 1000;
}

const principal: Principal = {
  kind: "role-session",
  type: "AssumedRole",
  id: "AROATASK000000000000B:task-4711",
  arn: "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711",
  account: "111111111111",
  userName: null,
  accessKeyId: "ASIATASKKEY000000001",
  credentialKind: "temporary",
  role: {
    id: "AROATASK000000000000B",
    arn: "arn:aws:iam::111111111111:role/agents/ro-inventory",
    name: "ro-inventory",
    account: "111111111111",
    sessionName: "task-4711",
  },
  createdAt: at(0),
  mfa: false,
  sourceIdentity: null,
  signInSessionArn: null,
  fromConsole: false,
  assumedRoot: false,
  ec2RoleDelivery: null,
  identityProvider: null,
  federatedProvider: null,
  invokedBy: null,
  invokedByDelegate: null,
  onBehalfOf: null,
  inScopeOf: null,
  credentialId: null,
};

const base: TrailEvent = {
  id: "e-1",
  key: "k-1",
  at: at(60),
  source: "ec2.amazonaws.com",
  name: "DescribeInstances",
  operation: "ec2:DescribeInstances",
  service: "ec2",
  action: "ec2:DescribeInstances",
  region: "eu-west-1",
  account: "111111111111",
  type: "AwsApiCall",
  category: "Management",
  access: "list",
  accessBasis: "iam-data",
  isSensitiveRead: false,
  result: { outcome: "allowed", errorCode: null, errorMessage: null, denial: null },
  principal,
  network: {
    kind: "ipv4",
    name: "198.51.100.0/24",
    address: "198.51.100.9",
    vpcEndpointId: null,
  },
  userAgent: {
    text: "aws-cli/2.30.0 md/command#ec2.describe-instances",
    family: "aws-cli",
    version: "2.30.0",
    os: "linux",
    language: "python",
    execEnv: null,
    app: null,
    command: "ec2.describe-instances",
    sid: null,
    agent: null,
    credentialSource: null,
    codes: [],
    attackTool: null,
  },
  requestId: "r-1",
  sharedId: null,
  resources: [],
  addendum: null,
  mcp: null,
  record: {},
};

/**
 * A read by the role session `task-4711` one minute into its life, but for what the case is about.
 */
export function trailEvent(overrides: EventOverrides = {}): TrailEvent {
  return {
    ...base,
    ...overrides,
    principal: { ...principal, ...overrides.principal },
    network: { ...base.network, ...overrides.network },
    userAgent: { ...base.userAgent, ...overrides.userAgent },
    result: { ...base.result, ...overrides.result },
  };
}

/** A role session's principal: the role, its session name, when it was issued, its key. */
export function rolePrincipal(role: {
  readonly name: string;
  readonly session: string;
  readonly createdAt: number | null;
  readonly accessKeyId: string | null;
  readonly account?: string;
  readonly path?: string;
}): Principal {
  const account = role.account ?? "111111111111";
  const id = `AROA${role.name.toUpperCase().replace(/[^A-Z0-9]/g, "")}`;
  return {
    ...principal,
    id: `${id}:${role.session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${role.session}`,
    account,
    accessKeyId: role.accessKeyId,
    credentialKind: role.accessKeyId === null ? "none" : "temporary",
    createdAt: role.createdAt,
    role: {
      id,
      arn: `arn:aws:iam::${account}:role${role.path ?? "/"}${role.name}`,
      name: role.name,
      account,
      sessionName: role.session,
    },
  };
}

/** What is null for a long-term key's owner, root, a service, a foreign account. */
export function otherPrincipal(overrides: Partial<Principal>): Principal {
  return {
    ...principal,
    type: null,
    id: null,
    arn: null,
    accessKeyId: null,
    credentialKind: "none",
    role: null,
    createdAt: null,
    mfa: null,
    ...overrides,
  };
}
