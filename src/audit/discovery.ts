import type { Config } from "../config/schema.ts";
import { agentProducts } from "../events/agent-fingerprints.ts";
import { compileRoleGlob } from "../sessions/agent-matchers.ts";
import type { Glob } from "../sessions/glob.ts";
import type { Role, User } from "./identities.ts";
import type { Observed } from "./observed.ts";
import { trustIn } from "./trust.ts";

/** By what an identity is taken for an agent's, the surest first. */
export const discoveryBases = ["declared", "seen", "tag", "trust", "name"] as const;

export interface Discovery {
  readonly by: (typeof discoveryBases)[number];
  /** An agent's name, `agent=aider`, `bedrock.amazonaws.com`, `claude-code`. */
  readonly what: string;
}

/** Why a role or user is taken for an agent's; none: it is not. */
export function discoveriesOf(
  identity: Role | User,
  observed: Observed | null,
  config: Pick<Config, "agents">,
): readonly Discovery[] {
  // AWS's own services work under these.
  if (identity.path.startsWith("/aws-service-role/")) return [];
  const isRole = "trust" in identity;
  return [
    ...(isRole ? declaring(identity.arn, config) : []),
    ...(observed?.agents ?? []).map((what): Discovery => ({ by: "seen", what })),
    ...tagged(identity),
    ...(isRole ? trusted(identity) : []),
    ...named(identity),
  ];
}

/** Whose use of services is worth the seconds that asking for it takes. */
export function isAgents(
  config: Pick<Config, "agents">,
  history: { readonly observed: (arn: string) => Observed | null },
): (identity: Role | User) => boolean {
  return (identity) => discoveriesOf(identity, history.observed(identity.arn), config).length > 0;
}

/** Agents that the discoveries name. */
export function agentsIn(discoveries: readonly Discovery[]): readonly string[] {
  const names = discoveries.filter(({ by }) => by === "declared" || by === "seen");
  return [...new Set(names.map(({ what }) => what))].sort();
}

const compiled = new WeakMap<object, readonly { name: string; globs: readonly Glob[] }[]>();

function declaring(arn: string, { agents }: Pick<Config, "agents">): readonly Discovery[] {
  const known = compiled.get(agents) ??
    agents.map(({ name, roles }) => ({ name, globs: roles.map(compileRoleGlob) }));
  compiled.set(agents, known);
  return known.filter(({ globs }) => globs.some((matches) => matches(arn)))
    .map(({ name }) => ({ by: "declared", what: name }));
}

/** `agent`, `trailwarden:agent`, `AIAgent`, `ai-agent-name`. */
const agentTag = /^(?:[\w-]+[:/])?(?:ai[-_]?)?agent(?:[-_]?name)?$/i;

function tagged({ tags }: Role | User): readonly Discovery[] {
  return tags.filter(({ key }) => agentTag.test(key))
    .map(({ key, value }) => ({ by: "tag", what: `${key}=${value}` }));
}

/**
 * Who runs agents: Bedrock's agents and AgentCore's runtime by themselves, pipelines for others.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/agents-permissions.html
 * docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html
 */
const runners =
  /^(?:bedrock(?:-agentcore)?\.amazonaws\.com|.*token\.actions\.githubusercontent\.com)$/;

function trusted({ trust }: Role): readonly Discovery[] {
  const principals = (trustIn(trust) ?? []).flatMap((statement) => statement.principals);
  const found = principals
    .filter(({ kind, value }) => (kind === "Service" || kind === "Federated") &&
      runners.test(value))
    .map(({ value }) => value.slice(value.lastIndexOf("/") + 1));
  return [...new Set(found)].map((what) => ({ by: "trust", what }));
}

/** Programs that only gather and ship: `CloudWatchAgentServerRole`, `ssm-agent`. */
const shippers = /(?:cloudwatch|ssm|datasync|codedeploy|inspector|datadog|buildkite|newrelic)/i;

/** `agent` as a word of the name or path, or what a known agent is called. */
function named({ name, path }: Role | User): readonly Discovery[] {
  const words = `-${`${path}-${name}`.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase()
    .split(/[^a-z0-9]+/).filter((word) => word !== "").join("-")}-`;
  const product = [...agentProducts].find(([product]) => words.includes(`-${product}-`));
  if (product !== undefined) return [{ by: "name", what: product[1] }];
  const isAgent = /-agents?-/.test(words) && !shippers.test(name);
  return isAgent ? [{ by: "name", what: "agent" }] : [];
}
