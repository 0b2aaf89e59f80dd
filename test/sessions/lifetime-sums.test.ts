import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lifetimeOf, type IssuedCredential } from "../../src/sessions/lifetimes.ts";
import { nothingIssued, plus, withCredential } from "../../src/sessions/lifetime-sums.ts";
import { LengthTally, recommendedLifetime } from "../../src/sessions/recommended-lifetime.ts";
import { after, begin } from "../builders/task.ts";

const measured = { asOf: after(600), idleSeconds: 600 };
const credentials: readonly IssuedCredential[] = [
  { expiresAt: after(900), lastAt: after(1), endedAt: after(120) },
  { expiresAt: after(3600), lastAt: after(1), endedAt: null },
  { expiresAt: null, lastAt: null, endedAt: after(60) },
  { expiresAt: after(0.1), lastAt: null, endedAt: after(0.03) },
].map(({ expiresAt, lastAt, endedAt }, i) => ({
  accessKeyId: `ASIA${i}`, agent: "aider", roleArn: null, issuedAt: begin - i, expiresAt, lastAt,
  revokedAt: i === 1 ? after(600) : null,
  tasks: [{ id: "t", endedAt, endedBy: endedAt === null ? null : "told", isHeard: true }],
  taskId: "t",
}));

const sumOf = (some: readonly IssuedCredential[]) =>
  some.reduce((sum, credential) => withCredential(sum, {
    credential, lifetime: lifetimeOf(credential, measured),
  }, measured.asOf), nothingIssued);

describe("what credentials come to", () => {
  it("adds up what is known, and counts what is not", () => {
    expect(sumOf(credentials)).toEqual({
      credentialCount: 4, unusedCount: 2, liveZombieCount: 1, unknownExpiryCount: 1,
      issuedSeconds: 4500.104, usedSeconds: 720.034, zombieSeconds: 780.07,
      savedSeconds: 3000,
      present: { issuedAt: begin, seconds: 900 },
    });
  });

  it("is the same in every order and split", () => {
    fc.assert(fc.property(
      fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }), fc.nat(4),
      (order, at) => {
        const some = order.flatMap((i) => credentials[i] ?? []);
        expect(plus(sumOf(some.slice(0, at)), sumOf(some.slice(at)))).toEqual(sumOf(credentials));
      },
    ));
  });
});

describe("a recommended lifetime", () => {
  it.each<[string, number | null, number | null, unknown]>([
    ["what was expected and a fifth", 1000, 2000, { seconds: 1200, from: "expected" }],
    ["rounded up to whole seconds", 301, null, { seconds: 362, from: "expected" }],
    ["a fifth of 300 s that is exact", 300, null, { seconds: 360, from: "expected" }],
    ["five minutes at least", 120, null, { seconds: 300, from: "expected" }],
    ["what was observed, where nobody expected anything", null, 600,
      { seconds: 720, from: "observed" }],
    ["none where nothing is known", null, null, null],
  ])("is %s", (_what, ...row) => {
    const [expectedSeconds, observedSeconds, expected] = row;
    expect(recommendedLifetime({ expectedSeconds, observedSeconds })).toEqual(expected);
  });
});

describe("lengths of tasks", () => {
  it.each<[string, readonly (number | null)[], number | null]>([
    ["none that ended", [null], null],
    ["one", [61.2], 62],
    ["twenty: the nineteenth", Array.from({ length: 20 }, (_, i) => 20 - i), 19],
    ["twenty-one: the twentieth", Array.from({ length: 21 }, (_, i) => i + 1), 20],
    ["many of a kind", [...Array<number>(95).fill(10), ...Array<number>(5).fill(900)], 10],
    ["one more that took long", [...Array<number>(94).fill(10), ...Array<number>(6).fill(900)],
      900],
    ["an end before its start", [-5], 0],
  ])("have a 95th percentile: %s", (_what, lengths, expected) => {
    const tally = new LengthTally();
    for (const seconds of lengths) tally.add(seconds, null);
    expect(tally.lengths()).toEqual({ expectedSeconds: null, observedSeconds: expected });
  });

  it("have the longest that was expected, of those that run too", () => {
    const tally = new LengthTally();
    for (const expected of [60, 300, 120, null]) tally.add(null, expected);
    expect(tally.lengths()).toEqual({ expectedSeconds: 300, observedSeconds: null });
  });
});
