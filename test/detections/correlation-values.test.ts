import { describe, expect, it } from "vitest";
import type { Correlation, Hit } from "../../src/detections/correlation.ts";
import { correlation, hit, hits, spans, threshold } from "./correlation-cases.ts";

describe("value_count", () => {
  const given = correlation({
    type: "value_count",
    condition: threshold({ gte: 3 }, ["resource"]),
  });
  const reads = (...resources: (string | readonly string[] | number | null)[]): Hit[] =>
    resources.map((resource, i) =>
      hit({
        at: i * 1000,
        eventKey: String(i),
        fields: { user: "eve", ...(resource === null ? {} : { resource }) },
      }));

  it.each([
    ["distinct values", reads("x", "y", "x", "z"), ["0-3=3"]],
    ["no value twice", reads("x", "y", "x", "y"), []],
    ["each value of a list", reads(["x", "y"], ["y", "z"]), ["0-1=3"]],
    ["numbers as their text", reads(1, "1", 2, 3), ["0-3=3"]],
    ["nothing of hits that lack the field", reads("x", null, "y", null, "z"), ["0-4=3"]],
    ["no value that has left the window", reads("x", "y", ...Array<string>(9).fill("y"), "z"), []],
    [
      "a value that left and came back",
      reads("x", "y", ...Array<string>(9).fill("y"), "x", "z"),
      ["3-12=3"],
    ],
  ])("counts %s", (_, events, expected) => {
    expect(spans(given, events)).toEqual(expected);
  });

  it("counts tuples where several fields are named", () => {
    const pairs = correlation({
      type: "value_count",
      condition: threshold({ gte: 3 }, ["x", "y"]),
    });
    const of = (x: string, y: string, i: number): Hit => hit({
      eventKey: String(i),
      fields: { user: "eve", x, y },
    });
    expect(spans(pairs, [of("1", "1", 0), of("1", "2", 1), of("1", "1", 2)])).toEqual([]);
    expect(spans(pairs, [of("1", "1", 0), of("1", "2", 1), of("2", "1", 2)])).toEqual(["0-0=3"]);
  });

  it("counts three tactics of one session as a kill chain", () => {
    const chain = correlation({
      type: "value_count",
      rules: ["probe", "escalate", "share"],
      groupBy: ["session.id"],
      timespanMs: 86_400_000,
      condition: threshold({ gte: 3 }, ["finding.tactic"]),
    });
    const of = (rule: string, at: number, tactics: readonly string[]): Hit =>
      hit({ rule, at, eventKey: rule, fields: { "session.id": "s", "finding.tactic": tactics } });
    const probe = of("probe", 0, ["discovery"]);
    const escalate = of("escalate", 3_600_000, ["persistence", "privilege-escalation"]);
    expect(spans(chain, [probe, of("share", 3_600_000, ["discovery"])])).toEqual([]);
    expect(spans(chain, [probe, escalate])).toEqual(["0-3600=3"]);
  });

  it("knows the rule of a hit without being told", () => {
    const rules = correlation({
      type: "value_count",
      rules: ["a", "b"],
      condition: threshold({ gte: 2 }, ["finding.rule"]),
    });
    expect(spans(rules, hits("a@0 a@1 b@2"))).toEqual(["0-2=2"]);
  });
});

describe("metrics over numbers", () => {
  const sizes = (...numbers: readonly (number | string)[]): Hit[] =>
    numbers.map((bytes, i) =>
      hit({ at: i * 5000, eventKey: String(i), fields: { user: "eve", bytes } }),
    );
  const of = (
    type: Correlation["type"],
    comparisons: Parameters<typeof threshold>[0],
    percentile = 50,
  ): Correlation =>
    correlation({ type, condition: threshold(comparisons, ["bytes"], percentile) });

  it.each([
    [
      "value_sum adds what is in the window",
      of("value_sum", { gte: 30 }),
      sizes(10, 10, 20, 5),
      ["5-10=30"],
    ],
    [
      "value_sum takes numbers written as text",
      of("value_sum", { gte: 30 }),
      sizes("10", "20"),
      ["0-5=30"],
    ],
    ["value_sum ignores what is no number", of("value_sum", { gt: 0 }), sizes("ten", ""), []],
    [
      "value_sum forgets a huge value exactly",
      of("value_sum", { eq: 3 }),
      sizes(1e300, 1, 2),
      ["5-10=3"],
    ],
    ["value_sum may go below zero", of("value_sum", { lt: 0 }), sizes(-5, 2), ["0-5=-5"]],
    ["value_avg divides by the events", of("value_avg", { gte: 15 }), sizes(10, 20, 0), ["0-5=15"]],
    ["value_median takes the middle", of("value_median", { gte: 15 }), sizes(10, 20), ["0-5=15"]],
  ])("%s", (...[, given, events, expected]) => {
    expect(spans(given, events)).toEqual(expected);
  });

  it.each([
    [0, 1],
    [10, 1],
    [11, 2],
    [50, 5],
    [90, 9],
    [95, 10],
    [100, 10],
  ])("value_percentile %i of 1 to 10 is %i, by nearest rank", (percentile, expected) => {
    const given = of("value_percentile", { eq: expected }, percentile);
    const all = [7, 3, 10, 1, 5, 9, 2, 8, 4, 6].map((bytes, i) =>
      hit({ eventKey: String(i), fields: { user: "eve", bytes } }));
    expect(spans(given, all)).toEqual([`0-0=${String(expected)}`]);
  });

  it("takes the number of the rule listed first where two rules match one event", () => {
    const given = correlation({
      type: "value_sum",
      rules: ["a", "b"],
      aliases: { bytes: { a: "in", b: "out" } },
      condition: threshold({ gte: 1 }, ["bytes"]),
    });
    const both = ["b", "a"].map((rule) => hit({ rule, fields: { user: "eve", in: 3, out: 5 } }));
    expect(spans(given, both)).toEqual(["0-0=3"]);
    expect(spans(given, both.toReversed())).toEqual(["0-0=3"]);
  });
});
