import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { momentOf, type OriginMoment } from "../../src/findings/origin-moments.ts";
import type { Arrival } from "../../src/sessions/origin-store.ts";
import { atHour, heardDays, hoursHeard, isWorkingHour, monday } from "../builders/origin.ts";

const lagObjectiveMs = 1_800_000;

function judged(
  hours: readonly number[],
  byHour: number,
  { since = 0, arrivals = [] as readonly Arrival[] } = {},
): { readonly moment: OriginMoment | null; readonly dueAt: number | null } {
  const listening = { by: atHour(byHour), since, lagObjectiveMs };
  return momentOf({ days: heardDays(hours), arrivals }, listening);
}

const hoursOf = (at: number | null) => at === null ? null : (at - monday) / 3_600_000;
const shown = (moment: OriginMoment | null) => moment === null
  ? null
  : [moment.name, hoursOf(moment.since), hoursOf(moment.at), hoursOf(moment.overAt)];

/** Of five weeks, up to Monday's beginning. */
const weeks = -5 * 168;
const steady = hoursHeard(weeks, 0);
const working = hoursHeard(weeks, 0, isWorkingHour);

describe("a source that is heard around the clock", () => {
  it.each<[string, readonly number[], number, readonly unknown[] | null, number | null]>([
    ["will stand out when four hours with events are to be expected, and half an hour after",
      steady, 3, null, 5.5],
    ["stands out then", steady, 5.5, ["SourceFellSilent", 0, 5.5, null], null],
    ["goes on standing out as it did", steady, 99, ["SourceFellSilent", 0, 5.5, null], null],
    ["no longer does when it is heard again, until it falls silent once more",
      [...steady, 9], 10, ["SourceFellSilent", 0, 5.5, 9], 15.5],
    ["did not when it was heard by then", [...steady, 5], 9, null, 11.5],
    ["does although it was heard once more in between",
      [...steady, 9], 15.5, ["SourceFellSilent", 10, 15.5, null], null],
    ["is heard again by a clock that is ahead", [...steady, 7], 6, ["SourceFellSilent", 0, 5.5, 7],
      13.5],
    ["is not heard by an event of next year, until a day before it", [...steady, 9000], 6,
      ["SourceFellSilent", 0, 5.5, null], 8976],
  ])("%s", (...[, hours, by, expected, dueAt]) => {
    const { moment, dueAt: at } = judged(hours, by);
    expect([shown(moment), hoursOf(at)]).toEqual([expected, dueAt]);
  });

  it("may be silent for twice what it was before", () => {
    const gapped = steady.filter((hour) => hour < -100 || hour >= -92);
    const { moment } = judged(gapped, 24);
    // Eight hours, each heard in three weeks of four: it missed 6, may miss 12, at 0.8 an hour.
    expect(moment).toMatchObject({
      name: "SourceFellSilent", at: atHour(15.5), rhythm: { days: 28, longestHours: 8 },
    });
  });

  it("says what was usual, and what it missed", () => {
    const { moment } = judged(steady, 6);
    expect(moment).toMatchObject({
      missedHours: expect.closeTo(4) as number,
      rhythm: { days: 28, missedMost: 0, longestHours: 0 },
    });
  });

  it("is not judged for a silence that began before anybody listened", () => {
    expect(judged(steady, 6, { since: atHour(0) }).moment).not.toBeNull();
    expect(judged(steady, 6, { since: atHour(0) + 1 })).toEqual({ moment: null, dueAt: null });
  });
});

describe("a source of working hours", () => {
  it.each<[string, readonly number[], number, readonly unknown[] | null]>([
    ["may rest over night and the weekend", working, 8, null],
    ["may keep a holiday", working, 24 + 8, null],
    ["stands out after half a working day more", working, 24 + 14.5,
      ["SourceFellSilent", -54, 24 + 13.5, null]],
  ])("%s", (...[, hours, by, expected]) => {
    expect(shown(judged(hours, by).moment)).toEqual(expected);
  });
});

describe("no silence stands out", () => {
  /** Silent for weeks after: whatever can stand out does. */
  const far = 30 * 24;

  it("of a source in its first two weeks", () => {
    fc.assert(fc.property(
      fc.uniqueArray(fc.integer({ min: -14 * 24, max: -1 }), { maxLength: 336 }),
      (hours) => {
        expect(judged(hours, far)).toEqual({ moment: null, dueAt: null });
      },
    ));
  });

  it.each<[string, readonly number[]]>([
    ["that is heard once a day", hoursHeard(weeks, 0, (hour) => (hour + 9000) % 24 === 3)],
    ["that is heard two days a week", working.filter((hour) => (hour - weeks) % 168 < 40)],
    ["that was never heard", []],
  ])("of a source %s", (_, hours) => {
    expect(judged(hours, far)).toEqual({ moment: null, dueAt: null });
  });

  it("over half a year of nights and weekends, with hours left out at random", () => {
    fc.assert(fc.property(
      fc.infiniteStream(fc.integer({ min: 0, max: 99 })),
      fc.integer({ min: 0, max: 20 }),
      (chances, leftOut) => {
        const until = weeks + 26 * 168;
        const hours = hoursHeard(weeks, until - 60, (hour) =>
          isWorkingHour(hour) && (chances.next().value ?? 0) >= leftOut);
        expect(judged(hours, until - 60).moment).toBeNull();
      },
    ), { numRuns: 20 });
  });
});

describe("a lag", () => {
  const quarters = (lags: readonly (readonly [quarter: number, lagSeconds: number])[]) =>
    lags.map(([quarter, seconds]): Arrival =>
      ({ at: atHour(quarter / 4), lagMs: seconds * 1000 }));

  it.each<[string, readonly Arrival[], readonly unknown[] | null]>([
    ["stands out when for an hour, in three quarters of it, nothing came in time",
      quarters([[0, 4000], [2, 1801], [4, 9000]]), ["SourceLagged", 0, 1, null]],
    ["does not before", quarters([[0, 4000], [1, 4000], [2, 4000], [3, 4000]]), null],
    ["does not where two deliveries came late", quarters([[0, 4000], [40, 4000]]), null],
    ["does not where something came in time in between",
      quarters([[0, 4000], [2, 4000], [3, 1800], [4, 4000], [5, 4000]]), null],
    ["is over when something comes in time",
      quarters([[0, 4000], [2, 4000], [4, 4000], [9, 60]]), ["SourceLagged", 0, 1, 2.25]],
  ])("%s", (_, arrivals, expected) => {
    expect(shown(judged([], 0, { arrivals }).moment)).toEqual(expected);
  });

  it("is as long as what was least late until it stood out", () => {
    const arrivals = quarters([[0, 4000], [2, 3000], [4, 5000], [5, 1900]]);
    expect(judged([], 0, { arrivals }).moment).toMatchObject({ lagMs: 3_000_000 });
  });

  it("that goes on is told before a silence that is over", () => {
    const arrivals = quarters([[-9, 4000], [-7, 4000], [-5, 4000]]);
    expect(shown(judged([...steady, 9], 10, { arrivals }).moment)?.[0]).toBe("SourceLagged");
  });
});
