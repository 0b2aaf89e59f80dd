import { describe, expect, it } from "vitest";
import { mergeHistograms, scoreBinOf, type Histogram } from "../../src/baselines/histogram.ts";
import { standingOf } from "../../src/baselines/standing.ts";
import { stream } from "../../src/simulation/random.ts";
import { baseline, pastOf } from "../builders/baseline.ts";

const histogramOf = (scores: readonly number[]): Histogram =>
  scores.reduce<Histogram>((sum, score) => mergeHistograms(sum, [[scoreBinOf(score), 1]]), []);

const budget = { alertsPerWeek: 1 };
const fourADay = baseline([pastOf(4, { days: 28 })]);

describe("a session's standing", () => {
  it("is its rank among past sessions, itself counted in", () => {
    const scores = histogramOf(Array.from({ length: 99 }, (_, i) => i / 10));
    const given = { baseline: fourADay, scores, budget };
    const of = (bits: number) => standingOf({ id: "s", bits }, given);
    expect(of(200)).toMatchObject({ of: 99, asStrange: 0, isUnusual: true });
    expect(of(11)).toMatchObject({ asStrange: 0, isUnusual: true });
    expect(of(10.6)).toMatchObject({ asStrange: 4, isUnusual: false });
    expect(of(6)).toMatchObject({ isUnusual: false });
    expect(of(6).pValue).toBeCloseTo(0.39, 1);
  });

  it.each([
    ["one a week of 28 sessions", 1, 1 / 28],
    ["one in two weeks", 0.5, 0.5 / 28],
    ["no more than one in ten, whatever the budget", 100, 0.1],
    ["fewer than its scores can tell", 0.01, null],
  ])("has a threshold from the budget: %s", (_what, alertsPerWeek, expected) => {
    const scores = histogramOf(Array.from({ length: 99 }, (_, i) => i));
    const given = { baseline: fourADay, scores, budget: { alertsPerWeek } };
    const { threshold } = standingOf({ id: "s", bits: 1 }, given);
    expect(threshold).toEqual(expected === null ? null : expect.closeTo(expected, 6));
  });

  it("alerts on nothing where nothing is strange, however rare that is", () => {
    const scores = histogramOf(Array.from({ length: 99 }, () => 0));
    const given = { baseline: fourADay, scores, budget };
    expect(standingOf({ id: "s", bits: 1.9 }, given).isUnusual).toBe(false);
    expect(standingOf({ id: "s", bits: 2.1 }, given).isUnusual).toBe(true);
  });

  it("is uniform over sessions like the past ones, ties and all, and holds the budget", () => {
    const random = stream("standing");
    const draw = () => Math.max(0, Math.round(random.logNormal(4, 1)) - 3);
    const values: number[] = [];
    let alerts = 0;
    const rounds = 400;
    for (let round = 0; round < rounds; round += 1) {
      const scores = histogramOf(Array.from({ length: 112 }, draw));
      for (let i = 0; i < 5; i += 1) {
        const session = { id: `${round} ${i}`, bits: draw() };
        const { pValue, isUnusual } = standingOf(session, { baseline: fourADay, scores, budget });
        values.push(pValue);
        if (isUnusual) alerts += 1;
      }
    }
    values.sort((a, b) => a - b);
    const distance = Math.max(...values.map((p, i) => Math.abs(p - (i + 0.5) / values.length)));
    expect(distance).toBeLessThan(0.04);
    // 28 sessions a week, 5 a round: 0.99 alerts a week are expected, of which 71 weeks are drawn.
    expect(alerts / ((rounds * 5) / 28)).toBeLessThan(1.2);
    expect(alerts).toBeGreaterThan(0);
  });
});
