import type { Config } from "../config/schema.ts";
import type { Mode } from "../sessions/attribution.ts";
import { modeOf } from "../sessions/mode.ts";
import { BecomingGraph, reachOf, type Becoming, type Reach } from "./becoming.ts";
import { agentsIn, discoveriesOf, type Discovery } from "./discovery.ts";
import type { History } from "./history.ts";
import type { Role, User } from "./identities.ts";
import type { Observed } from "./observed.ts";
import type { Permissions } from "./permissions.ts";
import type { Account } from "./snapshot.ts";
import type { AgentSubject } from "./subject.ts";

export const identityKinds = ["role", "user", "sign-in", "agent"] as const;

/** What an agent is in some account: a role, a user, a person's sign-in; or only a name. */
export interface AgentIdentity {
  readonly kind: (typeof identityKinds)[number];
  /** Null: of an agent of which no identity is known. */
  readonly account: string | null;
  /** An ARN, or an agent's name. */
  readonly subject: string;
  readonly agents: readonly string[];
  readonly found: readonly Discovery[];
  /** As the config, or a tag, says. */
  readonly owner: string | null;
  readonly mode: Mode;
  /** ms UTC; null: never, in all of our history. */
  readonly lastSessionAt: number | null;
  /** As IAM says, in the last 400 days; null: never, or it does not say. */
  readonly lastUsedAt: number | null;
  readonly reach: Reach;
  /** Null where it is not known what it may do. */
  readonly permissions: UsedPermissions | null;
  /** As IAM says, of the last 400 days; null: it does not, or was not asked. */
  readonly services: UsedServices | null;
}

/** Services that its policies allow, and those of them that it called, denied or not. */
export interface UsedServices {
  readonly grantedCount: number;
  readonly usedCount: number;
}

export interface UsedPermissions {
  readonly grantedCount: number;
  /** Of those; null: its calls are not watched. */
  readonly usedCount: number | null;
}

/** Who agents are, and whom they may become. */
export interface Inventory {
  readonly identities: readonly AgentIdentity[];
  /** Every step that any of them may take, and who outside may become them. */
  readonly becoming: readonly Becoming[];
  readonly isCut: boolean;
}

export interface InventoryInput {
  readonly accounts: readonly Account[];
  readonly config: Config;
  readonly history: History;
}

export function inventoryOf(input: InventoryInput): Inventory {
  const turns = inventoryInTurns(input);
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
  }
}

/** The same; between turns others may do something. */
export function* inventoryInTurns(input: InventoryInput): Generator<undefined, Inventory> {
  const { accounts, history } = input;
  const graph = new BecomingGraph(accounts, history);
  const held: AgentIdentity[] = [];
  for (const account of accounts) {
    for (const identity of inAccount(account, graph, input)) {
      held.push(identity);
      yield;
    }
  }
  const identities = [
    ...held,
    ...history.sessions.signIns().map((signIn): AgentIdentity => ({
      kind: "sign-in", account: signIn.account, subject: signIn.arn, agents: signIn.agents,
      found: signIn.agents.map((what) => ({ by: "seen", what })),
      owner: ownerIn(signIn.agents, [], input.config), mode: "unknown",
      lastSessionAt: signIn.lastSessionAt, lastUsedAt: null, reach: nowhere(signIn.account),
      permissions: null, services: null,
    })),
  ];
  const named = new Set(identities.flatMap(({ agents }) => agents));
  const nameless = history.agents().filter(({ name }) => !named.has(name));
  const all = [...identities, ...nameless.map((agent) => onlyNamed(agent, input))];
  return { identities: all, ...stepsOf(all, graph) };
}

function* inAccount(
  { id, identities }: Account,
  graph: BecomingGraph,
  input: InventoryInput,
): Generator<AgentIdentity> {
  const { history } = input;
  if (!identities.known) {
    for (const arn of history.rolesOf(id)) {
      const observed = history.observed(arn);
      if (observed === null || observed.agents.length === 0) continue;
      yield seenOnly({ arn, account: id, observed }, graph, input);
    }
    return;
  }
  const { roles, users } = identities.value;
  for (const identity of [...roles, ...users]) {
    const observed = history.observed(identity.arn);
    const found = discoveriesOf(identity, observed, input.config);
    if (found.length === 0) continue;
    yield knownIdentity({ identity, account: id, observed, found }, graph, input);
  }
}

interface Found {
  readonly identity: Role | User;
  readonly account: string;
  readonly observed: Observed | null;
  readonly found: readonly Discovery[];
}

