import { expect, it } from "vitest";
import { parse } from "yaml";
import { parseTemplate } from "../../src/detections/because.ts";
import { parseCases } from "../../src/detections/cases.ts";
import { isRuleName, scaffoldRule } from "../../src/detections/scaffold.ts";

const options = { uuid: "0f0e0d0c-0000-4000-8000-000000000001", date: "2026-03-01" };

it("writes a rule that carries its name, id and date", () => {
  expect(parse(scaffoldRule("creates-users", options).yml)).toMatchObject({
    title: "Creates users",
    name: "creates-users",
    id: "0f0e0d0c-0000-4000-8000-000000000001",
    date: "2026-03-01",
    detection: { condition: "call and not refused" },
  });
});

it("writes a sentence that parses", () => {
  const rule = parse(
    scaffoldRule("creates-users", options).yml,
  ) as { trailwarden: { because: string } };
  expect(parseTemplate(rule.trailwarden.because)).toMatchObject({
    names: ["userIdentity.arn", "eventName", "eventSource"],
  });
});

it("writes one case that fires and one that stays quiet, of the kind the rule is about", () => {
  const { cases, problems } = parseCases(
    scaffoldRule("creates-users", options).cases,
    "creates-users.cases.json",
  );
  expect(problems).toEqual([]);
  expect(cases?.rule).toBe("creates-users");
  expect(
    cases?.cases.map(({ expect: expected, records }) =>
      [expected === null, records[0]?.["eventName"]],
    ),
  ).toEqual([
    [false, "CreateUser"],
    [true, "DescribeInstances"],
  ]);
});

it.each([
  ["zombie-use", true],
  ["rule2", true],
  ["", false],
  ["Zombie", false],
  ["a--b", false],
  ["-a", false],
  ["../a", false],
  ["a.b", false],
  ["a\n", false],
  ["x".repeat(64), false],
])("says whether %j is a rule's name: %s", (name, expected) => {
  expect(isRuleName(name)).toBe(expected);
});

it("refuses a name that is none: a broken promise of ours", () => {
  expect(() => scaffoldRule("../x", options)).toThrow("a name that is none");
});
