import ipaddr from "ipaddr.js";
import type { AgentConfig, Config } from "../config/schema.ts";
import { memoise, memoiseOf, memoisePair } from "../events/memo.ts";
import type { Network } from "../events/network.ts";
import type { FactContext, OfSession } from "./fact.ts";

/** The config's agent behind a session; undefined for discovered ones, whatever their name. */
export function declaredAgent({ config, session }: OfSession): AgentConfig | undefined {
  if (session?.attribution.status !== "declared") return undefined;
  return agentsOf(config).get(session.attribution.agent ?? "");
}

const agentsOf = memoiseOf(({ agents }: Config): ReadonlyMap<string, AgentConfig> =>
  new Map(agents.map((agent) => [agent.name, agent])));

/**
 * Whether a network is one that the session's declared agent names. Null when it names none to
 * compare with, and for a private address it does not name: that one was seen through a VPC
 * endpoint and tells no place.
 */
export function networkDeclared(context: FactContext, network: Network): boolean | null {
  const names = declaredAgent(context)?.networks ?? [];
  if (names.length === 0) return null;
  if (isInAny(network, names, context.config)) return true;
  return network.kind === "vpc-endpoint" || isPublic(network.kind, network.name) ? false : null;
}

/** For agents that name no networks, and for everybody else, any network of the config will do. */
export function isDeclaredNetwork(context: FactContext, network: Network): boolean {
  const own = declaredAgent(context)?.networks ?? [];
  return isInAny(network, own.length > 0 ? own : allNames(context.config), context.config);
}

const allNames = memoiseOf(({ networks }: Config): readonly string[] =>
  networks.map(({ name }) => name));

/**
 * Whether a network (`203.0.113.0/24`, `2001:db8:1::/48`) is a place on the internet. RFC 1918,
 * loopback, link-local, shared and unique local addresses are seen through VPC endpoints, and
 * repeat from VPC to VPC.
 */
export function isPublic(kind: string, network: string): boolean {
  if (kind === "ipv6") return !/^(?:f[cd]|fe[89ab]|::\/)/.test(network);
  return kind === "ipv4" && !isPrivate(network);
}

const isPrivate = memoise(8192, (network) =>
  /^(?:10|127|0)\./.test(network) ||
  /^(?:192\.168|169\.254)\./.test(network) ||
  /^172\.(?:1[6-9]|2\d|3[01])\./.test(network) ||
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(network),
);

function isInAny(network: Network, names: readonly string[], config: Config): boolean {
  // What is no endpoint is the same object for the same address; see `events/network.ts`.
  return network.vpcEndpointId === null
    ? placesIn(config)(names)(network)
    : names.some((name) => isIn(network, name, config));
}

const placesIn = memoiseOf((config: Config) =>
  memoiseOf((names: readonly string[]) =>
    memoiseOf((network: Network) => names.some((name) => isIn(network, name, config)))));

/** `name` is a group of the config, a CIDR, or a VPC endpoint id. */
function isIn(network: Network, name: string, config: Config): boolean {
  if (network.vpcEndpointId !== null && network.vpcEndpointId === name) return true;
  for (const group of config.networks) {
    if (group.name !== name) continue;
    const { vpcEndpointId } = network;
    if (vpcEndpointId !== null && group.vpcEndpoints.includes(vpcEndpointId)) return true;
    for (const cidr of group.cidrs) if (contains(cidr, network)) return true;
    return false;
  }
  return name.includes("/") && contains(name, network);
}

/**
 * Whether the very address lies in the CIDR. An address behind a VPC endpoint never does: the same
 * private range is in the next account's VPC, so that only the endpoint's id tells whose it is.
 */
function contains(cidr: string, { kind, address }: Network): boolean {
  return (kind === "ipv4" || kind === "ipv6") && address !== null && liesIn(cidr, address);
}

/**
 * Taking an address or a CIDR apart costs more than all rules of an event together; both repeat. As
 * many as `events/network.ts` remembers.
 */
const liesIn = memoisePair(8192, (cidr, address) => {
  const place = ipaddr.isValid(address) ? ipaddr.process(address) : null;
  const block = ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : null;
  return place !== null && block !== null && place.kind() === block[0].kind() &&
    place.match(block);
});
