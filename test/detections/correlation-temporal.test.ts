import { describe, expect, it } from "vitest";
import { parseExpression } from "../../src/detections/correlation-condition.ts";
import type { RuleExpression } from "../../src/detections/correlation-condition.ts";
import { correlation, hits, spans, threshold } from "./correlation-cases.ts";

function expression(text: string): RuleExpression {
  const parsed = parseExpression(text);
  if ("error" in parsed) throw new Error(parsed.error);
  return parsed;
}

describe("temporal", () => {
  const given = correlation({
    type: "temporal",
    rules: ["a", "b", "c"],
    condition: threshold({ gte: 3 }),
  });
  it.each([
    ["all rules in any order", "c@0 a@4 b@9", ["0-9=3"]],
    ["not with one of them too old", "c@0 a@4 b@10", []],
    ["not with one missing", "c@0 a@1 c@2 a@3", []],
    ["in one second", "b@1 c@1 a@1", ["1-1=3"]],
    ["by one event that all rules match", "a@1#x b@1#x c@1#x", ["1-1=3"]],
  ])("fires on %s", (_, events, expected) => {
    expect(spans(given, hits(events))).toEqual(expected);
  });

  it("fires on fewer rules where the condition says so", () => {
    expect(
      spans({ ...given, condition: threshold({ gte: 2 }) }, hits("a@0 c@5")),
    ).toEqual(["0-5=2"]);
  });

  it.each([
    ["a and not b", "a@0", ["0-0=1"]],
    ["a and not b", "b@0 a@1", []],
    ["a and (b or c)", "a@0 c@1", ["0-1=2"]],
    ["a and (b or c)", "b@0 c@1", []],
    ["a or b and c", "b@0 c@1", ["0-1=2"]],
  ])("reads %s over %s", (text, events, expected) => {
    const extended = {
      ...given,
      condition: { kind: "rules", expression: expression(text) },
    } as const;
    expect(spans(extended, hits(events))).toEqual(expected);
  });
});

describe("temporal_ordered", () => {
  const given = correlation({
    type: "temporal_ordered",
    rules: ["a", "b", "c"],
    condition: threshold({ gte: 3 }),
  });
  it.each([
    ["the order listed", "a@0 b@4 c@9", ["0-9=3"]],
    ["no other order", "b@0 a@4 c@9", []],
    ["equal times as ordered", "c@1 b@1 a@1", ["1-1=3"]],
    ["equal times of a part", "a@0 c@3 b@3", ["0-3=3"]],
    ["a run among other events", "b@0 a@1 c@2 b@3 a@4 c@5", ["0-5=3"]],
    ["not a run that began too long ago", "a@0 b@4 c@10", []],
    ["the latest start, not the first", "a@0 a@3 b@4 c@10", ["3-10=3"]],
    ["not a last step before the one it needs", "a@0 c@1 b@2", []],
  ])("takes %s", (_, events, expected) => {
    expect(spans(given, hits(events))).toEqual(expected);
  });

  it("measures the longest run where fewer are enough", () => {
    const two = { ...given, condition: threshold({ gte: 2 }) };
    expect(spans(two, hits("c@0 b@1 a@2"))).toEqual([]);
    expect(spans(two, hits("b@0 a@1 c@2"))).toEqual(["0-2=2"]);
  });

  it("orders only the rules an extended condition wants", () => {
    const extended = {
      ...given,
      condition: { kind: "rules", expression: expression("a and c and not b") },
    } as const;
    expect(spans(extended, hits("a@0 c@1"))).toEqual(["0-1=2"]);
    expect(spans(extended, hits("c@0 a@1"))).toEqual([]);
    expect(spans(extended, hits("b@0 a@1 c@2"))).toEqual([]);
  });
});
