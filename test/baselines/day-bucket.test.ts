import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketFrom, bytesOf, digestOf, textOf } from "../../src/baselines/bucket-bytes.ts";
import {
  bucketLimits, bucketOf, emptyBucket, mergeBuckets, type Contribution,
} from "../../src/baselines/day-bucket.ts";
import { categories } from "../../src/baselines/traits.ts";
import { contribution } from "../builders/baseline.ts";

const few = (prefix: string, max: number) =>
  fc.uniqueArray(fc.integer({ min: 0, max }), { maxLength: 20 })
    .map((numbers) => numbers.map((n) => `${prefix}${n}`));

/** More operations than a day keeps, so that bounds are met. */
const contributions: fc.Arbitrary<Contribution[]> = fc.array(
  fc.record({
    voice: fc.integer({ min: 0, max: 12 }),
    operation: few("ec2:Describe", 400),
    region: few("region-", 60),
    calls: fc.integer({ min: 0, max: 5000 }),
    score: fc.option(fc.double({ min: 0, max: 90, noNaN: true })),
  }).map(({ calls, ...rest }) => contribution({ ...rest, numbers: { calls } })),
  { maxLength: 25 },
);

describe("a day's bucket", () => {
  it("is the same for any split of its sessions, in any order", () => {
    const cases = contributions.chain((all) => fc.record({
      all: fc.constant(all),
      shuffled: fc.shuffledSubarray(all, { minLength: all.length }),
      at: fc.integer({ min: 0, max: all.length }),
    }));
    fc.assert(fc.property(cases, ({ all, shuffled, at }) => {
      const whole = bucketOf(all);
      const parts = mergeBuckets(bucketOf(shuffled.slice(0, at)), bucketOf(shuffled.slice(at)));
      expect(parts).toEqual(whole);
      expect(digestOf(textOf(parts))).toBe(digestOf(textOf(whole)));
      expect(mergeBuckets(whole, emptyBucket)).toEqual(whole);
    }));
  });

  it("comes back from its bytes as it was; of another version it is made anew", () => {
    fc.assert(fc.property(contributions, (all) => {
      const bucket = bucketOf(all);
      expect(bucketFrom(bytesOf(textOf(bucket)))).toEqual(bucket);
    }));
  });

  it("takes little memory beside others like it, which stay what they are", () => {
    const days = Array.from({ length: 30 }, (_, voice) =>
      bucketOf([contribution({ voice, region: ["eu-west-1"] }), contribution({ voice: 7 })]));
    const read = [...days, ...days].map((day) => bucketFrom(bytesOf(textOf(day))));
    expect(read).toEqual([...days, ...days]);
    const [a, b] = [days[7], days[7]].map((day) =>
      bucketFrom(bytesOf(textOf(day ?? emptyBucket))));
    expect(a?.values.region.entries[0]).toBe(b?.values.region.entries[0]);
    expect(a?.numbers.calls[0]).toBe(b?.numbers.calls[0]);
  });

  it("counts a value once a session, and remembers if several identities showed it", () => {
    const { values, sessions } = bucketOf([
      contribution({ voice: 7, region: ["eu-west-1"] }),
      contribution({ voice: 3, region: ["eu-west-1", "us-east-1"] }),
      contribution({ voice: 9, region: ["eu-west-1"] }),
    ]);
    expect(sessions).toBe(3);
    expect(values.region.entries).toEqual([["eu-west-1", [3, 3, 7]], ["us-east-1", [1, 3]]]);
  });

  it("says below which hash it knows every value, once it left some out", () => {
    const operation = Array.from({ length: 300 }, (_, i) => `ec2:Describe${i}`);
    const { entries, knownBelow } = bucketOf([contribution({ operation })]).values.operation;
    expect(entries).toHaveLength(bucketLimits.operation);
    expect(knownBelow).toBeGreaterThan(0);
    expect(bucketOf([contribution()]).values.operation.knownBelow).toBeNull();
  });

  it.each([
    ["operations", (i: number) => ({ operation: [`service${i % 50}:Describe${wordOf(i)}`] })],
    ["values of all categories", (i: number) =>
      ({ [named[i % named.length] ?? "region"]: [`value ${wordOf(i)}`] })],
  ])("stays under 64 kB for 28 days of a role with 10,000 %s", (_what, shown) => {
    let bytes = 0;
    for (let day = 0; day < 28; day += 1) {
      const sessions = Array.from({ length: 358 }, (_, i) => contribution({
        voice: i, ...shown(day * 358 + i), numbers: { calls: i * 7 }, score: i,
      }));
      bytes += bytesOf(textOf(bucketOf(sessions))).length;
    }
    expect(bytes).toBeLessThan(64 * 1024);
  });
});

/** Of hours there are 168. */
const named = categories.filter((category) => category !== "hour");

/** Ever another word, which compresses as badly as names do. */
function wordOf(i: number): string {
  return (Math.imul(i + 1, 2_654_435_761) >>> 0).toString(36);
}
