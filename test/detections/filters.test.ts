import { describe, expect, test } from "vitest";
import { loadRules } from "../../src/detections/load-rules.ts";
import { facts, loadTexts, namedRule, subject } from "./rule-builder.ts";

describe("a filter", () => {
  function filter(rules: string, condition = "not selection"): string {
    return `title: Known robots
logsource: { product: aws, service: cloudtrail }
filter:
  rules: ${rules}
  selection: { userIdentity.userName|startswith: adm_ }
  condition: ${condition}
`;
  }
  const admin = subject({ eventName: "x", userIdentity: { userName: "adm_eve" } });
  const other = subject({ eventName: "x", userIdentity: { userName: "eve" } });

  test.each([
    ["[a]", ["a"]],
    ["a", ["a"]],
    ["[22222222-2222-4333-8444-555555555555]", ["b"]],
    ["[a, b]", ["a", "b"]],
    ["any", ["a", "b"]],
  ])("on %s is laid on %j", (rules, expected) => {
    const { detections, filters, problems } = loadTexts(
      filter(rules),
      namedRule("a", "1"),
      namedRule("b", "2"),
    );
    expect(problems).toEqual([]);
    expect(filters).toEqual([{ title: "Known robots", file: "0.yml", rules: expected }]);
    expect(
      detections.filter((rule) => !rule.matches(admin)).map(({ name }) => name),
    ).toEqual(expected);
    expect(detections.every((rule) => rule.matches(other))).toBe(true);
    expect(detections.map(({ names }) => names)).toEqual([["x"], ["x"]]);
  });

  test("that says selection keeps only what it selects, and is warned of", () => {
    const { detections, problems } = loadTexts(filter("any", "selection"), namedRule("a", "1"));
    expect(detections.map((rule) => [rule.matches(admin), rule.matches(other)])).toEqual(
      [[true, false]],
    );
    expect(problems.map(({ message }) => message)).toEqual([
      "The filter keeps only events that its condition holds for. Write not selection to leave " +
        "out what it selects.",
    ]);
  });

  test.each([
    [filter("[aa]"), "warning 4:11 No rule aa is loaded for this filter. Did you mean a?"],
    [filter("[]"), "error 4:10 The filter's rules must be ids or names, or any."],
    [
      filter("[a]", "not selektion"),
      "error 6:18 There is no selection selektion. Did you mean selection?",
    ],
    [filter("[a]").replace("userName|", "userName|x|"), "error 5:38 There is no modifier x."],
    [
      filter("[a]").replace(/ {2}rules.*\n/, ""),
      "error 4:3 The filter's rules are missing: ids or names, or any.",
    ],
    [
      filter("[a]").replace("aws", "gcp"),
      "warning 2:12 Not for CloudTrail (gcp / cloudtrail): left out.",
    ],
    [
      "title: x\nlogsource: { product: aws }\nfilter: x\n",
      "error 3:9 filter must be a map with rules, a selection and a condition.",
    ],
  ])("%#: %s", (text, expected) => {
    const found = loadRules(
      [{ name: "f.yml", text }, { name: "a.yml", text: namedRule("a", "1") }],
      { facts },
    );
    const shown = found.problems.map(
      ({ severity, line, column, message }) => `${severity} ${line ?? 0}:${column ?? 0} ${message}`,
    );
    expect(shown.join("\n")).toContain(expected);
    expect(found.detections.map((rule) => rule.matches(admin))).toEqual([true]);
  });
});
