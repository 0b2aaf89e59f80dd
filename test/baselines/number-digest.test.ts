import fc from "fast-check";
import { expect, it } from "vitest";
import { NumberDigest } from "../../src/baselines/number-digest.ts";

function digestOf(numbers: readonly number[]): string {
  const digest = new NumberDigest();
  for (const each of numbers) digest.add(each);
  return digest.text;
}

const tenths = fc.integer({ min: -20, max: 600 }).map((each) => each / 10);

it("is the same for the same numbers alone, in the same order", () => {
  fc.assert(fc.property(fc.array(tenths), fc.array(tenths), (a, b) => {
    expect(digestOf([...a])).toBe(digestOf(a));
    expect(digestOf(a) === digestOf(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
  }));
  expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
  expect(digestOf([0])).not.toBe(digestOf([]));
});

it("differs for a hundred thousand lists that differ in one small number", () => {
  const digests = new Set<string>();
  for (let i = 0; i < 100_000; i += 1) digests.add(digestOf([7.3, i / 10, 80]));
  expect(digests.size).toBe(100_000);
});
