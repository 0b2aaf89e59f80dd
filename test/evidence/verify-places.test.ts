import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { at, EvidencePlace, type Asked } from "./evidence-place.ts";
import { flawsOf, jsonOf, tamperings } from "./tamperings.ts";
import { MadeTrail } from "./trail-made.ts";

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
