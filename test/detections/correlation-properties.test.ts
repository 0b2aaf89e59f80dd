import fc from "fast-check";
import { expect, it } from "vitest";
import { correlate } from "../../src/detections/correlation-windows.ts";
import { correlationTypes } from "../../src/detections/correlation.ts";
import type { Correlation, Hit } from "../../src/detections/correlation.ts";
import { correlation, hit, threshold } from "./correlation-cases.ts";

const rules = ["a", "b", "c"];

const anyHits = fc
  .array(
    fc.record({
      rule: fc.constantFrom("a", "b", "c", "other"),
      second: fc.nat(40),
      user: fc.constantFrom("eve", "bob"),
      size: fc.integer({ min: -3, max: 5 }),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ rule, second, user, size }, i) =>
      hit({
        rule,
        at: second * 1000,
        eventKey: `e${String(i).padStart(2, "0")}`,
        fields: { user, size },
      })),
  );

const anyCorrelation = fc
  .record({
    type: fc.constantFrom(...correlationTypes),
    operator: fc.constantFrom("gt", "gte", "lt", "lte", "eq", "neq"),
    value: fc.integer({ min: 0, max: 4 }),
    timespanSeconds: fc.integer({ min: 1, max: 15 }),
  })
  .map(({ type, operator, value, timespanSeconds }) =>
    correlation({
      type,
      rules,
      timespanMs: timespanSeconds * 1000,
      condition: threshold({ [operator]: value }, type.startsWith("value") ? ["size"] : [], 75),
    }),
  );

function inTime(hits: readonly Hit[]): Hit[] {
  return hits.toSorted((a, b) => a.at - b.at);
}

it("gives the same firings whatever the order within a second, and with duplicates", () => {
  const shuffled = anyHits.chain((hits) =>
    fc.record({
      hits: fc.constant(hits),
      again: fc.shuffledSubarray([...hits, ...hits], { minLength: 0 }),
    }));
  fc.assert(
    fc.property(anyCorrelation, shuffled, (given, { hits, again }) => {
      const mixed = inTime([...again, ...hits.toReversed()]);
      expect(correlate(given, mixed)).toEqual(correlate(given, inTime(hits)));
    }),
    { numRuns: 300 },
  );
});

it("finds the bursts that trying every window finds", () => {
  fc.assert(
    fc.property(anyCorrelation, anyHits, (given, hits) => {
      const fired = correlate(
        given,
        inTime(hits),
      ).map(({ group, firstAt, lastAt, firedAt, eventCount, value }) => ({
        user: group["user"], firstAt, lastAt, firedAt, eventCount, value,
      }));
      expect(fired).toEqual(bruteForce(given, inTime(hits)));
    }),
    { numRuns: 1000 },
  );
});

interface Span {
  readonly user: string;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly firedAt: number;
  readonly eventCount: number;
  readonly value: number;
}

/** Every window that ends at an event, measured from nothing; overlapping ones are then joined. */
function bruteForce(given: Correlation, hits: readonly Hit[]): Span[] {
  const spans = ["bob", "eve"].flatMap((user) => {
    const own = hits.filter((one) => one.fields["user"] === user && rules.includes(one.rule));
    const ends = [...new Set(own.map(({ at }) => at))];
    const windows = ends
      .map((end) =>
        ({
          end,
          value: measured(given, own.filter(({ at }) => at > end - given.timespanMs && at <= end)),
        }),
      )
      .filter(({ value }) => isFiring(given, value));
    const bursts: { end: number; value: number }[][] = [];
    for (const window of windows) {
      const last = bursts.at(-1)?.at(-1);
      if (last !== undefined && window.end - given.timespanMs < last.end) {
        bursts.at(-1)?.push(window);
      }
      else bursts.push([window]);
    }
    return bursts.map((burst): Span => {
      const [from, to] = [
        Math.min(...burst.map(({ end }) => end)),
        Math.max(...burst.map(({ end }) => end)),
      ];
      const within = own.filter(({ at }) => at > from - given.timespanMs && at <= to);
      const values = burst.map(({ value }) => value);
      const isUpper = given.condition.kind === "threshold" && /^lt/.test(
        given.condition.thresholds[0]?.operator ?? "",
      );
      return {
        user,
        firstAt: Math.min(...within.map(({ at }) => at)),
        lastAt: to,
        firedAt: from,
        eventCount: within.length,
        value: isUpper ? Math.min(...values) : Math.max(...values),
      };
    });
  });
  return spans.sort((a, b) => a.firstAt - b.firstAt || (a.user < b.user ? -1 : 1));
}

function isFiring({ condition }: Correlation, value: number): boolean {
  if (condition.kind !== "threshold") throw new Error("not drawn");
  const { operator, value: limit } = condition.thresholds[0] ?? { operator: "gt", value: Infinity };
  if (operator === "gt") return value > limit;
  if (operator === "gte") return value >= limit;
  if (operator === "lt") return value < limit;
  if (operator === "lte") return value <= limit;
  return operator === "eq" ? value === limit : value !== limit;
}

function measured({ type }: Correlation, window: readonly Hit[]): number {
  const sizes = window.map(({ fields }) => Number(fields["size"])).sort((a, b) => a - b);
  const sum = sizes.reduce((total, size) => total + size, 0);
  const at = (index: number): number => sizes[index] ?? Number.NaN;
  switch (type) {
    case "event_count":
      return window.length;
    case "value_count":
      return new Set(sizes).size;
    case "value_sum":
      return sum;
    case "value_avg":
      return sum / sizes.length;
    case "value_median":
      return (at(Math.ceil(sizes.length / 2) - 1) + at(Math.floor(sizes.length / 2))) / 2;
    case "value_percentile":
      return at(Math.max(0, Math.ceil(0.75 * sizes.length) - 1));
    case "temporal":
      return new Set(window.map(({ rule }) => rule)).size;
    case "temporal_ordered":
      return longestRun(window, -Infinity, 0);
    default:
      return type satisfies never;
  }
}

/** Tries every choice: the longest run in listed order, from `at` and from rule `index` on. */
function longestRun(window: readonly Hit[], at: number, index: number): number {
  let longest = 0;
  for (const one of window) {
    const rule = rules.indexOf(one.rule);
    if (one.at >= at && rule >= index) {
      longest = Math.max(longest, 1 + longestRun(window, one.at, rule + 1));
    }
  }
  return longest;
}
