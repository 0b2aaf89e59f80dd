import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { rulesAt } from "../../src/app.ts";
import { Config } from "../../src/config/schema.ts";
import type { Subject } from "../../src/detections/detection.ts";
import { factCatalogue, facts } from "../../src/facts/catalogue.ts";
import type { Call, FactValue } from "../../src/facts/fact.ts";
import { loadRules } from "../../src/detections/load-rules.ts";
import { ruleText } from "./rule-builder.ts";

const session = { "agent.status": "declared", "role.mode": "readonly" } as const;

function subject(known: Readonly<Record<string, FactValue>>): Subject {
  return { record: {}, fact: (name) => known[name] ?? null };
}

function gates(detection: string) {
  const files = [{ name: "r.yml", text: ruleText(detection) }];
  const [rule] = loadRules(files, { facts: factCatalogue, placeholders: {} }).detections;
  return rule?.gates ?? [];
}

describe("the gates of a rule", () => {
  test.each([
    ["a selection's line", "  s: { agent.status: declared, event.is_write: true }\n" +
      "  condition: s\n", 1],
    ["a selection as a whole", "  s: { agent.status: declared, role.mode: readonly }\n" +
      "  t: { event.is_write: true }\n  condition: s and t\n", 1],
    ["what must not be", "  s: { agent.status: discovered }\n  t: { event.is_write: true }\n" +
      "  condition: t and not s\n", 1],
    ["alternatives, all of the session", "  s: { agent.status: declared }\n" +
      "  t: { role.mode: deploy }\n  u: { event.is_write: true }\n" +
      "  condition: (s or t) and u\n", 1],
    ["no alternative to the call", "  s: { agent.status: declared }\n" +
      "  t: { event.is_write: true }\n  condition: s or t\n", 0],
    ["no exception from what the call is", "  s: { event.is_write: true }\n" +
      "  t: { role.mode: readonly, event.result: denied }\n  condition: s and not t\n", 0],
    ["no comparison with a field of the call",
      "  s: { agent.name|fieldref: eventName, event.is_write: true }\n  condition: s\n", 0],
    ["no field of the record", "  s: { eventName: a }\n  condition: s\n", 0],
  ])("are %s", (_what, detection, count) => {
    const found = gates(detection);
    expect(found).toHaveLength(count);
    expect(found.every(({ holds }) => holds(subject(session)))).toBe(true);
  });

  it("do not hold where the session is another", () => {
    const [gate] = gates("  s: { agent.status: declared, event.is_write: true }\n" +
      "  condition: s\n");
    expect(gate?.holds(subject({ "agent.status": "discovered" }))).toBe(false);
    expect(gate?.holds(subject({}))).toBe(false);
  });

  it("hold wherever a rule of ours matches", async () => {
    const { detections } = await rulesAt({}, Config.parse({}));
    const texts = ["declared", "discovered", "readonly", "deploy", "config", "role-arn",
      "role-session", "temporary", "long-term", "imds", "execution", "allowed", "dry-run", "os"];
    const values = { text: fc.constantFrom(null, ...texts), truth: fc.boolean(),
      number: fc.constantFrom(null, 0, 100), list: fc.subarray(texts) };
    const known = fc.record(Object.fromEntries(
      facts.map(({ name, type }) => [name, values[type] as fc.Arbitrary<FactValue>]),
    ));
    const calls = [["s3", "GetObject"], ["iam", "PutRolePolicy"], ["iam", "CreateAccessKey"],
      ["sts", "AssumeRole"], ["s3", "PutBucketPolicy"]].map(([service = "", name = ""]): Call => ({
      source: `${service}.amazonaws.com`, name, operation: `${service}:${name}`,
    }));
    let matchedCount = 0;
    const unlikely = new Set<string>();
    fc.assert(
      fc.property(known, fc.constantFrom(...calls), (any, call) => {
        const chosen = { ...any, ...elsewhere(call) };
        for (const { name, gates: own, matches, mayMatch } of detections) {
          if (!mayMatch(call)) unlikely.add(name);
          if (!matches(subject(chosen))) continue;
          matchedCount += 1;
          expect(mayMatch(call)).toBe(true);
          expect(own.every(({ holds }) => holds(subject(chosen)))).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
    expect(matchedCount).toBeGreaterThan(1000);
    expect(detections.filter(({ gates: own }) => own.length > 0).length).toBeGreaterThan(15);
    expect(unlikely.size).toBeGreaterThan(4);
  });
});

/** What the facts of some calls are of a call that is none of them. */
function elsewhere(call: Call): Readonly<Record<string, FactValue>> {
  return Object.fromEntries(facts.flatMap(({ name, ofCalls }) =>
    ofCalls === undefined || ofCalls.are(call) ? [] : [[name, ofCalls.otherwise]]));
}
