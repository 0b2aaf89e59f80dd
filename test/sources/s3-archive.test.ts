import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { account, Filling, type How } from "./filling.ts";

const folder = `AWSLogs/${account}/CloudTrail/eu-west-1/`;
let trail: Filling;
beforeEach(async () => {
  trail = new Filling();
  await trail.open();
});
afterEach(async () => {
  await trail.close();
});

describe("an archive", () => {
  it("is read between two days, by its keys, and ends", async () => {
    trail.file("2026-02-28T23:55", ["before"]);
    trail.file("2026-03-01T00:00", ["first"]);
    trail.file("2026-03-03T10:00", ["c", "d"]);
    trail.file("2026-03-05T23:55", ["last"]);
    trail.file("2026-03-06T00:00", ["after"]);
    const { seen, counts, fault } = await trail.filled();
    expect({ seen, counts, fault }).toMatchObject({
      seen: ["c", "d", "first", "last"], counts: { days: 5, passedOver: 0 }, fault: null,
    });
    expect(trail.s3.lists).toEqual([
      " -", "AWSLogs/ -", `AWSLogs/${account}/CloudTrail/ -`,
      `${folder} ${folder}2026/03/01/`,
    ]);
    expect(trail.s3.gets.length).toBe(3);
    expect([...trail.cursors]).toEqual([
      [`s3-archive/trail-logs/${folder}~mark`, '[["2026-03-01","2026-03-05"]]'],
    ]);
  });

  it("is read to the minute of delivery", async () => {
    for (const minute of ["09:50", "09:55", "10:00", "10:05", "10:10"]) {
      trail.file(`2026-03-02T${minute}`, [minute]);
    }
    const { seen } = await trail.filled({
      from: Date.UTC(2026, 2, 2, 9, 55), until: Date.UTC(2026, 2, 2, 10, 5),
    });
    expect(seen).toEqual(["09:55", "10:00", "10:05"]);
    // Other minutes of that day were not.
    expect([...trail.cursors]).toEqual([]);
  });

  it("is listed a page at a time, however many files a day has", async () => {
    trail.s3.keysPerPage = 7;
    const ids = Array.from({ length: 60 }, (_, i) => `e${String(i).padStart(2, "0")}`);
    ids.forEach((id, i) => trail.file(`2026-03-0${1 + Math.floor(i / 20)}T10:00`, [id]));
    const { seen, counts } = await trail.filled({ concurrency: 3 });
    expect(seen).toEqual(ids);
    expect(counts.inHandMax).toBeLessThanOrEqual(4);
  });

  it("leaves out what no log file is called, and counts it", async () => {
    trail.file("2026-03-01T10:00", ["a"]);
    trail.s3.put(`${folder}2026/03/01/notes.json.gz`, Buffer.from("x"));
    trail.s3.put(`${folder}2026/03/01/999999999999_CloudTrail_eu-west-1_20260301T1005Z_a.json.gz`,
      Buffer.from("x"));
    const { seen, counts } = await trail.filled();
    expect({ seen, passedOver: counts.passedOver }).toEqual({ seen: ["a"], passedOver: 2 });
  });

  it("of several regions is read with a cursor each", async () => {
    trail.file("2026-03-01T10:00", ["a"]);
    trail.file("2026-03-02T10:00", ["b"], "us-east-1");
    expect((await trail.filled()).seen).toEqual(["a", "b"]);
    expect([...trail.cursors.keys()].sort()).toEqual([
      `s3-archive/trail-logs/${folder}~mark`,
      `s3-archive/trail-logs/AWSLogs/${account}/CloudTrail/us-east-1/~mark`,
    ]);
  });
});

