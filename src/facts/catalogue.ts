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
];

const byName: ReadonlyMap<string, Fact> = new Map(facts.map((fact) => [fact.name, fact]));

export const factCatalogue: FactCatalogue = {
  namespaces: new Set([
    ...facts.map(({ name }) => name.slice(0, name.indexOf("."))),
  ]),
  names: byName,
};

const numbers: ReadonlyMap<string, number> = new Map(facts.map(({ name }, i) => [name, i]));

/** Looks facts up in one context, each computed once, on first use. */
export function factLookup(context: FactContext): (name: string) => FactValue {
  // By number: every judged event has some forty entries, which a map would have to hash.
  const known: (FactValue | undefined)[] = blank.slice();
  return (name) => {
    const number = numbers.get(name) ?? -1;
    const cached = known[number];
    if (cached !== undefined) return cached;
    const fact = facts[number];
    if (fact === undefined) {
      throw new Error(`No fact is named ${name}: rules are checked when loaded.`);
    }
    const value = fact.of(context);
    known[number] = value;
    return value;
  };
}

const blank: readonly undefined[] = facts.map(() => undefined);
