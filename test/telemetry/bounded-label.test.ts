import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BoundedLabel } from "../../src/telemetry/bounded-label.ts";

describe("a bounded label", () => {
  it("keeps the names of the first, for ever", () => {
    const label = new BoundedLabel(2, [], () => undefined);
    expect(["a", "b", "c", "a", "d", "b"].map((value) => label.of(value))).toEqual([
      "a", "b", "other", "a", "other", "b",
    ]);
  });

  it("keeps a place for those that are known", () => {
    const label = new BoundedLabel(2, ["declared"], () => undefined);
    expect(["x", "y", "declared"].map((value) => label.of(value))).toEqual([
      "x", "other", "declared",
    ]);
  });

  it("says that there is none", () => {
    expect(new BoundedLabel(0, [], () => undefined).of(null)).toBe("none");
  });

  it("shows no value that is too long", () => {
    expect(new BoundedLabel(2, [], () => undefined).of("x".repeat(129))).toBe("other");
  });

  it("has no more values than its bound, and counts every one it does not show", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.nat(5), (values, max) => {
        let overflowCount = 0;
        const label = new BoundedLabel(max, [], () => (overflowCount += 1));
        const shown = values.map((value) => label.of(value));
        const hidden = shown.filter((value, i) => value !== values[i]);
        expect(new Set(shown.filter((value, i) => value === values[i])).size)
          .toBeLessThanOrEqual(max);
        expect(hidden).toHaveLength(overflowCount);
      }),
    );
  });
});
