import { describe, expect, it } from "vitest";
import {
  isReachable,
  namesIn,
  parseExpression,
} from "../../src/detections/correlation-condition.ts";

describe("expressions over rules", () => {
  it("bind not before and, and before or, words in any case", () => {
    expect(parseExpression("a OR b AND NOT c")).toEqual({
      op: "or",
      of: [
        { op: "rule", name: "a" },
        {
          op: "and",
          of: [
            { op: "rule", name: "b" },
            { op: "not", of: { op: "rule", name: "c" } },
          ],
        },
      ],
    });
  });

  it("tell which rules are wanted, a double negation too", () => {
    const parsed = parseExpression("a and not (b or not c)");
    if ("error" in parsed) throw new Error(parsed.error);
    expect(namesIn(parsed)).toEqual({ all: ["a", "b", "c"], wanted: ["a", "c"] });
  });

  it.each([
    ["", "The condition ends where a rule name is expected."],
    ["a and", "The condition ends where a rule name is expected."],
    ["a b", "The condition has 'b' where 'and', 'or' or its end is expected."],
    ["a)", "The condition has ')' where 'and', 'or' or its end is expected."],
    ["(a", "The condition has 'its end' where ')' is expected."],
    ["or a", "The condition has 'or' where a rule name is expected."],
    ["()", "The condition has ')' where a rule name is expected."],
    ["(".repeat(5000), "The condition is nested too deeply."],
    ["not ".repeat(5000), "The condition is nested too deeply."],
  ])("say what is wrong with %s", (text, error) => {
    expect(parseExpression(text)).toEqual({ error });
  });
});

it.each([
  [[{ operator: "gte", value: 3 }], true],
  [[{ operator: "lt", value: 2 }], true],
  [[{ operator: "lt", value: 1 }], false],
  [[{ operator: "eq", value: 0 }], false],
  [[{ operator: "neq", value: 1 }], true],
  [[{ operator: "gt", value: 3 }, { operator: "lt", value: 5 }], true],
  [[{ operator: "gt", value: 3 }, { operator: "lt", value: 4 }], false],
  [[{ operator: "gte", value: 2 }, { operator: "neq", value: 2 }], true],
] as const)("knows whether a count can meet %j: %s", (thresholds, expected) => {
  expect(isReachable(thresholds)).toBe(expected);
});
