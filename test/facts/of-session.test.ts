import { describe, expect, test } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { facts } from "../../src/facts/catalogue.ts";
import type { TrailEvent } from "../../src/events/event.ts";
import type { FactContext } from "../../src/facts/fact.ts";
import { at, trailEvent } from "../builders/event.ts";
import { credential, factOf, seen, session } from "../builders/fact-context.ts";
import { issuance } from "../builders/session.ts";
import type { Credential } from "../../src/sessions/session.ts";

const config = Config.parse({
  agents: [
    { name: "a", roles: ["*/ro-*"], maxLifetimeSeconds: 900, mustRegister: true },
    { name: "placed", roles: ["*/placed"], networks: ["198.51.100.0/24"], forbiddenZones: ["far"] },
  ],
  zones: [{ name: "far", regions: ["ap-east-1"] }],
});
const used = credential({
  issuance: issuance({}), expiresAt: at(3600),
  networks: [seen("198.51.100.0/24", "ipv4", [0, 60])],
  userAgents: [seen("aws-cli/linux/python", "", [0, 60])],
  credentialSources: [seen("environment", "", [0, 60])],
});
const moved = credential({
  issuance: issuance({ issuer: { network: "192.0.2.0/24" } }),
  networks: [seen("198.51.100.0/24", "ipv4", [0, 60]), seen("203.0.113.0/24", "ipv4", [60, 90])],
});
const attribution = { agent: "a", basis: [], confidence: "high" } as const;
const tie = {
  id: "t", agent: "a", externalId: "T-1", mode: "readonly", outcome: "succeeded", startedAt: at(0),
  endedAt: at(600), expectedSeconds: null, by: "access-key",
} as const;
/** Whatever a call may show: places, times, targets. */
const request = {
  roleName: "ro-inventory", roleArn: "arn:aws:iam::111111111111:role/x", bucketName: "b",
  policyName: "trailwarden", policyArn: "arn:aws:iam::111111111111:policy/trailwarden",
};
const calls = ([
  ["s3", "ListBuckets", "eu-west-1", "198.51.100.0/24", 60],
  ["s3", "GetObject", "ap-east-1", "203.0.113.0/24", 5000],
  ["iam", "CreateAccessKey", "us-east-1", "203.0.113.0/24", 5000],
  ["iam", "PutRolePolicy", "us-east-1", "203.0.113.0/24", 5000],
  ["s3", "PutBucketPolicy", "ap-east-1", "198.51.100.0/24", 5000],
] as const).map(([service, name, region, network, after]) => trailEvent({
  service, name, source: `${service}.amazonaws.com`, operation: `${service}:${name}`, region,
  at: at(after), network: { kind: "ipv4", name: network, address: network.replace("0/24", "7") },
  record: { requestParameters: request },
}));
/** With the same key, but in no lane of it: no credential is told where the console called from. */
const byConsole = trailEvent({
  at: at(70), principal: { fromConsole: true },
  network: { kind: "ipv4", name: "192.0.2.0/24", address: "192.0.2.9" },
});
const issuing = [trailEvent({ source: "sts.amazonaws.com", name: "AssumeRole" })];
const sessions = [
  session({ revocations: [{ revocationId: "r", accessKeyId: null, since: at(900), until: null }] }),
  session({ attribution: { ...attribution, agent: "placed", status: "declared" },
    credentials: [{ ...used, tasks: [tie] }] }),
  session(),
  session({ attribution: { ...attribution, status: "declared" }, credentials: [used],
    mode: { mode: "deploy", basis: "config", isGuessed: false } }),
  session({ attribution: { ...attribution, status: "discovered" }, credentials: [moved] }),
  session({ attribution: { ...attribution, agent: "placed", status: "declared" },
    credentials: [moved] }),
];
/** What may be called with it, as a credential knows where it was ever called from. */
function callsWith(key: Credential | null): typeof calls {
  if (key === null) return calls;
  const isSeen = ({ network }: TrailEvent) =>
    key.networks.some(({ value }) => value === network.name);
  return [...calls.filter(isSeen), byConsole];
}

describe("of a call, its place in the session, and what came of it", () => {
  test.each(facts.filter(({ isOfSession }) => isOfSession === true).map((fact) =>
    [fact.name, fact] as const))("%s sees nothing", (_name, fact) => {
    for (const of of sessions) {
      for (const key of [null, used]) {
        expect(() => fact.of(sealed({ config, session: of, credential: key }))).not.toThrow();
      }
    }
  });

  test.each(facts.filter(({ isOfSession }) => typeof isOfSession === "function").map((fact) =>
    [fact.name, fact] as const))("%s sees nothing where it says so", (_name, fact) => {
    const said = sessions.map((of) => {
      const settled = { config, session: of, credential: of.credentials[0] ?? null };
      const values = callsWith(settled.credential).map((event) => fact.of({
        ...settled, event, compared: null, issued: null, toolCall: null, asOf: at(9000),
      }));
      const isSettled = typeof fact.isOfSession === "function" && fact.isOfSession(settled);
      return { isSettled, isSame: new Set(values).size === 1 };
    });
    expect(said.filter(({ isSettled, isSame }) => isSettled && !isSame)).toEqual([]);
    expect(said.filter(({ isSettled }) => isSettled).length).toBeGreaterThan(0);
    expect(said.filter(({ isSame }) => !isSame).length).toBeGreaterThan(0);
  });

  test("other facts do", () => {
    const context = sealed({ config, session: session(), credential: used });
    const fact = facts.find(({ name }) => name === "session.age_seconds");
    expect(() => fact?.of(context)).toThrow("event");
  });
});

describe("a call that is none of those that a fact is of", () => {
  const others = calls.filter(({ name }) => name === "ListBuckets" || name === "GetObject");
  test.each(facts.filter(({ ofCalls }) => ofCalls !== undefined).map((fact) =>
    [fact.name, fact] as const))("says nothing of %s", (_name, fact) => {
    for (const event of others) {
      expect(fact.ofCalls?.are(event)).toBe(false);
      expect(factOf(fact.name, { event })).toBe(fact.ofCalls?.otherwise);
    }
    expect(issuing.concat(calls).some((event) => fact.ofCalls?.are(event))).toBe(true);
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
