import type { AgentIdentity } from "./inventory.ts";

/** An identity as JSON of ours has it: instants as text. */
export interface AgentIdentityView {
  readonly kind: AgentIdentity["kind"];
  readonly account: string | null;
  readonly subject: string;
  readonly agents: readonly string[];
  readonly found: AgentIdentity["found"];
  readonly owner: string | null;
  readonly mode: AgentIdentity["mode"];
  readonly lastSessionAt: string | null;
  readonly lastUsedAt: string | null;
  readonly accounts: readonly string[];
  readonly reachableRoleCount: number;
  readonly chains: readonly (readonly string[])[];
  readonly isReachCut: boolean;
  readonly permissions: AgentIdentity["permissions"];
  readonly services: AgentIdentity["services"];
}

export function identityJson(identity: AgentIdentity): AgentIdentityView {
  const { lastSessionAt, lastUsedAt, reach, ...rest } = identity;
  const { kind, account, subject, agents, found, owner, mode, permissions, services } = rest;
  return {
    kind, account, subject, agents, found, owner, mode,
    lastSessionAt: textOf(lastSessionAt), lastUsedAt: textOf(lastUsedAt),
    accounts: reach.accounts, reachableRoleCount: reach.roleCount, chains: reach.chains,
    isReachCut: reach.isCut, permissions, services,
  };
}

function textOf(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
