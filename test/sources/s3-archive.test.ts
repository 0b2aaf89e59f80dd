import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ObjectListing } from "../../src/aws/s3-list.ts";
import { ObjectStorage } from "../../src/aws/s3.ts";
import { Config } from "../../src/config/schema.ts";
import { ArchiveListing } from "../../src/sources/archive-listing.ts";
import { GivenUp } from "../../src/sources/fault.ts";
import { S3Archive } from "../../src/sources/s3-archive.ts";
import type { Handover } from "../../src/sources/source.ts";
import { AwsServer } from "../aws/aws-server.ts";
import { S3Service } from "../aws/s3-service.ts";
import { record } from "../builders/record.ts";
import { idsIn, Notes, TurnedClock } from "./watching.ts";

const account = "111111111111";
const folder = `AWSLogs/${account}/CloudTrail/eu-west-1/`;
const now = Date.UTC(2026, 3, 1);
let s3: S3Service;
let server: AwsServer;
let notes: Notes;
let cursors: Map<string, string>;
beforeEach(async () => {
  s3 = new S3Service("trail-logs");
  server = new AwsServer({ s3: s3.answer });
  await server.listen();
  notes = new Notes();
  cursors = new Map();
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
});
afterEach(async () => {
  await server.close();
});

let made = 0;
/** `2026-03-01T10:05` -> the key of a file that was delivered then. */
function file(delivered: string, ids: readonly string[], region = "eu-west-1"): string {
  const [day = "", time = ""] = delivered.split("T");
  const minute = `${day.replaceAll("-", "")}T${time.replace(":", "")}Z`;
  // Upper and lower case: what is first depends on whether bytes are compared, or words.
  const name = `${made++ % 2 === 0 ? "Zz" : "aA"}${String(made).padStart(14, "0")}`;
  const key = `AWSLogs/${account}/CloudTrail/${region}/${day.replaceAll("-", "/")}/` +
    `${account}_CloudTrail_${region}_${minute}_${name}.json.gz`;
  const records = ids.map((eventID) => record({ eventID, awsRegion: region }));
  s3.put(key, gzipSync(JSON.stringify({ Records: records })));
  return key;
}

interface Options {
  readonly from?: number;
  readonly until?: number;
  readonly prefix?: string;
  readonly concurrency?: number;
  readonly at?: number;
}
type How = "commit" | "poison" | "later" | "crash";

/** Reads as the consumer does: all at once, but for what `how` says. */
async function filled(options: Options = {}, how: (handover: Handover) => How = () => "commit") {
  const { from = Date.UTC(2026, 2, 1), until = Date.UTC(2026, 2, 6) - 1 } = options;
  const { aws } = Config.parse({ aws: { endpoint: server.endpoint, region: "eu-west-1" } });
  const clock = new TurnedClock(options.at ?? now);
  const objects = new ObjectListing(aws, { socketsMax: 8 }, "trail-logs");
  const storage = new ObjectStorage(aws, { socketsMax: 8 });
  const listing = new ArchiveListing({
    listing: objects, delivered: { from, until }, clock, watcher: notes, source: "backfill",
  });
  const { signal } = new AbortController();
  const places = await listing.places(
    options.prefix ?? "", { accounts: [], regions: [] }, signal,
  );
  const seen: string[] = [];
  const counts = { days: 0, passedOver: 0, inHandMax: 0 };
  let inHand = 0;
  const archive = new S3Archive({
    listing, places, storage, watcher: notes, mark: "~mark", now: () => clock.now(),
    store: { cursor: (name) => Promise.resolve(cursors.get(name) ?? null) },
    concurrency: options.concurrency ?? 4,
    onDay: () => { counts.days += 1; },
    onPassedOver: () => { counts.passedOver += 1; },
  });
  const take = async (handover: Handover): Promise<"commit" | "poison"> => {
    try {
      seen.push(...(await idsIn(handover)).map(String));
      return "commit";
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      notes.failed("backfill", error, null);
      return "poison";
    }
  };
  const works: Promise<void>[] = [];
  for await (const handover of archive.handovers(signal)) {
    const what = how(handover);
    if (what === "crash") break;
    inHand += 1;
    counts.inHandMax = Math.max(counts.inHandMax, inHand);
    works.push((async () => {
      const became = what === "commit" ? await take(handover) : what;
      inHand -= 1;
      const { cursor } = handover;
      if (cursor !== undefined && cursor.data !== null) cursors.set(cursor.name, cursor.data);
      await (became === "commit" ? handover.acknowledge() : handover.giveBack(became));
    })());
  }
  await Promise.all(works);
  objects.close();
  storage.close();
  return { seen: seen.sort(), counts, fault: archive.fault };
}

