import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import { facts } from "../../src/facts/catalogue.ts";
import type { Fact, FactContext } from "../../src/facts/fact.ts";
import { lastingOf } from "../../src/findings/sight.ts";
import type { Credential, Session, Sighting } from "../../src/sessions/session.ts";
import type { ToolCall } from "../../src/sessions/state.ts";
import { at, trailEvent } from "../builders/event.ts";
import { session } from "../builders/fact-context.ts";
import { issuance } from "../builders/session.ts";

const config = Config.parse({
  agents: [{ name: "a", roles: ["*/ro-*"], networks: ["203.0.113.0/24"], maxLifetimeSeconds: 900 }],
});
const instant = fc.integer({ min: 0, max: 9 }).map((n) => at(n * 60));
const count = fc.integer({ min: 0, max: 3 });

function sightings(seen: readonly (readonly [kind: string, value: string])[]) {
  const one = fc.record({ of: fc.constantFrom(...seen), times: fc.tuple(instant, instant), count });
  return fc.uniqueArray(one, { maxLength: 4, selector: ({ of: [, value] }) => value }).map((all) =>
    all
      .map(({ of: [kind, value], times: [a, b], count }): Sighting => (
        { kind, value, firstAt: Math.min(a, b), lastAt: Math.max(a, b), count }
      ))
      .sort((a, b) => a.firstAt - b.firstAt || (a.value < b.value ? -1 : 1)));
}

const places = [
  ["ipv4", "198.51.100.0/24"], ["ipv4", "203.0.113.0/24"], ["ipv4", "192.0.2.0/24"],
  ["ipv4", "10.0.0.0/24"], ["ipv6", "2001:db8:1::/48"], ["ipv6", "2001:db8:2::/48"],
  ["service", "config.amazonaws.com"],
] as const;

/** What a credential and its session show of calls: all of it grows with each. */
const growing = fc.record({
  session: fc.record({
    firstAt: instant, lastAt: instant, eventCount: count, deniedCount: count,
    counts: fc.record({ read: count }), distinctSecretCount: count, secretBurstCount: count,
    userAgentFamilies: fc.subarray(["aws-cli", "boto3"]),
  }),
  credential: fc.record({
    firstAt: instant, lastAt: instant, useCount: count,
    networks: sightings(places),
    userAgents: sightings([
      ["", "aws-cli/linux/python"], ["", "boto3/windows/python"], ["", "console//"],
      ["service", "aws-sdk-go/linux/go"],
    ]),
    credentialSources: sightings([["", "environment"], ["", "container"]]),
  }),
});
type Growing = typeof growing extends fc.Arbitrary<infer T> ? T : never;

const lasting = fc.record({
  createdAt: fc.constantFrom(null, at(0)),
  isDeclared: fc.boolean(),
  isIssued: fc.boolean(),
});

type Lasting = typeof lasting extends fc.Arbitrary<infer T> ? T : never;

interface Grown {
  readonly session: Session;
  readonly credential: Credential;
}

/** A session, and its credential, with what they have grown to. */
function grown(
  { createdAt, isDeclared, isIssued }: Lasting,
  { session: seen, credential: used }: Growing,
): Grown {
  const issued = isIssued ? issuance() : null;
  const credential: Credential = {
    accessKeyId: "ASIATASKKEY000000001",
    kind: "temporary",
    issuance: issued,
    expiresAt: issued?.expiresAt ?? null,
    tasks: [],
    ...used,
  };
  const attribution = isDeclared ? { agent: "a", status: "declared" as const } : {};
  const credentials = [credential];
  return {
    session: session({ ...seen, createdAt, issuance: issued, credentials, attribution }),
    credential,
  };
}

const event = fc.record({
  seconds: fc.integer({ min: 0, max: 600 }),
  place: fc.constantFrom(...places),
  agent: fc.constantFrom(
    ["aws-cli", "linux", "python"], ["boto3", "windows", "python"], ["aws-sdk-go", "linux", "go"],
  ),
  source: fc.constantFrom(null, "environment", "container"),
}).map(({ seconds, place: [kind, name], agent: [family = "", os = "", language = ""], source }) =>
  trailEvent({
    at: at(seconds),
    network: { kind: kind, name, address: name.replace("0/24", "7") },
    userAgent: { family, os, language, credentialSource: source },
  }));

const toolCall: ToolCall = {
  eventId: "e-tool", at: at(1), tool: "aws___call_aws", userAgent: "Bun/1", network: "192.0.2.0/24",
  networkKind: "ipv4",
};

/** What a fact that grows leans on; for the rest nothing. */
function viewOf({ grows }: Fact, { session, credential }: Grown): unknown {
  if (grows?.with === "session") return grows.view(session);
  return grows?.with === "credential" ? grows.view(credential) : null;
}

describe("what a fact says of an event", () => {
  it("stays while its session grows, but for what the fact is marked to lean on", () => {
    let same = 0;
    fc.assert(fc.property(
      fc.record({ event, lasting, before: growing, after: growing }),
      ({ event, lasting, before, after }) => {
        const earlier = grown(lasting, before);
        const later = grown(lasting, after);
        expect(lastingOf(later.session)).toEqual(lastingOf(earlier.session));
        const rest = { compared: null, issued: null, toolCall: null };
        const context = { event, config, asOf: at(3600), ...rest };
        for (const fact of facts) {
          const [then, now] = [earlier, later].map((each) => JSON.stringify(viewOf(fact, each)));
          if (then !== now) continue;
          expect([fact.name, fact.of({ ...context, ...later })])
            .toEqual([fact.name, fact.of({ ...context, ...earlier })]);
          if (fact.grows !== undefined) same += 1;
        }
      },
    ), { numRuns: 1000 });
    expect(same).toBeGreaterThan(1000);
  });

  it("changes with what the event issued and the tool call behind it only where marked", () => {
    const none = { issuance: issuance(), useCount: null };
    const early: FactContext = {
      event: trailEvent({ mcp: { step: "call" } }), session: session(), credential: null, config,
      compared: null,
      issued: none, toolCall: null, asOf: at(900),
    };
    const late = { ...early, issued: { ...none, useCount: 3 }, toolCall, asOf: at(7200) };
    const said = (fact: Fact, context: FactContext) => JSON.stringify(fact.of(context));
    const changed = facts.filter((fact) => said(fact, early) !== said(fact, late));
    const marked = facts.filter(
      ({ grows }) => grows?.with === "issued" || grows?.with === "tool-call",
    );
    expect(changed.map(({ name }) => name)).toEqual(marked.map(({ name }) => name));
  });
});
