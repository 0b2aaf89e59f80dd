import { memoise } from "../events/memo.ts";
import type { Credential, Sighting } from "../sessions/session.ts";
import type { Fact, FactValue, OfSession } from "./fact.ts";
import {
  firstNetwork, firstNetworks, issuerNetworkDiffers, isUsedWhereIssued, keepsItsPlaces,
  networkChanged, networksOverlap, overlaps, overlapSeconds, type Use,
} from "./credential-places.ts";
import { declaredAgent } from "./declared-networks.ts";

const of = (
  name: string,
  [type, unit]: readonly [Fact["type"], string | null],
  rest: {
    meaning: string;
    of: (use: Use) => FactValue;
    isOfSession?: (credential: Credential) => boolean;
    grows?: (credential: Credential) => unknown;
  },
): Fact => ({
  name: `credential.${name}`,
  type,
  unit,
  meaning: rest.meaning,
  of: (context) => (context.credential === null ? null : rest.of(context as Use)),
  ...(rest.isOfSession === undefined ? {} : { isOfSession: ofCredential(rest.isOfSession) }),
  ...(rest.grows === undefined ? {} : { grows: { with: "credential", view: rest.grows } }),
});
const ofCredential = (is: (credential: Credential) => boolean) => ({ credential }: OfSession) =>
  credential === null || is(credential);
const text = ["text", null] as const;
const truth = ["truth", null] as const;
const list = ["list", null] as const;
const seconds = ["number", "seconds"] as const;

/**
 * Facts of the access key a call was made with. They compare the call with the credential's *final*
 * state, so a late record changes what is said of earlier ones, never which of two orders was read.
 */
export const credentialFacts: readonly Fact[] = [
  of("id", text, { meaning: "The access key id.", of: ({ credential }) => credential.accessKeyId }),
  of("kind", text, { meaning: "long-term or temporary.", of: ({ credential }) => credential.kind }),
  of("use_count", ["number", "count"], {
    meaning: "Calls made with it.",
    of: ({ credential }) => credential.useCount,
    grows: ({ useCount }) => useCount,
  }),
  of("lifetime_seconds", seconds, {
    meaning: "From issue to expiry, as issued; absent when the issuance was not seen.",
    of: ({ credential }) => lifetimeSeconds(credential),
  }),
  of("lifetime_excess_seconds", seconds, {
    meaning: "How much longer it lives than the agent's maxLifetimeSeconds; 0 within it.",
    of: (use) => {
      const longest = declaredAgent(use)?.maxLifetimeSeconds;
      const lifetime = lifetimeSeconds(use.credential);
      return longest === undefined || lifetime === null ? null : Math.max(0, lifetime - longest);
    },
  }),
  of("remaining_seconds", seconds, {
    meaning: "Valid for so long after this call; absent when its expiry is not known.",
    of: ({ credential, event }) =>
      credential.expiresAt === null ? null : (credential.expiresAt - event.at) / 1000,
  }),
  of("networks_seen", list, {
    meaning: "Every network it was used from, first use first.",
    of: ({ credential }) => credential.networks.map(({ value }) => value),
    grows: ({ networks }) => networks.map(({ value }) => value),
  }),
  of("first_network", text, {
    meaning: "The network it was first used from: the first public one of this call's address " +
      "family.",
    of: (use) => firstNetwork(use)?.value ?? null,
    grows: firstNetworks,
  }),
  of("network_changed", truth, {
    meaning: "This call came from another network than the credential's first of the same " +
      "address family. Services, VPC endpoints, private addresses, declared networks and roaming " +
      "compute do not count.",
    of: networkChanged,
    isOfSession: keepsItsPlaces,
    grows: firstNetworks,
  }),
  of("network_overlap_seconds", seconds, {
    meaning: "For how long both networks used it at the same time; 0 when one came after the " +
      "other, or for one moment only.",
    of: (use) => (networkChanged(use) ? overlapSeconds(use) : 0),
    grows: (credential) => overlaps(credential, (first, here) =>
      Math.min(first.lastAt, here.lastAt) - here.firstAt),
  }),
  of("networks_overlap", truth, {
    meaning: "Whether the first network went on using it after this one had begun.",
    of: (use) => networkChanged(use) && networksOverlap(use),
    grows: (credential) => overlaps(credential, (first, here) => here.firstAt < first.lastAt),
  }),
  of("issuer_network_differs", truth, {
    meaning: "Issued to one address network, first used from another that is not declared.",
    of: issuerNetworkDiffers,
    isOfSession: isUsedWhereIssued,
    grows: firstNetworks,
  }),
  of("issuer_network", text, {
    meaning: "The network the credential was asked for from.",
    of: ({ credential }) => credential.issuance?.issuer.network ?? null,
  }),
  of("user_agent_change", text, {
    meaning: "What differs from the credential's first user agent: os, language or nothing.",
    of: userAgentChange,
    grows: (credential) => firstClient(credential)?.value,
  }),
  of("first_user_agent", text, {
    meaning: "family/os/language of its first use by a client.",
    of: ({ credential }) => firstClient(credential)?.value ?? null,
    grows: (credential) => firstClient(credential)?.value,
  }),
  of("source_changed", truth, {
    meaning: "The SDK's own credential-source code is another than at first (container -> " +
      "environment).",
    of: ({ credential, event }) => {
      const first = credential.credentialSources[0];
      const now = event.userAgent.credentialSource;
      return first !== undefined && now !== null && now !== first.value;
    },
    grows: firstSource,
  }),
  of("first_source", text, {
    meaning: "Where the SDK first said the credential came from.",
    of: ({ credential }) => credential.credentialSources[0]?.value ?? null,
    grows: firstSource,
  }),
];

function lifetimeSeconds({ issuance, expiresAt }: Credential): number | null {
  return issuance === null || expiresAt === null ? null : (expiresAt - issuance.at) / 1000;
}

function firstSource({ credentialSources }: Credential): string | undefined {
  return credentialSources[0]?.value;
}

const notClients = new Set(["console", "browser", "service", "internal", "aws-mcp", "unknown"]);

/** `family/os/language` taken apart: a few hundred stand behind millions of calls. */
const clientOf = memoise(1024, (client) => client.split("/"));

/** What a service shows when it calls for the session is not the session's client. */
function firstClient({ userAgents }: Credential): Sighting | undefined {
  for (const each of userAgents) {
    if (each.kind !== "service" && !notClients.has(clientOf(each.value)[0] ?? "")) return each;
  }
  return undefined;
}

/** `family/os/language` of the first client against this one's; what is not told does not count. */
function userAgentChange({ credential, event }: Use): string | null {
  const first = firstClient(credential);
  const { family, os, language } = event.userAgent;
  if (first === undefined || notClients.has(family)) return null;
  if (event.principal.invokedBy !== null) return null;
  const [firstFamily, firstOs, firstLanguage] = clientOf(first.value);
  if (differs(firstOs, os)) return "os";
  return firstFamily !== family && differs(firstLanguage, language) ? "language" : null;
}

function differs(first: string | undefined, now: string | null): boolean {
  return isTold(first) && isTold(now) && first !== now;
}

/** Go's SDK says `os/other` where it does not know. */
function isTold(value: string | null | undefined): boolean {
  return value !== undefined && value !== null && value !== "" && value !== "other";
}