describe("an archive", () => {
  it("is read between two days, by its keys, and ends", async () => {
    file("2026-02-28T23:55", ["before"]);
    file("2026-03-01T00:00", ["first"]);
    file("2026-03-03T10:00", ["c", "d"]);
    file("2026-03-05T23:55", ["last"]);
    file("2026-03-06T00:00", ["after"]);
    const { seen, counts, fault } = await filled();
    expect({ seen, counts, fault }).toMatchObject({
      seen: ["c", "d", "first", "last"], counts: { days: 5, passedOver: 0 }, fault: null,
    });
    expect(s3.lists).toEqual([
      " -", "AWSLogs/ -", `AWSLogs/${account}/CloudTrail/ -`,
      `${folder} ${folder}2026/03/01/`,
    ]);
    expect(s3.gets.length).toBe(3);
    expect([...cursors]).toEqual([
      [`s3-archive/trail-logs/${folder}~mark`, '[["2026-03-01","2026-03-05"]]'],
    ]);
  });

  it("is read to the minute of delivery", async () => {
    for (const minute of ["09:50", "09:55", "10:00", "10:05", "10:10"]) {
      file(`2026-03-02T${minute}`, [minute]);
    }
    const { seen } = await filled({
      from: Date.UTC(2026, 2, 2, 9, 55), until: Date.UTC(2026, 2, 2, 10, 5),
    });
    expect(seen).toEqual(["09:55", "10:00", "10:05"]);
    // Other minutes of that day were not.
    expect([...cursors]).toEqual([]);
  });

  it("is listed a page at a time, however many files a day has", async () => {
    s3.keysPerPage = 7;
    const ids = Array.from({ length: 60 }, (_, i) => `e${String(i).padStart(2, "0")}`);
    ids.forEach((id, i) => file(`2026-03-0${1 + Math.floor(i / 20)}T10:00`, [id]));
    const { seen, counts } = await filled({ concurrency: 3 });
    expect(seen).toEqual(ids);
    expect(counts.inHandMax).toBeLessThanOrEqual(4);
  });

  it("leaves out what no log file is called, and counts it", async () => {
    file("2026-03-01T10:00", ["a"]);
    s3.put(`${folder}2026/03/01/notes.json.gz`, Buffer.from("x"));
    s3.put(`${folder}2026/03/01/999999999999_CloudTrail_eu-west-1_20260301T1005Z_a.json.gz`,
      Buffer.from("x"));
    const { seen, counts } = await filled();
    expect({ seen, passedOver: counts.passedOver }).toEqual({ seen: ["a"], passedOver: 2 });
  });

  it("of several regions is read with a cursor each", async () => {
    file("2026-03-01T10:00", ["a"]);
    file("2026-03-02T10:00", ["b"], "us-east-1");
    expect((await filled()).seen).toEqual(["a", "b"]);
    expect([...cursors.keys()].sort()).toEqual([
      `s3-archive/trail-logs/${folder}~mark`,
      `s3-archive/trail-logs/AWSLogs/${account}/CloudTrail/us-east-1/~mark`,
    ]);
  });
});

