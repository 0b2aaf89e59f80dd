import { describe, expect, it } from "vitest";
import { hitFields, silencedRules } from "../../src/detections/correlation.ts";
import { load, one, small, wrong } from "./correlation-texts.ts";

const killChain = `title: Kill chain
id: 7d3f7a4e-0000-4000-8000-000000000001
name: kill-chain
status: stable
description: Three tactics in one session.
correlation:
  type: value_count
  rules:
    - probe
    - id-of-escalate
    - share
  group-by:
    - session.id
  timespan: 24h
  condition:
    field: finding.tactic
    gte: 3
  generate: true
level: critical
tags: [attack.exfiltration]
trailwarden:
  because: "{correlation.value} tactics in {session.id}"
  blind_spots: [data events]
`;

it("compiles a correlation whole", () => {
  expect(one(killChain)).toEqual({
    id: "7d3f7a4e-0000-4000-8000-000000000001",
    name: "kill-chain",
    title: "Kill chain",
    status: "stable",
    description: "Three tactics in one session.",
    level: "critical",
    tags: ["attack.exfiltration"],
    falsepositives: [],
    references: [],
    file: "rules/x.yml",
    type: "value_count",
    rules: ["probe", "escalate", "share"],
    chained: [],
    groupBy: ["session.id"],
    timespanMs: 86_400_000,
    condition: {
      kind: "threshold",
      thresholds: [{ operator: "gte", value: 3 }],
      fields: ["finding.tactic"],
      percentile: null,
    },
    aliases: {},
    silences: [],
    raises: true,
    entity: "session",
    because: "{correlation.value} tactics in {session.id}",
    levelWhen: {},
    blindSpots: ["data events"],
  });
});

it.each([
  ["15s", 15_000],
  ["90m", 5_400_000],
  ["1h", 3_600_000],
  ["7d", 604_800_000],
  ["2w", 1_209_600_000],
])("reads the timespan %s", (timespan, expected) => {
  expect(one(small({ timespan })).timespanMs).toBe(expected);
});

it("takes the metrics of 2.1", () => {
  const given = one(
    small({ type: "value_percentile", condition: "{ field: bytes, percentile: 95, gt: 1.5 }" }),
  );
  expect(given.condition).toMatchObject({
    fields: ["bytes"],
    percentile: 95,
    thresholds: [{ operator: "gt", value: 1.5 }],
  });
});

it("means all rules where a temporal correlation has no condition", () => {
  const given = one(small({ type: "temporal", rules: "[probe, share]", condition: null }));
  expect(given.condition).toMatchObject({ thresholds: [{ operator: "gte", value: 2 }] });
});

it("reads an extended condition, and takes its rules where none are listed", () => {
  const given = one(
    small({ type: "temporal", rules: null, condition: "probe and not id-of-share" }),
  );
  expect(given.rules).toEqual(["probe", "share"]);
  expect(given.condition).toEqual({
    kind: "rules",
    expression: {
      op: "and",
      of: [
        { op: "rule", name: "probe" },
        { op: "not", of: { op: "rule", name: "share" } },
      ],
    },
  });
});

it.each([
  ["[session.id]", "session"],
  ["[userIdentity.arn]", "correlation"],
  ["[session.id, awsRegion]", "correlation"],
  ["[event.operation]", "correlation"],
])("makes a finding grouped by %s about the %s", (groupBy, expected) => {
  expect(one(small({ "group-by": groupBy })).entity).toBe(expected);
});

describe("chaining", () => {
  const chain = (names: readonly [string, string][], groupBy = "[user]"): string =>
    names
      .map(([name, rules]) =>
        small({
          rules,
          "group-by": name === "outer" ? groupBy : "[user]",
        }).replace("name: small", `name: ${name}`),
      )
      .join("---\n");

  it("puts correlations after those they are chained to", () => {
    const { correlations, problems } = load(
      chain([["outer", "[inner, probe]"], ["inner", "[share]"]]),
    );
    expect(problems).toEqual([]);
    expect(
      correlations.map(({ name, chained }) => [name, chained]),
    ).toEqual([["inner", []], ["outer", ["inner"]]]);
  });

  it("refuses circles, and what leans on them", () => {
    const text = chain([["x", "[y]"], ["y", "[x]"], ["z", "[x]"], ["fine", "[probe]"]]);
    const { correlations, problems } = load(text);
    expect(problems.map(({ message }) => message)).toEqual([
      "Correlations refer to each other in a circle: x -> y -> x.",
    ]);
    expect(correlations.map(({ name }) => name)).toEqual(["fine"]);
  });

  it("refuses a field that the inner correlation's firings do not have", () => {
    expect(wrong(chain([["outer", "[inner]"], ["inner", "[share]"]], "[awsRegion]"))).toEqual([
      "5:11 'inner' is a correlation and has no field 'awsRegion': add it to the group-by " +
        "of that one, or map it by an alias.",
    ]);
  });

  it("leaves out what refers to a correlation with errors", () => {
    expect(wrong(chain([["outer", "[inner]"], ["inner", "[nobody]"]]))).toEqual([
      "14:11 No rule has the name or id 'nobody'.",
      "5:11 'inner' has errors of its own.",
    ]);
  });
});

it("asks of each detection's hits only the fields its correlations use, aliases mapped", () => {
  const text = small({
    type: "value_count",
    rules: "[probe, share]",
    "group-by": "[key, session.id]",
    aliases: "{ key: { probe: requestParameters.key, id-of-share: userIdentity.accessKeyId } }",
    condition: "{ field: event.operation, gte: 2 }",
  });
  expect(hitFields(load(`${text}---\n${killChain}`).correlations)).toEqual(
    new Map([
      ["probe", ["event.operation", "finding.tactic", "requestParameters.key", "session.id"]],
      ["share", ["event.operation", "finding.tactic", "session.id", "userIdentity.accessKeyId"]],
      ["escalate", ["finding.tactic", "session.id"]],
    ]),
  );
});

it.each([
  ["", ["share"]],
  ["generate: false\n", ["probe", "share"]],
  ["generate: true\n", []],
])("silences, with %j, the rules %j", (rest, expected) => {
  const { correlations } = load(small({ rules: "[probe, share]" }, rest));
  expect([...silencedRules(correlations)].sort()).toEqual(expected);
});

it("finds a rule by its id in whatever case", () => {
  expect(one(small({ rules: "[ID-OF-ESCALATE]" })).rules).toEqual(["escalate"]);
});
