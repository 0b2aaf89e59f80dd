import type { Credential, Sighting } from "../sessions/session.ts";
import { isDeclaredNetwork, isPublic } from "./declared-networks.ts";
import type { FactContext } from "./fact.ts";

/** A call made with a credential. */
export type Use = FactContext & { readonly credential: Credential };

/** A private address before it says nothing: it was seen through a VPC endpoint. */
export function firstNetwork({ credential, event }: Use): Sighting | undefined {
  const { kind } = event.network;
  for (const each of credential.networks) {
    if (each.kind === kind && isPublic(kind, each.value)) return each;
  }
  return undefined;
}

/** The first public network of each address family: what calls of that family are compared with. */
export function firstNetworks({ networks }: Credential): readonly Sighting["value"][] {
  const placed = networks.filter(({ kind, value }) => isPublic(kind, value));
  return placed
    .filter(({ kind }, i) => placed.findIndex((each) => each.kind === kind) === i)
    .map(({ kind, value }) => `${kind} ${value}`);
}

/** How each public network goes with the first of its family: nothing while there is only one. */
export function overlaps(
  { networks }: Credential,
  compare: (first: Sighting, here: Sighting) => unknown,
): readonly unknown[] {
  const placed = networks.filter(({ kind, value }) => isPublic(kind, value));
  return placed.map((here) => {
    const first = placed.find(({ kind }) => kind === here.kind);
    return [here.kind, here.value, first === here ? null : first && compare(first, here)];
  });
}

/** Only public addresses can show that a key moved: everything else has no place. */
export function networkChanged(use: Use): boolean {
  const { event } = use;
  const first = firstNetwork(use);
  if (first === undefined || first.value === event.network.name) return false;
  if (!isPublic(event.network.kind, event.network.name) || roams(use)) return false;
  return !isDeclaredNetwork(use, event.network) && !event.principal.fromConsole;
}

/**
 * Whether it was used from one network of each kind alone, but for the console's calls, which are
 * not told here and never count as a change. What a service called from is told as the service's,
 * whatever its address: where there is such a call, who knows.
 */
export function keepsItsPlaces({ networks }: Credential): boolean {
  return networks.length < 2 || networks.every(({ kind }, i) =>
    kind !== "service" && networks.findIndex((each) => each.kind === kind) === i);
}

/** Lambda moves between AWS's own addresses; Systems Manager's agent calls from its host. */
function roams({ event }: Use): boolean {
  const { execEnv, text: agent } = event.userAgent;
  if (execEnv?.startsWith("AWS_Lambda_") === true) return true;
  if (event.principal.inScopeOf?.issuerType === "AWS::Lambda::Function") return true;
  return agent !== null && (/amazon-ssm-agent/.test(agent) || agent.startsWith("awslambda-worker"));
}

/** The first network's span and this call's; null where the bounded state kept only one. */
function bothNetworks(use: Use): readonly [first: Sighting, here: Sighting] | null {
  const first = firstNetwork(use);
  const { kind, name } = use.event.network;
  const here = use.credential.networks.find((each) => each.value === name && each.kind === kind);
  return first === undefined || here === undefined ? null : [first, here];
}

export function overlapSeconds(use: Use): number {
  const both = bothNetworks(use);
  if (both === null) return 0;
  const [first, here] = both;
  return Math.max(0, (Math.min(first.lastAt, here.lastAt) - here.firstAt) / 1000);
}

/** A single call from elsewhere lasts no time, yet it came amid the owner's. */
export function networksOverlap(use: Use): boolean {
  const both = bothNetworks(use);
  return both !== null && both[1].firstAt < both[0].lastAt;
}

/** Judged on the credential's first place only: later moves are `network_changed`'s. */
export function issuerNetworkDiffers(use: Use): boolean {
  const issuer = use.credential.issuance?.issuer;
  const { kind, name } = use.event.network;
  if (issuer === undefined || kind !== issuer.networkKind || name === issuer.network) return false;
  if (!isPublic(issuer.networkKind, issuer.network) || roams(use)) return false;
  return firstNetwork(use)?.value === name && !isDeclaredNetwork(use, use.event.network);
}

/** Or never was issued, as far as is known. */
export function isUsedWhereIssued({ issuance, networks }: Credential): boolean {
  if (issuance === null) return true;
  const { network, networkKind } = issuance.issuer;
  const [only] = networks;
  return networks.length === 1 && (only?.kind !== networkKind || only.value === network);
}
