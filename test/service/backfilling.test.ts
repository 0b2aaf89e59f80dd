import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openApp, type App } from "../../src/app.ts";
import { sizeOf } from "../../src/service/archive-size.ts";
import { backfill, type BackfillOptions } from "../../src/service/backfilling.ts";
import { readingChoice } from "../../src/reading-choice.ts";
import { AwsServer } from "../aws/aws-server.ts";
import { S3Service } from "../aws/s3-service.ts";
import { record } from "../builders/record.ts";

const account = "111111111111";
const archive = {
  bucket: "trail-logs", prefix: "",
  delivered: { from: Date.UTC(2026, 2, 1), until: Date.UTC(2026, 2, 6) - 1 },
  filter: { accounts: [], regions: [] },
};
let folder = "";
let s3: S3Service;
let server: AwsServer;
const open: App[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "backfill-"));
  s3 = new S3Service("trail-logs");
  server = new AwsServer({ s3: s3.answer });
  await server.listen();
  writeFileSync(
    join(folder, "trailwarden.yaml"), `aws: { endpoint: "${server.endpoint}", region: eu-west-1 }`,
  );
  process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
  process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
});
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A file of `ids`, delivered on that day of March 2026. */
function put(day: number, ids: readonly string[], bytes?: Buffer): string {
  const name = `2026030${day}T1000Z_${ids.join("").padStart(16, "0")}.json.gz`;
  const key = `AWSLogs/${account}/CloudTrail/eu-west-1/2026/03/0${day}/` +
    `${account}_CloudTrail_eu-west-1_${name}`;
  const records = ids.map((eventID) => record({ eventID }));
  s3.put(key, bytes ?? gzipSync(JSON.stringify({ Records: records })));
  return key;
}

async function appAt(store: string): Promise<App> {
  const app = await openApp({
    store: join(folder, store), config: join(folder, "trailwarden.yaml"),
  });
  open.push(app);
  return app;
}

interface Told {
  readonly faults: string[];
  readonly rejections: string[];
  readonly progress: [number, number][];
}

async function run(
  app: App,
  onAdvance: (done: number, told: Told) => void = () => undefined,
  signal: AbortSignal = new AbortController().signal,
) {
  const told: Told = { faults: [], rejections: [], progress: [] };
  let total = 0;
  const options: BackfillOptions = {
    ...archive,
    concurrency: 4,
    choice: readingChoice(app.config, false),
    progress: {
      start: (count) => { total = count; },
      advance: (done, events) => {
        told.progress.push([done, events]);
        onAdvance(done, told);
      },
      stop: () => undefined,
    },
    onRejection: ({ file, reason }) => told.rejections.push(`${reason} ${file}`),
    onFault: ({ message }) => told.faults.push(message),
  };
  const { seconds, ...summary } = await backfill(app, options, signal);
  expect(seconds).toBeGreaterThan(0);
  return { summary, told, total };
}

const nothing = {
  fileCount: 0, knownFileCount: 0, eventCount: 0, duplicateCount: 0, skippedCount: 0,
  rejectedCount: 0, faultCount: 0, passedOverCount: 0, getCount: 0, getBytes: 0, others: {},
};

describe("a backfill", () => {
  it("takes all files in, counts them, and does nothing a second time", async () => {
    put(1, ["a", "b"]);
    put(2, ["b", "c"]);
    put(5, ["d"]);
    put(6, ["behind"]);
    const app = await appAt("t.db");
    const { summary, told, total } = await run(app);
    // `b` was made twice: another record of the same id is another event.
    expect(summary).toEqual({
      ...nothing, fileCount: 3, eventCount: 5, getCount: 3, getBytes: expect.any(Number) as number,
    });
    expect(summary.getBytes).toBeGreaterThan(1000);
    expect({ total, last: told.progress.at(-1) }).toEqual({ total: 5, last: [5, 5] });
    expect((await app.store.counts()).eventCount).toBe(5);
    const again = await run(app);
    expect(again.summary).toEqual(nothing);
    expect(again.told.progress.at(-1)).toEqual([5, 0]);
  });

  it("tells what is damaged, keeps what can be read of it, and goes on", async () => {
    put(1, ["a"]);
    const records = [record({ eventID: "whole" }), record({ eventID: "cut" })];
    const text = JSON.stringify({ Records: records });
    const bad = put(2, ["bad"], Buffer.from(text.slice(0, -100)));
    put(3, ["c"]);
    const app = await appAt("t.db");
    const { summary, told } = await run(app);
    expect(summary).toMatchObject({ fileCount: 3, eventCount: 3, rejectedCount: 1, faultCount: 0 });
    expect(told.rejections).toEqual([`truncated s3://trail-logs/${bad}`]);
    expect((await run(app)).summary).toEqual(nothing);
  });

  it("names a file that it may not read, and asks for it again the next time", async () => {
    put(1, ["a"]);
    const bad = put(2, ["b"]);
    s3.denied.add(bad);
    const app = await appAt("t.db");
    const { summary, told } = await run(app);
    expect(summary).toMatchObject({ fileCount: 2, eventCount: 1, faultCount: 1 });
    expect(told.faults).toEqual([expect.stringContaining("s3:GetObject on it")]);
    s3.denied.clear();
    expect((await run(app)).summary).toMatchObject({ fileCount: 1, eventCount: 1, getCount: 1 });
  });

  it("ends when no file at all may be read, and says what is missing", async () => {
    for (let i = 0; i < 60; i += 1) s3.denied.add(put(1 + (i % 5), [`e${i}`]));
    await expect(run(await appAt("t.db"))).rejects.toThrow(
      "the credentials may not do s3:GetObject on it",
    );
    expect(s3.gets.length).toBeLessThan(40);
  });

  it("stopped at any moment, it goes on: in the end it is as if nothing had been", async () => {
    const ids = Array.from({ length: 60 }, (_, i) => `e${i}`);
    ids.forEach((id, i) => put(1 + (i % 5), [id]));
    const app = await appAt("stopped.db");
    const gets: number[] = [];
    for (const stopAfter of [3, 10, 20, 60]) {
      const stop = new AbortController();
      let seen = 0;
      const { summary } = await run(app, () => {
        seen += 1;
        if (seen === stopAfter) stop.abort();
      }, stop.signal);
      gets.push(summary.getCount);
    }
    const { summary } = await run(app);
    const whole = await appAt("whole.db");
    await run(whole);
    const [after, wanted] = [await app.store.counts(), await whole.store.counts()];
    expect({ ...after, rejected: {} }).toEqual({ ...wanted, rejected: {} });
    expect(after.eventCount).toBe(60);
    // Stopped three times: no more than what was in hand each time was read in vain.
    expect(gets.length).toBe(4);
    expect([...gets, summary.getCount].reduce((sum, count) => sum + count, 0)).toBeLessThan(75);
  });
});

describe("a dry run", () => {
  it("counts files and bytes, and reads none", async () => {
    put(1, ["a"]);
    put(5, ["b"]);
    put(6, ["behind"]);
    const { places, listCount } = await sizeOf(await appAt("t.db"), archive, () => undefined);
    expect(places).toEqual([
      { account, region: "eu-west-1", fileCount: 2, bytes: expect.any(Number) as number },
    ]);
    expect(places[0]?.bytes).toBeGreaterThan(500);
    expect([listCount, s3.lists.length, s3.gets.length]).toEqual([4, 4, 0]);
  });
});
