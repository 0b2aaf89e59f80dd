import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { daysHeard, signOf, signOfFile } from "../../src/sessions/origin.ts";
import { at, trailEvent } from "../builders/event.ts";
import { atHour, monday, origin } from "../builders/origin.ts";

describe("a sign of an origin", () => {
  it("is an event that tells account and region", () => {
    expect(signOf(trailEvent())).toEqual({ ...origin, at: at(60) });
  });

  it.each([
    { account: null }, { account: "anonymous" }, { region: "" }, { region: "eu west" },
    { region: "e".repeat(33) },
  ])("is none where it tells %o", (told) => {
    expect(signOf(trailEvent(told))).toBeNull();
  });

  const folder = "AWSLogs/o-abcdefghij/111111111111";
  const file = "111111111111_CloudTrail_eu-west-1_20260302T0905Z_Gk3r9aB2cD4eF6gH.json.gz";
  it.each<[string, string, number | null]>([
    ["a log file", `s3://trail/${folder}/CloudTrail/eu-west-1/2026/03/02/${file}`,
      monday + (9 * 60 + 5) * 60_000],
    ["a digest",
      `${folder}/CloudTrail-Digest/eu-west-1/2026/03/02/111111111111_CloudTrail-Digest_eu-west-1_` +
        "main_eu-west-1_20260302T090512Z.json.gz",
      null],
    ["a file elsewhere", file, null],
    ["an impossible minute",
      `${folder}/CloudTrail/eu-west-1/2026/03/02/${file.replace("0302T09", "1302T99")}`, null],
  ])("is the name of %s, if it is a log file's", (_, name, expected) => {
    expect(signOfFile(name)).toEqual(expected === null ? null : { ...origin, at: expected });
  });
});

describe("what was heard", () => {
  it("is kept by day, a bit for each hour", () => {
    const signs = [0, 23, 24, 24.9].map((hour) => ({ ...origin, at: atHour(hour) }));
    const [day] = [monday / 86_400_000];
    expect(daysHeard(signs)).toEqual([
      { ...origin, day, hours: 1 + 2 ** 23 }, { ...origin, day: day + 1, hours: 1 },
    ]);
  });

  it("unites, however it is split, doubled and ordered", () => {
    const sign = fc.record({
      account: fc.constantFrom("111111111111", "222222222222"),
      region: fc.constantFrom("eu-west-1", "us-east-1"),
      at: fc.integer({ min: monday, max: monday + 3 * 86_400_000 }),
    });
    fc.assert(fc.property(fc.array(sign), fc.nat(40), (signs, cut) => {
      const [a, b] = [signs.slice(0, cut), [...signs].reverse()];
      const united = new Map<string, number>();
      for (const { day, hours, ...rest } of [...daysHeard(b), ...daysHeard(a)]) {
        const key = JSON.stringify([rest, day]);
        united.set(key, (united.get(key) ?? 0) | hours);
      }
      const whole = daysHeard(signs).map(({ day, hours, ...rest }) =>
        [JSON.stringify([rest, day]), hours] as const);
      expect([...united].sort()).toEqual([...whole].sort());
    }));
  });
});
