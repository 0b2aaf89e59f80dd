import { describe, expect, it } from "vitest";
import { runCases } from "../../src/detections/cases-run.ts";
import type { JudgedFinding } from "../../src/detections/cases-run.ts";
import { parseCases } from "../../src/detections/cases.ts";
import type { RuleCase } from "../../src/detections/cases.ts";

const quiet = [{ name: "quiet", records: [{ base: "assumed-role" }] }];

function parse(
  fires: unknown,
  rest: Readonly<Record<string, unknown>> = {},
): ReturnType<typeof parseCases> {
  return parseCases(
    JSON.stringify({ fires, quiet, ...rest }),
    "rules/detections/some-rule.cases.json",
  );
}

describe("running cases", () => {
  const finding: JudgedFinding = {
    rule: "some-rule",
    level: "high",
    because: "aider called iam:CreateUser.",
    entity: { type: "session", id: "S" },
    eventCount: 2,
    confidence: "medium",
  };
  const run = (
    expected: RuleCase["expect"],
    judged: readonly JudgedFinding[],
  ): readonly string[] | "passed" => {
    const config = parse([{ name: "x", records: [{}] }]).cases?.cases[0]?.config;
    if (config === undefined) throw new Error("No config.");
    const told = { tasks: [], activity: [], revocations: [], asOf: null };
    const one = { name: "one", config, records: [{}, {}], ...told };
    const cases = [{ ...one, expect: expected }];
    const [outcome] = runCases({ rule: "some-rule", file: "f", cases }, () => judged);
    expect(outcome?.passed).toBe(outcome?.diff.length === 0);
    return outcome?.passed === true ? "passed" : (outcome?.diff ?? []);
  };
  const other = { ...finding, rule: "other" };

  it.each<[string, RuleCase["expect"], readonly JudgedFinding[], readonly string[] | "passed"]>([
    ["passes when the rule fires", {}, [finding], "passed"],
    [
      "fails when only others fire",
      {},
      [other],
      ["Expected a finding of some-rule; 2 records gave none. Others fired: other."],
    ],
    [
      "fails when none fires",
      {},
      [],
      ["Expected a finding of some-rule; 2 records gave none. No other rule fired."],
    ],
    [
      "passes when everything expected holds",
      {
        level: "high",
        because: { contains: "CreateUser" },
        entity: "session",
        eventCount: 2,
        confidence: "medium",
      },
      [finding],
      "passed",
    ],
    [
      "takes a sentence as the whole one",
      { because: "aider called iam:CreateUser." },
      [finding],
      "passed",
    ],
    [
      "shows every difference",
      {
        level: "low",
        because: "CreateUser",
        entity: { type: "session", id: "T" },
        eventCount: 1,
        confidence: "high",
      },
      [finding],
      [
        "level: expected low; got high",
        "confidence: expected high; got medium",
        "entity: expected session T; got session S",
        "eventCount: expected 1; got 2",
        "because: expected CreateUser; got aider called iam:CreateUser.",
      ],
    ],
    [
      "is content with one finding of several",
      { level: "low" },
      [finding, { ...finding, level: "low" }],
      "passed",
    ],
    ["stays quiet with others' findings", null, [other], "passed"],
    [
      "fails when it should be quiet",
      null,
      [finding],
      ["Expected no finding of some-rule; got high: aider called iam:CreateUser."],
    ],
  ])("%s", (...[, expected, judged, outcome]) => {
    expect(run(expected, judged)).toEqual(outcome);
  });

  it("gives the judge the records and the config, and tells one outcome a case", () => {
    const { cases } = parse(
      [{ name: "loud", records: [{ base: "root", times: 3 }] }],
      { config: { retentionDays: 5 } },
    );
    const seen: [number, number][] = [];
    const outcomes = runCases(cases ?? { rule: "", file: "", cases: [] }, ({ records, config }) => {
      seen.push([records.length, config.retentionDays]);
      return [];
    });
    expect(seen).toEqual([[3, 5], [1, 5]]);
    expect(outcomes.map(({ rule, name, kind, passed }) => [rule, name, kind, passed])).toEqual([
      ["some-rule", "loud", "fires", false],
      ["some-rule", "quiet", "quiet", true],
    ]);
  });
});
