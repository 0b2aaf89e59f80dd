import type { z } from "zod";
import type { Config } from "../config/schema.ts";
import { mcpPermissionSet } from "./agents/mcp.ts";
import type { AgentProfile, Home } from "./agents/profile.ts";
import { profiles } from "./agents/profiles.ts";
import { accounts, networks, officeIpv6, prodEndpoint } from "./world.ts";

/** A config file's content, before defaults. */
export type ConfigDocument = z.input<typeof Config>;

/**
 * The simulated organisation as its own security team would declare it: with this, honest traffic
 * stays quiet.
 */
export function matchingConfig(): ConfigDocument {
  return {
    accounts: Object.entries(accounts).map(([name, id]) => ({ id, name })),
    networks: declaredNetworks(),
    zones: [
      { name: "production", accounts: [accounts.prod] },
      { name: "asia", regions: ["ap-*"] },
    ],
    roles: [...profiles.flatMap(rolesOf), { arn: mcpRole, mode: "readwrite" }],
    agents: [...profiles.map(agentOf), mcpAssistant],
  };
}

function declaredNetworks() {
  const v4 = Object.entries(networks)
    .filter(([name]) => !undeclared.has(name))
    .map(([name, prefix]) => ({ name, cidrs: [`${prefix}.0/24`] }));
  return [
    ...v4.map((group) =>
      group.name === "office" ? { ...group, cidrs: [...group.cidrs, `${officeIpv6}::/48`] } : group,
    ),
    { name: "prod-endpoints", vpcEndpoints: [prodEndpoint] },
  ];
}

/** Where incidents come from, and where people live: no agent has business there. */
const undeclared = new Set(["somewhere-else", "another-place", "staff-home"]);

function agentOf(profile: AgentProfile) {
  const { name, description, homes, chain, sessionPattern, networks: names } = profile;
  const { maxLiveCredentials, mustRegister } = profile;
  const chained = chain?.homes ?? [];
  const isLocal = homes.every(({ account }) => account !== accounts.prod);
  const isChaining = chained.length > 0;
  return {
    name,
    description,
    owner: "platform@example.com",
    roles: [...homes, ...chained].map(arnOf),
    sessionNames: [sessionPattern],
    networks: [...names],
    maxLifetimeSeconds: Math.max(...profile.lifetimesSeconds),
    ...(isChaining ? { mayAssume: chained.map(arnOf) } : {}),
    ...(isLocal && !isChaining ? { forbiddenZones: ["production", "asia"] } : {}),
    ...(maxLiveCredentials === undefined ? {} : { maxLiveCredentials }),
    ...(mustRegister === undefined ? {} : { mustRegister }),
    ...(profile.sensitiveReads === undefined
      ? {}
      : { allowedSensitiveReads: [...profile.sensitiveReads] }),
  };
}

const mcpRole = `arn:aws:iam::${accounts.dev}:role/${mcpPermissionSet}`;

const mcpAssistant = {
  name: "mcp-assistant",
  description: "The assistant behind the AWS MCP Server, under a permission set made for it.",
  owner: "platform@example.com",
  roles: [mcpRole],
  sessionNames: ["*@example.com"],
  networks: ["office"],
};

function rolesOf({ homes, chain, mode }: AgentProfile) {
  return [...homes, ...(chain?.homes ?? [])].map((home) => ({ arn: arnOf(home), mode }));
}

function arnOf({ account, path }: Home): string {
  return `arn:aws:iam::${account}:role/${path}`;
}
