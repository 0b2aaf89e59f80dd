import type { AgentConfig, Config, ZoneConfig } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import { matchesGlob } from "../sessions/glob.ts";
import { networkDeclared } from "./declared-networks.ts";
import { assumedRoleOf } from "./event-targets.ts";
import type { Fact, FactContext, FactValue } from "./fact.ts";

const of = (name: string, type: Fact["type"], rest: {
  unit?: string;
  meaning: string;
  of: (context: FactContext) => FactValue;
}): Fact => ({ name: `agent.${name}`, type, unit: rest.unit ?? null, meaning: rest.meaning, of: rest.of });

/** Facts of the agent behind a session, declared or discovered; absent where no agent is seen. */
export const agentFacts: readonly Fact[] = [
  of("name", "text", {
    meaning: "The agent's name in the config, or the discovered family.",
    of: ({ session }) => session?.attribution.agent ?? null,
  }),
  of("status", "text", {
    meaning: "declared, discovered or none.",
    of: ({ session }) => session?.attribution.status ?? null,
  }),
  of("kind", "text", {
    meaning: "ai (a coding agent or assistant) or automation (Terraform, Ansible, CI), where it shows.",
    of: ({ session }) => session?.attribution.agentKind ?? null,
  }),
  of("confidence", "text", {
    meaning: "high, medium or low: how sure the attribution is.",
    of: ({ session }) => (session?.attribution.agent == null ? null : session.attribution.confidence),
  }),
  of("basis", "list", {
    meaning: "Why the session is believed to be the agent's: role-arn, session-name, user-agent, …",
    of: ({ session }) => session?.attribution.basis.map(({ by }) => by) ?? null,
  }),
  of("fingerprint", "text", {
    meaning: "The fingerprint of an agent anywhere in the session.",
    of: ({ session }) => session?.attribution.fingerprint ?? null,
  }),
  of("owner", "text", { meaning: "Its owner in the config.", of: (c) => agentOf(c)?.owner ?? null }),
  of("max_lifetime_seconds", "number", {
    unit: "seconds",
    meaning: "The longest credential lifetime its config allows.",
    of: (c) => agentOf(c)?.maxLifetimeSeconds ?? null,
  }),
  of("network_declared", "truth", {
    meaning: "Whether the call came from a network the agent declares; absent when it declares none, and " +
      "for calls through services.",
    of: (c) => {
      const { kind } = c.event.network;
      const isPlace = kind === "ipv4" || kind === "ipv6" || kind === "vpc-endpoint";
      return isPlace && agentOf(c) !== undefined ? networkDeclared(c, c.event.network) : null;
    },
  }),
  of("may_assume_target", "truth", {
    meaning: "Whether the role this call assumes is declared in the agent's mayAssume.",
    of: (c) => {
      const target = assumedRoleOf(c.event);
      if (target === null) return null;
      return agentOf(c)?.mayAssume.some((glob) => matchesGlob(glob, target)) ?? false;
    },
  }),
  of("sensitive_read_allowed", "truth", {
    meaning: "Whether the config allows this agent this operation as a sensitive read.",
    of: (c) =>
      agentOf(c)?.allowedSensitiveReads.some((glob) => matchesGlob(glob, c.event.operation)) ?? false,
  }),
  of("zone", "text", {
    meaning: "The forbidden zone that this call enters; absent when it enters none.",
    of: (c) => forbiddenZone(c.event, agentOf(c), c.config),
  }),
];

function agentOf({ config, session }: FactContext): AgentConfig | undefined {
  if (session?.attribution.status !== "declared") return undefined;
  return config.agents.find(({ name }) => name === session.attribution.agent);
}

function forbiddenZone(event: TrailEvent, agent: AgentConfig | undefined, config: Config): string | null {
  if (agent === undefined || agent.forbiddenZones.length === 0) return null;
  const zone = config.zones.find(({ name, ...zone }) => agent.forbiddenZones.includes(name) && isInZone(event, zone));
  return zone?.name ?? null;
}

/** Every kind of limit that a zone names must hold: `accounts` and `regions` together mean both. */
function isInZone(event: TrailEvent, zone: Omit<ZoneConfig, "name">): boolean {
  const { accounts, regions, services, resources } = zone;
  if (accounts.length + regions.length + services.length + resources.length === 0) return false;
  const arns = touched(event);
  return (
    (accounts.length === 0 || accounts.some((id) => id === event.account || arns.some((arn) => arn.split(":")[4] === id))) &&
    (regions.length === 0 || regions.some((glob) => matchesGlob(glob, event.region))) &&
    (services.length === 0 || services.some((glob) => matchesGlob(glob, event.service))) &&
    (resources.length === 0 || resources.some((glob) => arns.some((arn) => matchesGlob(glob, arn))))
  );
}

function touched(event: TrailEvent): readonly string[] {
  const assumed = assumedRoleOf(event);
  const denied = event.result.denial?.resource ?? null;
  return [...event.resources.map(({ arn }) => arn), assumed, denied].filter((arn) => arn !== null);
}
