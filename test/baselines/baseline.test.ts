import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketOf, mergeBuckets } from "../../src/baselines/day-bucket.ts";
import { totalOf } from "../../src/baselines/histogram.ts";
import { baseline, contribution, march1, pastOf } from "../builders/baseline.ts";

describe("a baseline", () => {
  it("is made of the days before it, and of no others", () => {
    const past = pastOf(3, { days: 40 });
    past.set(march1, bucketOf([contribution({ region: ["ap-east-1"] })]));
    const made = baseline([past]);
    expect(made).toMatchObject({ sessions: 84, days: 28, span: 28, weight: 84 });
    expect(made.values.region.all().map(([value]) => value)).toEqual(["eu-west-1"]);
  });

  it("is the same whatever order days and subjects were noted in", () => {
    const days = [...pastOf(2), ...pastOf(3, { days: 5, shown: { region: ["us-east-1"] } })];
    const other = pastOf(4, { shown: { operation: ["s3:GetObject"], voice: 9 } });
    fc.assert(fc.property(fc.shuffledSubarray(days, { minLength: days.length }), (shuffled) => {
      const sum = (list: typeof days) => {
        const made = new Map<number, (typeof days)[number][1]>();
        for (const [day, bucket] of list) {
          const before = made.get(day);
          made.set(day, before === undefined ? bucket : mergeBuckets(before, bucket));
        }
        return made;
      };
      const decaying = { halfLifeDays: 14 };
      expect(baseline([other, sum(shuffled)], decaying))
        .toEqual(baseline([sum(days), other], decaying));
    }));
  });

  it("weighs a session half after the half-life", () => {
    const past = new Map([[march1 - 15, bucketOf([contribution()])]]);
    expect(baseline([past], { halfLifeDays: 14 }).weight).toBe(0.5);
  });

  it("forgets what was before a reset", () => {
    expect(baseline([pastOf(3, { days: 20 })], { from: march1 - 5 })).toMatchObject({
      sessions: 15, days: 5, isMature: false,
    });
  });

  it.each([
    ["sessions on too few days", 10, 6, false],
    ["too few sessions", 1, 19, false],
    ["enough of both", 2, 10, true],
  ])("with %s (%d a day, %d days) is mature: %s", (...[, perDay, days, expected]) => {
    expect(baseline([pastOf(perDay, { days })]).isMature).toBe(expected);
  });

  it("ranks nothing before it has scored enough sessions", () => {
    expect(baseline([pastOf(2, { days: 14 })]).canRank).toBe(false);
    const scored = baseline([pastOf(2, { days: 14, shown: { score: 1 } })]);
    expect(scored.canRank).toBe(true);
    expect(totalOf(scored.scores)).toBe(28);
  });

  it("hears one identity's drip as one session where several use the role", () => {
    const past = pastOf(5);
    const drip = pastOf(1, { days: 10, shown: { voice: 2, operation: ["iam:ListUsers"] } });
    for (const [day, bucket] of drip) past.set(day, mergeBuckets(past.get(day) ?? bucket, bucket));
    const { operation } = baseline([past]).values;
    expect(operation.of("iam:ListUsers")).toMatchObject({ sessions: 10, weight: 1 });
    expect(operation.of("ec2:DescribeInstances")).toMatchObject({ weight: 1 });

    const twice = pastOf(1, { days: 10, shown: { voice: 3, operation: ["iam:ListUsers"] } });
    for (const [day, bucket] of twice) past.set(day, mergeBuckets(past.get(day) ?? bucket, bucket));
    const heard = baseline([past]).values.operation.of("iam:ListUsers");
    expect(heard).toMatchObject({ sessions: 20, weight: 20 });
  });

  it("lets neighbouring hours of working days speak for each other, not for the weekend", () => {
    const { hour } = baseline([pastOf(2, { shown: { hour: ["10"] } })]).values;
    expect(hour.of("35")).toMatchObject({ sessions: 0 });
    expect(hour.of("35")?.weight).toBeCloseTo(28 / 15 / 2);
    expect(hour.of("130")).toBeNull();
  });
});
