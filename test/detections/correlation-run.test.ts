import { describe, expect, it } from "vitest";
import { correlateAll, raised } from "../../src/detections/correlation-run.ts";
import type { HitSource } from "../../src/detections/correlation-run.ts";
import { findingFields } from "../../src/detections/correlation.ts";
import type { Correlation, Hit } from "../../src/detections/correlation.ts";
import { correlation, hit, hits, threshold } from "./correlation-cases.ts";

/** A store with these hits, in batches of two. */
function stored(all: readonly Hit[]): HitSource {
  return async function* (rules) {
    const found = all.filter(({ rule }) => rules.includes(rule)).sort((a, b) => a.at - b.at);
    for (let i = 0; i < found.length; i += 2) yield await Promise.resolve(found.slice(i, i + 2));
  };
}

const failures = correlation({
  name: "failures",
  rules: ["failure"],
  condition: threshold({ gte: 3 }),
});
const broken = correlation({
  name: "broken",
  type: "temporal_ordered",
  rules: ["failures", "success"],
  chained: ["failures"],
  condition: threshold({ gte: 2 }),
});

async function fired(correlations: readonly Correlation[], all: readonly Hit[]): Promise<string[]> {
  const firings = raised(correlations, await correlateAll(correlations, stored(all)));
  return firings.map((one) => `${one.correlation} ${one.firstAt / 1000}-${one.lastAt / 1000}`);
}

describe("chained correlations", () => {
  const three = "failure@1 failure@2 failure@3";

  it.each([
    ["a success after the failures", `${three} success@9`, ["failures 1-3", "broken 1-9"]],
    ["a success before the failures", `success@0 ${three}`, ["failures 1-3"]],
    [
      "a success in the second the failures became too many",
      `${three} success@3`,
      ["failures 1-3", "broken 1-3"],
    ],
    ["a success too long after", `${three} success@13`, ["failures 1-3"]],
    [
      "a success amid failures that go on",
      `${three} success@4 failure@5 failure@13`,
      ["failures 1-5", "broken 1-5"],
    ],
  ])("judge %s", async (_, events, expected) => {
    expect(await fired([failures, broken], hits(events))).toEqual(expected);
  });

  it("count the events of a firing once, and list them as evidence", async () => {
    const all = hits("failure@1 failure@2 failure@3 failure@4 success@5");
    const firings = await correlateAll([failures, broken], stored(all));
    const [, firing] = raised([failures, broken], firings);
    expect(firing).toMatchObject({
      correlation: "broken",
      eventCount: 5,
      eventIds: ["id-e0", "id-e1", "id-e2", "id-e3", "id-e4"],
      rules: ["failures", "success"],
    });
  });

  it("count a burst once, however long it holds", async () => {
    const bursts = correlation({
      name: "bursts",
      rules: ["failures"],
      chained: ["failures"],
      timespanMs: 100_000,
      condition: threshold({ gte: 2 }),
    });
    const once = "failure@1 failure@2 failure@3 failure@4 failure@5";
    expect(await fired([failures, bursts], hits(once))).toEqual(["failures 1-5"]);
    const twice = `${once} failure@31 failure@32 failure@33`;
    expect(await fired([failures, bursts], hits(twice))).toEqual([
      "failures 1-5",
      "failures 31-33",
      "bursts 1-33",
    ]);
  });

  it("know the tactics of the correlation they are chained to", async () => {
    const inner = { ...failures, tags: ["attack.credential-access", "attack.t1110"] };
    const outer = correlation({
      name: "outer",
      type: "value_count",
      rules: ["failures", "success"],
      chained: ["failures"],
      condition: threshold({ gte: 2 }, ["finding.tactic"]),
    });
    const success = hit({
      rule: "success",
      at: 5000,
      fields: { user: "eve", "finding.tactic": ["initial-access"] },
    });
    expect(
      await fired([inner, outer], [...hits(three), success]),
    ).toEqual(["failures 1-3", "outer 1-5"]);
  });

  it("raise nothing where another correlation speaks for them", async () => {
    const quiet = { ...failures, raises: false };
    expect(await fired([quiet, broken], hits(`${three} success@4`))).toEqual(["broken 1-4"]);
  });
});

it("takes a tag for a tactic that is no technique, group or software", () => {
  const tags = [
    "attack.t1078.004",
    "attack.Defense_Evasion",
    "attack.g0016",
    "attack.persistence",
    "cve.2024-1",
    "attack.s0002",
  ];
  expect(findingFields({ name: "r", tags }, "low")).toEqual({
    "finding.tactic": ["defense-evasion", "persistence"],
    "finding.rule": "r",
    "finding.level": "low",
  });
});
