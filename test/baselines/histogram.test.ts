import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binOf, mergeHistograms, scoreBinOf, totalOf, valueOf,
} from "../../src/baselines/histogram.ts";

describe("a bin", () => {
  it("holds one count up to nine, and beyond none that is further than 5 % away", () => {
    for (let count = 0; count <= 9; count += 1) expect(valueOf(binOf(count))).toBe(count);
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (count) => {
      expect(Math.abs(valueOf(binOf(count)) - count)).toBeLessThanOrEqual(0.05 * count + 1e-6);
    }));
  });

  it("is one of few, whatever the count", () => {
    expect(binOf(2 ** 31)).toBe(215);
    expect(binOf(Number.MAX_SAFE_INTEGER)).toBe(215);
  });

  it("of a score is fine where most scores are, and never falls as the score grows", () => {
    expect([0, 0.05, 10, 10.3, 100, 2000].map(scoreBinOf)).toEqual([0, 2, 111, 112, 213, 320]);
    const bits = fc.double({ min: 0, max: 2000, noNaN: true });
    fc.assert(fc.property(bits, bits, (a, b) => {
      expect(scoreBinOf(Math.max(a, b))).toBeGreaterThanOrEqual(scoreBinOf(Math.min(a, b)));
    }));
  });
});

describe("histograms", () => {
  const histogram = fc
    .array(fc.integer({ min: 0, max: 500 }), { maxLength: 30 })
    .map((counts) => counts.reduce<ReturnType<typeof mergeHistograms>>(
      (sum, count) => mergeHistograms(sum, [[binOf(count), 1]]), []));

  it("merge to the same in any order", () => {
    fc.assert(fc.property(histogram, histogram, histogram, (a, b, c) => {
      expect(mergeHistograms(a, b)).toEqual(mergeHistograms(b, a));
      expect(mergeHistograms(mergeHistograms(a, b), c))
        .toEqual(mergeHistograms(a, mergeHistograms(b, c)));
      expect(totalOf(mergeHistograms(a, b))).toBe(totalOf(a) + totalOf(b));
    }));
  });
});