function knownIdentity(
  { identity, account, observed, found }: Found,
  graph: BecomingGraph,
  { config }: InventoryInput,
): AgentIdentity {
  const { arn, name, tags } = identity;
  const agents = agentsIn(found);
  const isRole = "trust" in identity;
  const tagged = Object.fromEntries(tags.map(({ key, value }) => [key, value]));
  const permissions = graph.permissionsOf(arn);
  return {
    kind: isRole ? "role" : "user", account, subject: arn, agents, found,
    owner: ownerIn(agents, tags, config),
    mode: modeOf({ roleArn: arn, roleName: name, tags: tagged, policyArns: [] }, config).mode,
    lastSessionAt: observed?.lastSessionAt ?? null,
    lastUsedAt: isRole ? identity.lastUsed?.at ?? null : keyUse(identity),
    reach: reachOf(arn, graph),
    permissions: permissions === null || permissions.unread.length > 0
      ? null : usedOf(permissions, observed),
    services: servicesOf(identity),
  };
}

function servicesOf({ serviceUse }: Role | User): UsedServices | null {
  if (!serviceUse.known) return null;
  const used = serviceUse.value.filter(({ lastUsedAt }) => lastUsedAt !== null);
  return { grantedCount: serviceUse.value.length, usedCount: used.length };
}

/** A role that only our own history knows. */
function seenOnly(
  { arn, account, observed }: {
    readonly arn: string; readonly account: string; readonly observed: Observed;
  },
  graph: BecomingGraph,
  { config }: InventoryInput,
): AgentIdentity {
  const { agents, lastSessionAt } = observed;
  const roleName = arn.slice(arn.lastIndexOf("/") + 1);
  return {
    kind: "role", account, subject: arn, agents,
    found: agents.map((what) => ({ by: "seen", what })),
    owner: ownerIn(agents, [], config),
    mode: modeOf({ roleArn: arn, roleName, tags: {}, policyArns: [] }, config).mode,
    lastSessionAt, lastUsedAt: null, reach: reachOf(arn, graph), permissions: null,
    services: null,
  };
}

function onlyNamed(agent: AgentSubject, { config }: InventoryInput): AgentIdentity {
  const { name, isDeclared, lastSeenAt } = agent;
  return {
    kind: "agent", account: null, subject: name, agents: [name],
    found: [{ by: isDeclared ? "declared" : "seen", what: name }],
    owner: ownerIn([name], [], config), mode: "unknown", lastSessionAt: lastSeenAt,
    lastUsedAt: null, reach: nowhere(null), permissions: null, services: null,
  };
}

function nowhere(account: string | null): Reach {
  const accounts = account === null ? [] : [account];
  return { accounts, roleCount: 0, chains: [], isCut: false };
}

function ownerIn(
  agents: readonly string[],
  tags: Role["tags"],
  config: Pick<Config, "agents">,
): string | null {
  const declared = config.agents.find(({ name, owner }) =>
    agents.includes(name) && owner !== undefined)?.owner;
  return declared ?? tags.find(({ key }) => /^(?:[\w-]+:)?owner$/i.test(key))?.value ?? null;
}

function keyUse({ accessKeys }: User): number | null {
  const uses = accessKeys.known
    ? accessKeys.value.flatMap(({ lastUsed }) =>
      lastUsed.known && lastUsed.value !== null ? [lastUsed.value.at] : [])
    : [];
  return uses.length === 0 ? null : Math.max(...uses);
}

function usedOf(permissions: Permissions, observed: Observed | null): UsedPermissions {
  const granted = permissions.actions;
  if (observed === null) return { grantedCount: granted.length, usedCount: null };
  const used = new Set(observed.actions.filter(({ allowedCount }) => allowedCount > 0)
    .map(({ action }) => action.toLowerCase()));
  const usedCount = granted.filter(({ name }) => used.has(name.toLowerCase())).length;
  return { grantedCount: granted.length, usedCount };
}

/** What a drawing of them could hold at all, and more. */
const stepsMax = 5000;

function stepsOf(
  identities: readonly AgentIdentity[],
  graph: BecomingGraph,
): Pick<Inventory, "becoming" | "isCut"> {
  const steps = new Map<string, Becoming>();
  const left = identities.filter(({ kind }) => kind === "role" || kind === "user")
    .map(({ subject }) => subject);
  const seen = new Set(left);
  for (const arn of seen) {
    if (steps.size >= stepsMax) return { becoming: [...steps.values()], isCut: true };
    for (const step of [...graph.outsidersOf(arn), ...graph.nextOf(arn)]) {
      steps.set(`${step.from} ${step.to}`, step);
      if (step.from === arn) seen.add(step.to);
    }
  }
  return { becoming: [...steps.values()], isCut: false };
}
