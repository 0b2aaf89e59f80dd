import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readRecords, type ReadBatch, type ReadOptions } from "../../src/records/read.ts";
import type { RawRecord } from "../../src/records/record.ts";
import type { LocalFile } from "../../src/sources/files.ts";
import { findFiles } from "../../src/sources/files.ts";
import { ReaderThread } from "../../src/sources/reader-thread.ts";
import { SearchedFiles } from "../../src/sources/searched-files.ts";
import { limits, logFile, record } from "../records/reading-files.ts";

/** Node runs what was built. */
const script = new URL("../../dist/sources/reader-thread-worker.js", import.meta.url);
const options: ReadOptions = { limits, markers: ["aider-"] };
const threadOf = (read = options) => new ReaderThread(read, script);

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "trailwarden-test-")); });
afterEach(() => { rmSync(folder, { recursive: true }); });

const agents = record("GetObject", { userIdentity: { arn: "arn:aws:iam::1:role/aider-7" } });
const others = record("PutObject");
const good = logFile([others, agents, others]);
const compressed = gzipSync(good);

/** Files that a thread may meet, in the order of their names. */
const contents: readonly (readonly [name: string, bytes: Buffer])[] = [
  ["a-plain.json", Buffer.from(good)],
  ["b.json.gz", compressed],
  ["c-empty.json.gz", Buffer.alloc(0)],
  ["d-cut-off.json.gz", compressed.subarray(0, -30)],
  ["e-wrong-checksum.json.gz", Buffer.from(compressed).fill(0, compressed.length - 8)],
  ["f-broken-record.json.gz", gzipSync(good.replace('"GetObject"', "GetObject"))],
  ["g-two-members.json.gz", Buffer.concat([compressed, compressed])],
  ["h-lines.ndjson.gz", gzipSync(`${JSON.stringify(agents)}\n${JSON.stringify(others)}\n`)],
  ["i-many-batches.json.gz", gzipSync(logFile(Array<RawRecord>(2500).fill(agents)))],
  ["j.json.gz", compressed],
];

async function written(): Promise<readonly LocalFile[]> {
  for (const [name, bytes] of contents) writeFileSync(join(folder, name), bytes);
  return await findFiles([folder]);
}

async function batchesOf(batches: AsyncIterable<ReadBatch>): Promise<readonly ReadBatch[]> {
  const all: ReadBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

describe("files searched on a thread", () => {
  it.each([0, 1, 3])("give what reading each does, in order, repeated %i times", async (times) => {
    const files = await written();
    const all = Array<readonly LocalFile[]>(times + 1).fill(files).flat();
    const expected = await Promise.all(all.map(async (file) =>
      await batchesOf(readRecords(await file.open(), options))));
    expect(expected.slice(0, 10).map((batches) => batches.length))
      .toEqual([1, 1, 1, 1, 1, 1, 1, 1, 3, 1]);

    const seen: (readonly ReadBatch[])[] = [];
    for await (const open of new SearchedFiles(all, options, threadOf())) {
      seen.push(await batchesOf(await open()));
    }
    expect(seen).toEqual(expected);
  });

  it("tell of one that is gone when its turn comes, and go on", async () => {
    const files = await written();
    rmSync(join(folder, "b.json.gz"));
    const seen: string[] = [];
    for await (const open of new SearchedFiles(files.slice(0, 3), options, threadOf())) {
      seen.push(await open().then(() => "read", (error: unknown) => String(error)));
    }
    expect(seen).toEqual(["read", expect.stringContaining("there is no such file"), "read"]);
  });

  it("are asked for only so far ahead, and fewer the more is found in each", async () => {
    const long = record("GetObject", { agent: "aider-7", note: "x".repeat(20_000) });
    const large = logFile(Array<RawRecord>(120).fill(long));
    writeFileSync(join(folder, "large.json.gz"), gzipSync(large));
    writeFileSync(join(folder, "small.json.gz"), compressed);
    // The file in hand and those behind it: 16 MB of what was found, or 32 files.
    for (const [name, most] of [["small", 33], ["large", 7]] as const) {
      const file = await findFiles([join(folder, `${name}.json.gz`)]);
      let taken = 0;
      const many = Array.from({ length: 100 }, () => file).flat();
      const counted = many.map((one) => ({ ...one, get path() { taken++; return one.path; } }));
      let turn = 0;
      let furthest = 0;
      for await (const open of new SearchedFiles(counted, options, threadOf())) {
        furthest = Math.max(furthest, taken - turn++);
        await batchesOf(await open());
      }
      expect([taken, turn]).toEqual([100, 100]);
      expect(furthest).toBeGreaterThan(1);
      expect(furthest).toBeLessThanOrEqual(most);
    }
  });

  it("can be left in the middle: the thread ends", async () => {
    const files = await written();
    const thread = threadOf();
    for await (const open of new SearchedFiles(files, options, thread)) {
      await open();
      break;
    }
    await expect(thread.find({ path: "x", name: "x" })).rejects.toThrow("has ended");
  });
});

describe("the thread", () => {
  it("answers in the order in which it was asked, null for what cannot be read", async () => {
    const [, first] = await written();
    const thread = threadOf();
    const path = first?.path ?? "";
    const asked = [path, join(folder, "none"), path, folder].map((one) =>
      thread.find({ path: one, name: "trail.json.gz" }));
    expect(thread.waitingCount).toBe(4);
    const answers = await Promise.all(asked);
    expect(answers.map((found) => found?.totalCount ?? null)).toEqual([3, null, 3, null]);
    expect(thread.waitingCount).toBe(0);
    await thread.close();
  });

  it("when closed leaves nobody waiting", async () => {
    const [, first] = await written();
    const thread = threadOf();
    const path = first?.path ?? "";
    const asked = Array.from({ length: 50 }, () => thread.find({ path, name: "trail.json.gz" }));
    const outcomes = Promise.allSettled(asked);
    await thread.close();
    const statuses = (await outcomes).map(({ status }) => status);
    expect(statuses).toContain("rejected");
    expect(new Set(statuses).size).toBeLessThanOrEqual(2);
  });

  it("that fails tells everyone who waits, and everyone who asks later", async () => {
    const [, first] = await written();
    // A broken promise of ours: options without limits.
    const thread = threadOf({ markers: ["aider-"] } as unknown as ReadOptions);
    const order = { path: first?.path ?? "", name: "trail.json.gz" };
    const asked = [thread.find(order), thread.find(order)];
    for (const one of asked) await expect(one).rejects.toThrow("inflatedBytesMax");
    await expect(thread.find(order)).rejects.toThrow("inflatedBytesMax");
    await thread.close();
  });
});
