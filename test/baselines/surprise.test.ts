import { describe, expect, it } from "vitest";
import { bucketOf } from "../../src/baselines/day-bucket.ts";
import { surpriseOf } from "../../src/baselines/surprise.ts";
import { baseline, contribution, incidences, march1, pastOf } from "../builders/baseline.ts";

describe("surprise", () => {
  const twelve = pastOf(1, { days: 12 });

  it("of a value is its share of the sessions, one more counted in", () => {
    const usual = surpriseOf(baseline([twelve]), "region", "eu-west-1");
    expect(usual).toEqual({ bits: 0.1, sessions: 12, isFirst: false }); // -log2(12/13)
    twelve.set(march1 - 13, bucketOf([contribution({ region: ["us-east-1"] })]));
    const rare = surpriseOf(baseline([twelve]), "region", "us-east-1");
    expect(rare).toEqual({ bits: 3.8, sessions: 1, isFirst: false }); // -log2(1/14)
  });

  it("of a value never seen is that anything new comes, and that it is this", () => {
    // 12 sessions, none with anything new: 0.5/13 = 4.7 bits; a region of an open world: 5.
    expect(surpriseOf(baseline([pastOf(1, { days: 12 })]), "region", "ap-east-1")).toEqual({
      bits: 9.7, sessions: 0, isFirst: true,
    });
  });

  it("is less where new values come all the time", () => {
    const steady = baseline([pastOf(2, { days: 20 })]);
    const everNew = pastOf(2, { days: 20 });
    for (const day of everNew.keys()) {
      const shown = { network: [`ipv4 198.51.${day % 100}.0/24`] };
      everNew.set(day, bucketOf([contribution(shown), contribution()]));
    }
    const bits = (of: typeof steady) => surpriseOf(of, "network", "ipv4 192.0.2.0/24").bits;
    expect(bits(baseline([everNew]))).toBeLessThan(bits(steady) - 4);
  });

  it("is less where other roles show the value, in whole bits", () => {
    const roles = Array.from({ length: 8 }, (_, i) => {
      const own = i < 4 ? "s3:ListBuckets" : `s3:${i}`;
      return pastOf(1, { shown: { operation: ["ec2:DescribeInstances", own] } });
    });
    const role = baseline([pastOf(2)], { above: incidences(roles) });
    const bits = (value: string) => surpriseOf(role, "operation", value).bits;
    const fresh = -Math.log2(0.5 / 29);
    expect(bits("s3:ListBuckets")).toBeCloseTo(fresh + 2, 1); // 4 of 17
    expect(bits("s3:7")).toBeCloseTo(fresh + 4, 1); // 1 of 17
    expect(bits("iam:ListUsers")).toBeCloseTo(fresh + 16, 1); // 4.5 of 17, of an open world 2^-14
  });

  it("says that it does not know what a crowded day left out", () => {
    const operation = Array.from({ length: 400 }, (_, i) => `ec2:Describe${i}`);
    const crowded = baseline([new Map([[march1 - 1, bucketOf([contribution({ operation })])]])]);
    const firsts = Array.from({ length: 200 }, (_, i) =>
      surpriseOf(crowded, "operation", `s3:Get${i}`).isFirst);
    expect(new Set(firsts)).toEqual(new Set([true, null]));
  });
});
