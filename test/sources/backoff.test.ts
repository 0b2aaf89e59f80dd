import { expect, it } from "vitest";
import { retryDelayMs } from "../../src/sources/backoff.ts";

it.each<[number, number, number]>([
  [1, 0, 100], [1, 1, 200], [2, 0, 200], [2, 1, 400], [5, 0.5, 2400], [9, 1, 51_200],
  [10, 0, 30_000], [10, 1, 60_000], [1000, 1, 60_000],
])("after try %i, with chance %f, the next waits %i ms", (attempt, chance, delayMs) => {
  expect(retryDelayMs(attempt, chance)).toBe(delayMs);
});
