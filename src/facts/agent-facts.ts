import type { AgentConfig } from "../config/schema.ts";
import { matchesGlob } from "../sessions/glob.ts";
import { declaredAgent, networkDeclared } from "./declared-networks.ts";
import { assumedRoleOf } from "./event-targets.ts";
import type { Fact, FactContext, FactValue, OfSession } from "./fact.ts";
import { forbiddenZone } from "./zones.ts";

const of = (name: string, type: Fact["type"], rest: {
  unit?: string;
  meaning: string;
  of: (context: FactContext) => FactValue;
  isOfSession?: (of: OfSession) => boolean;
}): Fact => ({ name: `agent.${name}`, type, unit: null, ...rest });

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
    meaning: "ai (a coding agent or assistant) or automation (Terraform, Ansible, CI), where it " +
      "shows.",
    of: ({ session }) => session?.attribution.agentKind ?? null,
  }),
  of("confidence", "text", {
    meaning: "high, medium or low: how sure the attribution is.",
    of: ({ session }) =>
      session?.attribution.agent == null ? null : session.attribution.confidence,
  }),
  of("basis", "list", {
    meaning: "Why the session is believed to be the agent's: role-arn, session-name, user-agent, …",
    of: ({ session }) => session?.attribution.basis.map(({ by }) => by) ?? null,
  }),
  of("fingerprint", "text", {
    meaning: "The fingerprint of an agent anywhere in the session.",
    of: ({ session }) => session?.attribution.fingerprint ?? null,
  }),
  of("owner", "text", {
    meaning: "Its owner in the config.",
    of: (context) => declaredAgent(context)?.owner ?? null,
  }),
  of("max_lifetime_seconds", "number", {
    unit: "seconds",
    meaning: "The longest credential lifetime its config allows.",
    of: (context) => declaredAgent(context)?.maxLifetimeSeconds ?? null,
  }),
  of("network_declared", "truth", {
    meaning: "Whether the call came from a network the agent declares; absent when it declares " +
      "none, and for calls through services.",
    isOfSession: (of) => (declaredAgent(of)?.networks.length ?? 0) === 0,
    of: (context) => {
      const { kind } = context.event.network;
      const isPlace = kind === "ipv4" || kind === "ipv6" || kind === "vpc-endpoint";
      return isPlace ? networkDeclared(context, context.event.network) : null;
    },
  }),
  of("may_assume_target", "truth", {
    meaning: "Whether the role this call assumes is declared in the agent's mayAssume.",
    of: (context) => {
      const target = assumedRoleOf(context.event);
      if (target === null) return null;
      return allows(declaredAgent(context)?.mayAssume, target);
    },
  }),
  of("sensitive_read_allowed", "truth", {
    meaning: "Whether the config allows this agent this operation as a sensitive read.",
    of: (context) =>
      allows(declaredAgent(context)?.allowedSensitiveReads, context.event.operation),
  }),
  of("deploys", "truth", {
    meaning: "Whether it is a declared agent under a role for deployment, by the config or the " +
      "role's name. A session tag, chosen by whoever asks for the session, does not count.",
    of: ({ session }) => {
      if (session?.attribution.status !== "declared") return false;
      const { mode, basis } = session.mode;
      return mode === "deploy" && (basis === "config" || basis === "role-name");
    },
  }),
  of("zone", "text", {
    meaning: "The forbidden zone that this call enters; absent when it enters none. Services " +
      "with one endpoint for the world (IAM, Route 53, …) are in no region.",
    isOfSession: (of) => (declaredAgent(of)?.forbiddenZones.length ?? 0) === 0,
    of: (context) => forbiddenZone(context.event, declaredAgent(context), context.config),
  }),
];

function allows(globs: AgentConfig["mayAssume"] | undefined, text: string): boolean {
  return globs?.some((glob) => matchesGlob(glob, text)) ?? false;
}