describe("read again", () => {
  it("it skips the days that were read, without listing them", async () => {
    file("2026-03-01T10:00", ["a"]);
    file("2026-03-05T10:00", ["b"]);
    await filled({ from: Date.UTC(2026, 2, 2), until: Date.UTC(2026, 2, 4) - 1 });
    s3.asked.length = 0;
    const { seen, counts } = await filled();
    expect({ seen, days: counts.days }).toEqual({ seen: ["a", "b"], days: 5 });
    expect(s3.lists.filter((line) => line.startsWith(folder))).toEqual([
      `${folder} ${folder}2026/03/01/`, `${folder} ${folder}2026/03/04/`,
    ]);
    s3.asked.length = 0;
    expect((await filled()).seen).toEqual([]);
    expect(s3.lists.filter((line) => line.startsWith(folder))).toEqual([]);
  });

  it("it looks again at days to which more may still be delivered", async () => {
    file("2026-03-04T10:00", ["a"]);
    const at = Date.UTC(2026, 2, 5, 12);
    await filled({ at });
    expect([...cursors.values()]).toEqual(['[["2026-03-01","2026-03-03"]]']);
    file("2026-03-05T11:00", ["b"]);
    expect((await filled({ at: at + 3600_000 })).seen).toEqual(["a", "b"]);
  });

  it("after a crash, in any moment, it reads what is missing", async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `e${String(i).padStart(2, "0")}`);
    ids.forEach((id, i) => file(`2026-03-0${1 + Math.floor(i / 8)}T10:00`, [id]));
    const seen = new Set<string>();
    let taken = 0;
    for (let run = 1; run <= 10; run += 1) {
      taken = 0;
      for (const id of (await filled({}, () => (++taken > run * 9 ? "crash" : "commit"))).seen) {
        seen.add(id);
      }
    }
    expect([...seen].sort()).toEqual(ids);
    expect([...cursors.values()]).toEqual(['[["2026-03-01","2026-03-05"]]']);
  });

  it.each<[How, string, readonly string[]]>([
    ["poison", "what is damaged stays so: its day is read", []],
    ["later", "what was given back is read again: its day is not", ["b"]],
  ])("(%s) %s", async (what, _why, again) => {
    file("2026-03-01T10:00", ["a"]);
    const bad = file("2026-03-02T10:00", ["b"]);
    await filled({}, ({ name }) => (name.endsWith(bad) ? what : "commit"));
    expect((await filled()).seen).toEqual(again);
  });

  it("it asks again for what could not be read, once it may be", async () => {
    file("2026-03-01T10:00", ["a"]);
    const bad = file("2026-03-02T10:00", ["b"]);
    s3.denied.add(bad);
    expect((await filled()).seen).toEqual(["a"]);
    expect(notes.lines.find((line) => line.includes("failed"))).toContain(
      `failed (for good): Cannot read arn:aws:s3:::trail-logs/${bad}: the credentials may not do ` +
        "s3:GetObject on it.",
    );
    s3.denied.clear();
    expect((await filled()).seen).toEqual(["b"]);
    expect([...cursors.values()]).toEqual(['[["2026-03-01","2026-03-05"]]']);
  });
});

describe("a listing", () => {
  it("that is denied ends it, and says which action is missing", async () => {
    file("2026-03-01T10:00", ["a"]);
    s3.denied.add("");
    await expect(filled()).rejects.toThrow(
      "Cannot list arn:aws:s3:::trail-logs: the credentials may not do s3:ListBucket on it.",
    );
  });

  it("that is denied later ends it too; what was in hand is finished", async () => {
    s3.keysPerPage = 2;
    ["a", "b", "c", "d"].forEach((id, i) => file(`2026-03-0${i + 1}T10:00`, [id]));
    const { seen, fault } = await filled({ concurrency: 1 }, () => {
      s3.denied.add("");
      return "commit";
    });
    expect(seen).toEqual(["a", "b"]);
    expect(fault?.code).toBe("denied");
    s3.denied.clear();
    // The second day was not seen to its end.
    expect((await filled()).seen).toEqual(["b", "c", "d"]);
  });

  it("that is asked to slow down goes on", async () => {
    file("2026-03-01T10:00", ["a"]);
    s3.slowDown(3);
    expect((await filled()).seen).toEqual(["a"]);
    expect(notes.lines[0]).toContain("AWS asks to send fewer requests");
    expect(notes.lines.filter((line) => line.includes("recovered"))).toEqual(["backfill recovered"]);
  });
});