describe("read again", () => {
  it("it skips the days that were read, without listing them", async () => {
    trail.file("2026-03-01T10:00", ["a"]);
    trail.file("2026-03-05T10:00", ["b"]);
    await trail.filled({ from: Date.UTC(2026, 2, 2), until: Date.UTC(2026, 2, 4) - 1 });
    trail.s3.asked.length = 0;
    const { seen, counts } = await trail.filled();
    expect({ seen, days: counts.days }).toEqual({ seen: ["a", "b"], days: 5 });
    expect(trail.s3.lists.filter((line) => line.startsWith(folder))).toEqual([
      `${folder} ${folder}2026/03/01/`, `${folder} ${folder}2026/03/04/`,
    ]);
    trail.s3.asked.length = 0;
    expect((await trail.filled()).seen).toEqual([]);
    expect(trail.s3.lists.filter((line) => line.startsWith(folder))).toEqual([]);
  });

  it("it looks again at days to which more may still be delivered", async () => {
    trail.file("2026-03-04T10:00", ["a"]);
    const at = Date.UTC(2026, 2, 5, 12);
    await trail.filled({ at });
    expect([...trail.cursors.values()]).toEqual(['[["2026-03-01","2026-03-03"]]']);
    trail.file("2026-03-05T11:00", ["b"]);
    expect((await trail.filled({ at: at + 3600_000 })).seen).toEqual(["a", "b"]);
  });

  it("after a crash, in any moment, it reads what is missing", async () => {
    const ids = Array.from({ length: 40 }, (_, i) => `e${String(i).padStart(2, "0")}`);
    ids.forEach((id, i) => trail.file(`2026-03-0${1 + Math.floor(i / 8)}T10:00`, [id]));
    const seen = new Set<string>();
    let taken = 0;
    for (let run = 1; run <= 10; run += 1) {
      taken = 0;
      const read = await trail.filled({}, () => (++taken > run * 9 ? "crash" : "commit"));
      for (const id of read.seen) seen.add(id);
    }
    expect([...seen].sort()).toEqual(ids);
    expect([...trail.cursors.values()]).toEqual(['[["2026-03-01","2026-03-05"]]']);
  });

  it.each<[How, string, readonly string[]]>([
    ["poison", "what is damaged stays so: its day is read", []],
    ["later", "what was given back is read again: its day is not", ["b"]],
  ])("(%s) %s", async (what, _why, again) => {
    trail.file("2026-03-01T10:00", ["a"]);
    const bad = trail.file("2026-03-02T10:00", ["b"]);
    await trail.filled({}, ({ name }) => (name.endsWith(bad) ? what : "commit"));
    expect((await trail.filled()).seen).toEqual(again);
  });

  it("it asks again for what could not be read, once it may be", async () => {
    trail.file("2026-03-01T10:00", ["a"]);
    const bad = trail.file("2026-03-02T10:00", ["b"]);
    trail.s3.denied.add(bad);
    expect((await trail.filled()).seen).toEqual(["a"]);
    expect(trail.notes.lines.find((line) => line.includes("failed"))).toContain(
      `failed (for good): Cannot read arn:aws:s3:::trail-logs/${bad}: the credentials may not do ` +
        "s3:GetObject on it.",
    );
    trail.s3.denied.clear();
    expect((await trail.filled()).seen).toEqual(["b"]);
    expect([...trail.cursors.values()]).toEqual(['[["2026-03-01","2026-03-05"]]']);
  });
});

describe("a listing", () => {
  it("that is denied ends it, and says which action is missing", async () => {
    trail.file("2026-03-01T10:00", ["a"]);
    trail.s3.denied.add("");
    await expect(trail.filled()).rejects.toThrow(
      "Cannot list arn:aws:s3:::trail-logs: the credentials may not do s3:ListBucket on it.",
    );
  });

  it("that is denied later ends it too; what was in hand is finished", async () => {
    trail.s3.keysPerPage = 2;
    ["a", "b", "c", "d"].forEach((id, i) => trail.file(`2026-03-0${i + 1}T10:00`, [id]));
    const { seen, fault } = await trail.filled({ concurrency: 1 }, () => {
      trail.s3.denied.add("");
      return "commit";
    });
    expect(seen).toEqual(["a", "b"]);
    expect(fault?.code).toBe("denied");
    trail.s3.denied.clear();
    // The second day was not seen to its end.
    expect((await trail.filled()).seen).toEqual(["b", "c", "d"]);
  });

  it("that is asked to slow down goes on", async () => {
    trail.file("2026-03-01T10:00", ["a"]);
    trail.s3.slowDown(3);
    expect((await trail.filled()).seen).toEqual(["a"]);
    expect(trail.notes.lines[0]).toContain("AWS asks to send fewer requests");
    const recovered = trail.notes.lines.filter((line) => line.includes("recovered"));
    expect(recovered).toEqual(["backfill recovered"]);
  });
});
