import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvidenceReport } from "../../src/evidence/report.ts";
import { at, EvidencePlace, type Asked } from "./evidence-place.ts";
import { endOf, firstKey, foreignKey, MadeTrail, secondKey, type DigestJson } from "./trail-made.ts";

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

/** `kind key fromAt..toAt` of what is broken or unknown. */
function flawsOf({ flaws }: EvidenceReport): readonly string[] {
  return flaws.filter(({ weight }) => weight !== "note").map(({ kind, key, fromAt, toAt }) => {
    const isRange = fromAt !== null && toAt !== null && fromAt !== toAt;
    const parts = [kind, key, isRange ? `${hourOf(fromAt)}..${hourOf(toAt)}` : null];
    return parts.filter((part) => part !== null).join(" ");
  });
}

/** As `endOf` counts. */
function hourOf(moment: number): number {
  return (moment - at(0)) / 3_600_000;
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

/** What was done to the trail, and what is told of it. */
type Tampering = readonly [
  what: string,
  change: (trail: MadeTrail) => void,
  flaws: (trail: MadeTrail) => readonly string[],
];

function jsonOf(trail: MadeTrail, n: number, changes: Partial<DigestJson>): DigestJson {
  const key = trail.digestKey(n);
  return {
    digestStartTime: endOf(n - 1), digestEndTime: endOf(n), digestS3Bucket: trail.bucket,
    digestS3Object: key, digestPublicKeyFingerprint: firstKey.fingerprint,
    digestSignatureAlgorithm: "SHA256withRSA", previousDigestS3Bucket: null,
    previousDigestS3Object: null, previousDigestHashValue: null,
    previousDigestHashAlgorithm: null, previousDigestSignature: null, logFiles: [], ...changes,
  };
}

const tamperings: readonly Tampering[] = [
  [
    "a log file changed",
    (trail) => { trail.change(trail.logKey(3, 1), '{"Records":[]}'); },
    (trail) => [`log-tampered ${trail.logKey(3, 1)}`],
  ],
  [
    "a log file cut off",
    (trail) => {
      const { body, metadata } = trail.take(trail.logKey(3, 0));
      trail.files.set(trail.logKey(3, 0), { body: body.subarray(0, 20), metadata });
    },
    (trail) => [`log-tampered ${trail.logKey(3, 0)}`],
  ],
  [
    "a log file emptied",
    (trail) => {
      trail.files.set(trail.logKey(3, 0), { body: Buffer.alloc(0), metadata: {} });
    },
    (trail) => [`log-tampered ${trail.logKey(3, 0)}`],
  ],
  [
    "a log file removed",
    (trail) => { trail.take(trail.logKey(3, 1)); },
    (trail) => [`log-missing ${trail.logKey(3, 1)}`],
  ],
  [
    "a log file moved",
    (trail) => { trail.files.set(trail.logKey(2, 3), trail.take(trail.logKey(3, 1))); },
    (trail) => [`log-moved ${trail.logKey(3, 1)}`],
  ],
  [
    "a log file put there",
    (trail) => {
      trail.files.set(trail.logKey(3, 3), { body: gzipSync('{"Records":[]}'), metadata: {} });
    },
    (trail) => [`log-unlisted ${trail.logKey(3, 3)}`],
  ],
  [
    "a digest changed",
    (trail) => { trail.change(trail.digestKey(3), JSON.stringify(jsonOf(trail, 3, {}))); },
    (trail) => [`digest-tampered ${trail.digestKey(3)} 2..3`],
  ],
  [
    "the newest digest changed",
    (trail) => { trail.change(trail.digestKey(6), JSON.stringify(jsonOf(trail, 6, {}))); },
    (trail) => [`digest-tampered ${trail.digestKey(6)} 5..6`],
  ],
  [
    "a digest that is no JSON",
    (trail) => { trail.change(trail.digestKey(3), "x"); },
    (trail) => [`digest-tampered ${trail.digestKey(3)}`],
  ],
  [
    "a digest removed",
    (trail) => { trail.take(trail.digestKey(3)); },
    (trail) => [`digest-missing ${trail.digestKey(3)} 2..3`],
  ],
  [
    "three digests in a row removed",
    (trail) => { for (const n of [2, 3, 4]) trail.take(trail.digestKey(n)); },
    (trail) => [`digest-missing ${trail.digestKey(4)} 1..4`],
  ],
  [
    "the oldest digests removed",
    (trail) => { for (const n of [1, 2, 3]) trail.take(trail.digestKey(n)); },
    (trail) => [`digest-missing ${trail.digestKey(3)} 1..3`],
  ],
  [
    "the newest digests removed",
    (trail) => { for (const n of [5, 6]) trail.take(trail.digestKey(n)); },
    () => ["gap 4..6"],
  ],
  [
    "all digests removed",
    (trail) => { for (let n = 1; n <= 6; n += 1) trail.take(trail.digestKey(n)); },
    () => ["no-digests 1..6"],
  ],
  [
    "a digest moved",
    (trail) => { trail.files.set(trail.digestKey(7), trail.take(trail.digestKey(6))); },
    (trail) => [`digest-moved ${trail.digestKey(7)} 5..7`],
  ],
  [
    "a digest with a log file left out, signed by a key that is not CloudTrail's",
    (trail) => {
      const fingerprint = { digestPublicKeyFingerprint: foreignKey.fingerprint };
      trail.putDigest(jsonOf(trail, 6, fingerprint), foreignKey);
    },
    (trail) => [`key-unknown ${trail.digestKey(6)} 5..6`],
  ],
  [
    "the same, under the fingerprint of a key that is",
    (trail) => { trail.putDigest(jsonOf(trail, 6, {}), foreignKey); },
    (trail) => [`digest-tampered ${trail.digestKey(6)} 5..6`],
  ],
  [
    "validation off for two hours",
    (trail) => {
      trail.files.clear();
      trail.hours(1, 2).hours(5, 6);
    },
    () => ["gap 2..4"],
  ],
];

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

describe("a bucket", () => {
  it("in which validation began within the time says so, and that is no flaw", async () => {
    const report = await place.inBucket([sixHours()], { from: at(-3) });
    expect(report.verdict).toBe("proven");
    expect(report.flaws).toMatchObject([{ kind: "begins", weight: "note", toAt: at(0) }]);
  });

  it("with a trail that is not validated beside one that is tells of its files", async () => {
    const [trail, other] = [sixHours(), new MadeTrail(place.newBucket()).hours(1, 6)];
    const key = other.logKey(4, 2);
    trail.files.set(key, { body: gzipSync("{}"), metadata: {} });
    expect(flawsOf(await place.inBucket([trail]))).toEqual([`log-unlisted ${key}`]);
    const one = { expected: { trail: "my_trail" } };
    expect((await place.inBucket([trail], one)).verdict).toBe("proven");
  });

  it.each<[string, Asked, readonly string[]]>([
    ["accounts", { expected: { accounts: ["111111111111", "222222222222"] } }, ["222222222222"]],
    [
      "regions", { expected: { regions: ["eu-west-1", "us-east-1"] } },
      ["111111111111 us-east-1"],
    ],
  ])("tells of %s that were to be there", async (_what, asked, silent) => {
    const { verdict, flaws } = await place.inBucket([sixHours()], asked);
    expect(verdict).toBe("broken");
    expect(flaws.filter(({ kind }) => kind === "silent").map(({ account, region }) =>
      [account, region].filter((part) => part !== null).join(" "))).toEqual(silent);
  });

  it("tells of a time of which there is nothing at all", async () => {
    const report = await place.inBucket([sixHours()], { from: at(60), to: at(70) });
    expect(flawsOf(report)).toEqual(["silent 60..70"]);
  });
});

describe("a copy of a bucket", () => {
  it("is proven but for the newest digest, whose signature is left behind", async () => {
    const folder = place.copied(sixHours({ prefix: "some/logs/" }));
    const proven = await place.inFolder(folder, { to: at(5) });
    expect({ verdict: proven.verdict, flaws: flawsOf(proven) })
      .toEqual({ verdict: "proven", flaws: [] });
    const all = await place.inFolder(folder, { to: at(6) });
    expect(all.verdict).toBe("unknown");
    expect(all.flaws).toMatchObject([{ kind: "unsigned", fromAt: at(5), toAt: at(6) }]);
  });

  it("that lacks what stands before AWSLogs is proven all the same", async () => {
    const trail = sixHours({ prefix: "some/logs/" });
    const folder = place.copied(trail);
    expect((await place.inFolder(`${folder}/some/logs/AWSLogs`, { to: at(5) })).verdict)
      .toBe("proven");
  });

  it.each(tamperings.slice(0, 6))("tells precisely of %s", async (_what, change, flaws) => {
    const trail = sixHours();
    trail.hour(7);
    change(trail);
    const report = await place.inFolder(place.copied(trail), { to: at(6) });
    expect(flawsOf(report)).toEqual(flaws(trail));
  });

  it("of which a digest is changed cannot prove the one before it", async () => {
    const trail = sixHours();
    trail.change(trail.digestKey(4), JSON.stringify(jsonOf(trail, 4, {})));
    const report = await place.inFolder(place.copied(trail), { to: at(5) });
    expect(flawsOf(report)).toEqual([
      `unsigned ${trail.digestKey(3)} 2..3`, `digest-tampered ${trail.digestKey(4)} 3..4`,
    ]);
  });

  it("of which a digest is gone cannot prove the one before it", async () => {
    const trail = sixHours();
    trail.take(trail.digestKey(4));
    const report = await place.inFolder(place.copied(trail), { to: at(5) });
    expect(flawsOf(report)).toEqual([
      `unsigned ${trail.digestKey(3)} 2..3`, `digest-missing ${trail.digestKey(4)} 3..4`,
    ]);
  });
});
