import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, EvidencePlace } from "./evidence-place.ts";
import { flawsOf, tamperings } from "./tamperings.ts";
import { MadeTrail, secondKey } from "./trail-made.ts";

let place: EvidencePlace;
beforeAll(async () => {
  place = await EvidencePlace.start();
});
afterAll(async () => {
  await place.stop();
});

/** Six hours, of which each digest is proven by its own signature and by the next one. */
function sixHours(options = {}): MadeTrail {
  return new MadeTrail(place.newBucket(), options).hours(1, 6);
}

describe("a trail that nobody touched", () => {
  it.each<[string, (bucket: string) => MadeTrail]>([
    ["with one key", (bucket) => new MadeTrail(bucket).hours(1, 6)],
    ["with a prefix", (bucket) => new MadeTrail(bucket, { prefix: "some/logs/" }).hours(1, 6)],
    ["of an organisation", (bucket) =>
      new MadeTrail(bucket, { trail: "org.trail-1" }).hours(1, 6)],
    ["that changed its key, told in another encoding", (bucket) =>
      new MadeTrail(bucket).hours(1, 3).hours(4, 6, { key: secondKey, isStart: false })],
    ["of quiet hours", (bucket) =>
      new MadeTrail(bucket).hours(1, 2).hours(3, 6, { logCount: 0, isStart: false })],
    ["with digests that came later", (bucket) => {
      const trail = new MadeTrail(bucket).hours(1, 6);
      trail.hour(2, { isBackfill: true, isStart: true, logCount: 1 });
      return trail.hour(5, { isBackfill: true, logCount: 1, key: secondKey });
    }],
  ])("is proven: %s", async (_what, made) => {
    const trail = made(place.newBucket());
    const report = await place.inBucket([trail]);
    expect({ verdict: report.verdict, flaws: flawsOf(report) })
      .toEqual({ verdict: "proven", flaws: [] });
    for (const { digestCount, provenDigestCount, logCount, provenLogCount } of report.chains) {
      expect({ digestCount, logCount })
        .toEqual({ digestCount: provenDigestCount, logCount: provenLogCount });
    }
  });

  it("is counted by trail, account and region", async () => {
    const bucket = place.newBucket();
    const report = await place.inBucket([
      new MadeTrail(bucket).hours(1, 6),
      new MadeTrail(bucket, { region: "us-east-1" }).hours(1, 6, { logCount: 1 }),
    ]);
    const chain = { account: "111111111111", trail: "my_trail", isBackfill: false };
    expect(report).toMatchObject({
      verdict: "proven",
      chains: [
        {
          ...chain, region: "eu-west-1",
          digestCount: 5, provenDigestCount: 5, logCount: 10, provenLogCount: 10,
        },
        {
          ...chain, region: "us-east-1",
          digestCount: 5, provenDigestCount: 5, logCount: 5, provenLogCount: 5,
        },
      ],
      flaws: [],
    });
  });

  it("is proven as far as digests can be there by now", async () => {
    const trail = sixHours();
    expect((await place.inBucket([trail], { to: at(8), now: at(8) })).verdict).toBe("proven");
    const late = await place.inBucket([trail], { to: at(8), now: at(8) + 1 });
    expect(flawsOf(late)).toEqual(["gap 6..8"]);
  });
});

describe("a trail that somebody touched", () => {
  it("is told of as far as is known where a backfill digest is gone", async () => {
    const trail = sixHours();
    for (const n of [2, 3, 5]) trail.hour(n, { isBackfill: true, logCount: 1, isStart: n === 2 });
    trail.take(trail.digestKey(3, true));
    expect(flawsOf(await place.inBucket([trail]))).toEqual([
      `digest-missing ${trail.digestKey(3, true)} 2..4`, `log-unlisted ${trail.logKey(3, 8)}`,
    ]);
  });

  it.each(tamperings)("tells precisely of %s", async (_what, change, flaws) => {
    const trail = sixHours();
    change(trail);
    const report = await place.inBucket([trail]);
    expect({ verdict: report.verdict, flaws: flawsOf(report) })
      .toEqual({ verdict: "broken", flaws: flaws(trail) });
  });
});
