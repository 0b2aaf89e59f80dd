import { agentFacts } from "./agent-facts.ts";
import { baselineFacts } from "./baseline-facts.ts";
import { credentialFacts } from "./credential-facts.ts";
import { eventFacts } from "./event-facts.ts";
import type { Fact, FactCatalogue, FactContext, FactValue } from "./fact.ts";
import { issuedFacts, sessionFacts } from "./session-facts.ts";
import { momentFacts } from "./moment-facts.ts";
import { revocationFacts } from "./revocation-facts.ts";
import { sourceFacts } from "./source-facts.ts";
import { taskFacts } from "./task-facts.ts";

/** What session, credential and config alone decide. */
const ofSession: ReadonlySet<string> = new Set([
  ...["role.mode", "role.mode_basis"],
  ...["id", "name", "anchor", "source_identity", "mfa", "chain_depth", "event_count",
    "denied_count", "distinct_secret_count", "secret_burst_count", "name_matches",
    "user_agent_families", "registered"].map((name) => `session.${name}`),
  ...["id", "kind", "use_count", "lifetime_seconds", "lifetime_excess_seconds", "networks_seen",
    "issuer_network", "first_user_agent", "first_source"].map((name) => `credential.${name}`),
  ...["name", "status", "kind", "confidence", "basis", "fingerprint", "owner",
    "max_lifetime_seconds", "deploys"].map((name) => `agent.${name}`),
]);

/** The whole vocabulary that rules may use, in the order people read it. */
export const facts: readonly Fact[] = [
  ...eventFacts,
  ...sessionFacts,
  ...issuedFacts,
  ...credentialFacts,
  ...agentFacts,
  ...taskFacts,
  ...baselineFacts,
  ...revocationFacts,
  ...momentFacts,
  ...sourceFacts,
].map((fact): Fact => ofSession.has(fact.name) ? { ...fact, isOfSession: true } : fact);

const byName: ReadonlyMap<string, Fact> = new Map(facts.map((fact) => [fact.name, fact]));

export const factCatalogue: FactCatalogue = {
  namespaces: new Set([
    ...facts.map(({ name }) => name.slice(0, name.indexOf("."))),
  ]),
  names: byName,
};

/** Facts that were asked for, numbered as they first were: rules ask for a fifth of all. */
const asked: Fact[] = [];
const numbers = new Map<string, number>();

/** Looks facts up in one context, each computed once, on first use. */
export function factLookup(context: FactContext): FactOf {
  return factReader()(context);
}

export type FactOf = (name: string) => FactValue;

/** The same in one context after the other: what it gave for the one before is of no more use. */
export function factReader(): (context: FactContext) => FactOf {
  // By number: every judged event has some ten entries, which a map would have to hash.
  const known: FactValue[] = [];
  const knownSince: number[] = [];
  let turn = 0;
  let context: FactContext;
  const factOf: FactOf = (name) => {
    const number = numbers.get(name) ?? numberOf(name);
    if (knownSince[number] === turn) return known[number] ?? null;
    const value = asked[number]?.of(context) ?? null;
    known[number] = value;
    knownSince[number] = turn;
    return value;
  };
  return (next) => {
    context = next;
    turn += 1;
    return factOf;
  };
}

function numberOf(name: string): number {
  const fact = byName.get(name);
  if (fact === undefined) {
    throw new Error(`No fact is named ${name}: rules are checked when loaded.`);
  }
  numbers.set(name, asked.length);
  return asked.push(fact) - 1;
}
