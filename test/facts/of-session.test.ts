import { describe, expect, test } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { facts } from "../../src/facts/catalogue.ts";
import type { FactContext } from "../../src/facts/fact.ts";
import { at } from "../builders/event.ts";
import { credential, seen, session } from "../builders/fact-context.ts";
import { issuance } from "../builders/session.ts";

const config = Config.parse({
  agents: [{ name: "a", roles: ["*/ro-*"], maxLifetimeSeconds: 900, mustRegister: true }],
});
const used = credential({
  issuance: issuance({}), expiresAt: at(3600),
  networks: [seen("198.51.100.0/24", "ipv4", [0, 60])],
  userAgents: [seen("aws-cli/linux/python", "", [0, 60])],
  credentialSources: [seen("environment", "", [0, 60])],
});
const attribution = { agent: "a", basis: [], confidence: "high" } as const;
const sessions = [
  session(),
  session({ attribution: { ...attribution, status: "declared" }, credentials: [used],
    mode: { mode: "deploy", basis: "config", isGuessed: false } }),
  session({ attribution: { ...attribution, status: "discovered" } }),
];

describe("of a call, its place in the session, and what came of it", () => {
  test.each(facts.filter(({ isOfSession }) => isOfSession === true).map((fact) =>
    [fact.name, fact] as const))("%s sees nothing", (_name, fact) => {
    for (const of of sessions) {
      for (const key of [null, used]) {
        expect(() => fact.of(sealed({ config, session: of, credential: key }))).not.toThrow();
      }
    }
  });

  test("other facts do", () => {
    const context = sealed({ config, session: session(), credential: used });
    const fact = facts.find(({ name }) => name === "session.age_seconds");
    expect(() => fact?.of(context)).toThrow("event");
  });
});

/** A context that gives these, and fails whoever asks for anything else. */
function sealed(given: Pick<FactContext, "config" | "session" | "credential">): FactContext {
  return new Proxy(given, {
    get: (target, key) => {
      if (Object.hasOwn(target, key)) return Reflect.get(target, key) as unknown;
      throw new Error(`It asked for ${String(key)}.`);
    },
  }) as FactContext;
}
