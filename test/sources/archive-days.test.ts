import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  dayOf, daysUnder, folderOf, minuteOf, missingOf, nextDay, overlapOf, rangesIn, startOf, withDay,
  type DayRange,
} from "../../src/sources/archive-days.ts";

describe("days", () => {
  it("are UTC's, wherever this runs", () => {
    const at = Date.UTC(2026, 2, 1, 23, 59);
    expect([dayOf(at), minuteOf(at), folderOf(dayOf(at)), startOf("2026-03-01")]).toEqual([
      "2026-03-01", "20260301T2359Z", "2026/03/01", Date.UTC(2026, 2, 1),
    ]);
    expect(["2026-02-28", "2028-02-28", "2026-12-31"].map(nextDay)).toEqual([
      "2026-03-01", "2028-02-29", "2027-01-01",
    ]);
  });

  it.each<[string, DayRange | null]>([
    ["2026", ["2026-01-01", "2026-12-31"]],
    ["2028/02", ["2028-02-01", "2028-02-29"]],
    ["2026/03/09", ["2026-03-09", "2026-03-09"]],
    ["2026/13", null],
    ["26", null],
    ["2026/03/09/x", null],
  ])("under the folder %s are %j", (folder, expected) => {
    expect(daysUnder(folder)).toEqual(expected);
  });

  it.each<[string, readonly DayRange[], readonly DayRange[]]>([
    ["all of them when nothing was read", [], [["2026-03-01", "2026-03-10"]]],
    ["none when all were", [["2026-02-01", "2026-04-01"]], []],
    ["what is before, between and behind",
      [["2026-03-03", "2026-03-04"], ["2026-03-07", "2026-03-07"]],
      [["2026-03-01", "2026-03-02"], ["2026-03-05", "2026-03-06"], ["2026-03-08", "2026-03-10"]]],
    ["not what lies outside", [["2026-02-01", "2026-03-02"], ["2026-03-10", "2026-05-01"]],
      [["2026-03-03", "2026-03-09"]]],
  ])("missing are %s", (_what, ranges, expected) => {
    expect(missingOf(ranges, ["2026-03-01", "2026-03-10"])).toEqual(expected);
  });

  it("overlap, or do not", () => {
    expect(overlapOf(["2026-01-01", "2026-03-05"], ["2026-03-01", "2026-04-01"]))
      .toEqual(["2026-03-01", "2026-03-05"]);
    expect(overlapOf(["2026-01-01", "2026-02-01"], ["2026-03-01", "2026-04-01"])).toBeNull();
  });

  it("kept one by one in any order are missing no more, and all others still are", () => {
    const day = fc.integer({ min: 0, max: 40 }).map((n) => dayOf(Date.UTC(2026, 1, 10 + n)));
    fc.assert(fc.property(fc.array(day), (days) => {
      const ranges = days.reduce<readonly DayRange[]>(withDay, []);
      const missing = missingOf(rangesIn(JSON.stringify(ranges)), ["2026-02-10", "2026-03-22"]);
      for (let one = "2026-02-10"; one <= "2026-03-22"; one = nextDay(one)) {
        const isMissing = missing.some(([first, last]) => first <= one && one <= last);
        expect(isMissing).toBe(!days.includes(one));
      }
      // Neighbours are one range.
      for (const [i, [, last]] of ranges.entries()) {
        const following = ranges[i + 1]?.[0];
        if (following !== undefined) expect(following > nextDay(last)).toBe(true);
      }
    }));
  });

  it("that are not ours are none", () => {
    expect(rangesIn(null)).toEqual([]);
    expect(rangesIn('{"a":1}')).toEqual([]);
    expect(rangesIn('[["x","y"],["2026-01-01","2026-01-02"],3]')).toEqual([
      ["2026-01-01", "2026-01-02"],
    ]);
  });
});
