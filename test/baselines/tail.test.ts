import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf } from "../../src/baselines/day-bucket.ts";
import { rateOf, spreadOf, tailOf, twoDigits } from "../../src/baselines/tail.ts";
import { baseline, contribution, march1 } from "../builders/baseline.ts";

function withCalls(calls: readonly number[]) {
  const sessions = calls.map((each) => contribution({ numbers: { calls: each } }));
  return baseline([new Map([[march1 - 1, bucketOf(sessions)]])]);
}

describe("the tail of a number", () => {
  it("is the share of sessions that reached it, this one counted in", () => {
    const made = withCalls([1, 1, 2, 3, 4, 5, 6, 7, 7]);
    expect(tailOf(made, "calls", 0)).toBe(1);
    expect(tailOf(made, "calls", 5)).toBe(0.5); // four of nine, and itself
    expect(tailOf(made, "calls", 7)).toBe(0.3);
    expect(tailOf(withCalls([1, 1, 1, 1, 1, 1, 1, 1, 1]), "calls", 2)).toBeLessThan(0.1);
  });

  it("falls on beyond what was seen, and falls slower where sessions vary", () => {
    const steady = withCalls(Array.from({ length: 40 }, () => 20));
    const varying = withCalls(Array.from({ length: 40 }, (_, i) => 1 + i));
    const ratio = (made: typeof steady, highest: number) =>
      tailOf(made, "calls", highest * 2) / tailOf(made, "calls", highest);
    expect(ratio(steady, 20)).toBeLessThan(1e-3);
    expect(ratio(varying, 40)).toBeLessThan(0.2);
    expect(ratio(varying, 40)).toBeGreaterThan(ratio(steady, 20));
  });

  it("never rises with the number, and is a probability", () => {
    const counts = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 60 });
    const number = fc.integer({ min: 0, max: 1e6 });
    fc.assert(fc.property(counts, number, number, (calls, a, b) => {
      const made = withCalls(calls);
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(tailOf(made, "calls", high)).toBeLessThanOrEqual(tailOf(made, "calls", low));
      expect(tailOf(made, "calls", high)).toBeGreaterThan(0);
      expect(tailOf(made, "calls", low)).toBeLessThanOrEqual(1);
    }));
  });

  it("takes thirty denials of a role without any for strange, and one for hardly so", () => {
    const sessions = Array.from({ length: 100 }, () => contribution());
    const made = baseline([new Map([[march1 - 1, bucketOf(sessions)]])]);
    expect(tailOf(made, "denials", 1)).toBe(0.0099); // 1 of 101
    expect(tailOf(made, "denials", 30)).toBeLessThan(1e-6);
  });
});

describe("the bound of a negative binomial's tail", () => {
  it.each([
    [5, 2, 80],
    [0.5, 0.5, 40],
    [22, 10, 120],
    [3, 200, 25],
  ])("holds and is sharp for mean %d, size %d beyond %d", (mean, size, x) => {
    const exact = exactTail(mean, size, x);
    const bound = Math.exp(-rateOf(x, mean, size));
    expect(bound).toBeGreaterThanOrEqual(exact);
    expect(Math.log(bound) / Math.log(exact)).toBeGreaterThan(0.8);
  });

  it("becomes Poisson's where counts do not spread", () => {
    // P(X >= 10) of Poisson(3) is 0.0011025 (tables); Chernoff's bound e^-3 (3e/10)^10 is 0.00648.
    expect(Math.exp(-rateOf(10, 3, 1e9))).toBeCloseTo(0.00648, 5);
    expect(exactTail(3, 1e7, 10)).toBeCloseTo(0.0011025, 6);
  });

  it("has mean and size from the histogram", () => {
    const { mean, size } = spreadOf([[-1, 50], [14, 50]]); // bin 14 is 4: mean 2, variance 4
    expect(mean).toBeCloseTo(2, 1);
    expect(size).toBeCloseTo(2, 0);
  });
});

/** By summing: `p(0) = (k/(k+m))^k`, `p(i+1) = p(i) (i+k)/(i+1) m/(m+k)`. */
function exactTail(mean: number, size: number, x: number): number {
  let p = Math.exp(-size * Math.log1p(mean / size));
  let tail = 0;
  for (let i = 0; i < x + 2000; i += 1) {
    if (i >= x) tail += p;
    p *= ((i + size) / (i + 1)) * (mean / (mean + size));
  }
  return tail;
}

describe("two digits of a probability", () => {
  it("are the nearest", () => {
    const known = [[1, 1], [0.125, 0.13], [0.0996, 0.1], [1 / 3, 0.33], [0, 0]] as const;
    for (const [p, digits] of known) expect(twoDigits(p)).toBe(digits);
    fc.assert(fc.property(fc.double({ min: -40, max: 0, noNaN: true }), (bits) => {
      const p = 2 ** bits;
      const rounded = twoDigits(p);
      expect(Number(rounded.toPrecision(2))).toBe(rounded);
      const least = Math.abs(Number(p.toPrecision(2)) - p);
      expect(Math.abs(rounded - p)).toBeLessThanOrEqual(least * (1 + 1e-9));
    }), { numRuns: 500 });
  });
});
