import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { readRecords } from "../../src/records/read.ts";
import { chunksOf, limits, logFile, outcomeOf, plain, record } from "./reading-files.ts";

const trail = ["ListBuckets", "GetObject", "PutObject"].map((name) => record(name));
const [first, second, third] = trail;

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}

describe("a record beyond a bound is one rejection, its neighbours are read", () => {
  it.each([
    ["deeper than the bound", record("Deep", { a: nested(5) }), "too-deep"],
    ["in a string, deeper", JSON.stringify(record("Deep", { a: nested(5) })), "too-deep"],
    ["larger than the bound", record("Large", { a: "x".repeat(300) }), "too-large"],
  ])("%s", async (_, bad, reason) => {
    const bound = { depthMax: 5, recordBytesMax: 200 };
    for (const text of [
      logFile([first, bad, second]),
      JSON.stringify([first, bad, second], null, 1),
      [first, bad, second].map((one) => JSON.stringify(one)).join("\n"),
    ]) {
      const { records, reasons, indexes } = await outcomeOf(plain(text), { limits: bound });
      expect({ records, reasons, indexes }).toEqual({
        records: [first, second],
        reasons: [reason],
        indexes: [0, 2],
      });
    }
  });

  it("reads a record of exactly the bounds", async () => {
    const exact = record("Exact", { a: nested(4) });
    const recordBytesMax = JSON.stringify(exact).length;
    const text = logFile([exact, exact]);
    const outcome = await outcomeOf(plain(text), { limits: { depthMax: 5, recordBytesMax } });
    expect(outcome).toMatchObject({ records: [exact, exact], reasons: [] });
    const less = { depthMax: 5, recordBytesMax: recordBytesMax - 1 };
    const { reasons } = await outcomeOf(plain(text), { limits: less });
    expect(reasons).toEqual(["too-large", "too-large"]);
  });

  it("survives a million brackets", async () => {
    const brackets = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
    const wrapped = JSON.stringify(JSON.stringify({ eventVersion: "1", a: "[]" })).replace(
      '\\"[]\\"',
      `${"[".repeat(500_000)}${"]".repeat(500_000)}`,
    );
    const text = `{"Records":[{"a":${brackets}},${wrapped},${JSON.stringify(first)}]}`;
    const { records, reasons } = await outcomeOf(plain(text), { limits: { recordBytesMax: 3e6 } });
    expect(records).toEqual([first]);
    expect(reasons).toEqual(["too-deep", "too-deep"]);
  });
});

describe("a file beyond a bound is read up to it", () => {
  const text = logFile(trail);
  const cut = text.indexOf(JSON.stringify(third));

  it.each([
    ["plain", Buffer.from(text)],
    ["gzip", gzipSync(text)],
  ])("of inflated bytes, %s", async (_, bytes) => {
    const bound = { limits: { inflatedBytesMax: cut + 3 } };
    const whole = await outcomeOf({ name: "a", bytes }, bound);
    expect(whole).toMatchObject({ records: [first, second], bytes: cut + 3 });
    expect(whole.reasons).toEqual(["too-large"]);
    expect(whole.places).toEqual([{ index: null, offset: cut + 3 }]);
    expect(await outcomeOf({ name: "a", chunks: chunksOf(bytes, 5) }, bound)).toEqual(whole);
    const exact = { limits: { inflatedBytesMax: text.length } };
    expect((await outcomeOf({ name: "a", bytes }, exact)).reasons).toEqual([]);
  });

  it("of records", async () => {
    const bound = { limits: { recordsMax: 2 } };
    const { records, reasons, places } = await outcomeOf(plain(text), bound);
    expect(records).toEqual([first, second]);
    expect(reasons).toEqual(["too-many-records"]);
    expect(places).toEqual([{ index: 2, offset: cut }]);
    expect((await outcomeOf(plain(text), { limits: { recordsMax: 3 } })).reasons).toEqual([]);
  });
});

describe("a file too large for one string", () => {
  // 557 MB inflated: V8's strings end at 512 MB. One compressed member many times is a valid gzip
  // file.
  const line = `${JSON.stringify(record("GetObject", { padding: "x".repeat(1560) }))}\n`;
  const memberCount = 68;
  const recordCount = memberCount * 5000;

  it("is read in batches, with bounded memory", async () => {
    const member = gzipSync(line.repeat(5000), { level: 1 });
    const bytes = Buffer.concat(Array.from({ length: memberCount }, () => member));
    const options = { limits, markers: null };
    let count = 0;
    let inflatedBytes = 0;
    let heldBytesMax = 0;
    let batchRecordsMax = 0;
    let rejectionCount = 0;
    for await (const batch of readRecords({ name: "large.json.gz", bytes }, options)) {
      count += batch.records.length;
      inflatedBytes += batch.bytes;
      batchRecordsMax = Math.max(batchRecordsMax, batch.records.length);
      rejectionCount += batch.rejections.length;
      heldBytesMax = Math.max(heldBytesMax, process.memoryUsage().arrayBuffers);
    }
    expect(count).toBe(recordCount);
    expect(rejectionCount).toBe(0);
    expect(batchRecordsMax).toBeLessThan(10_000);
    expect(inflatedBytes).toBe(line.length * recordCount);
    expect(inflatedBytes).toBeGreaterThan(0x1fff_ffe8);
    expect(heldBytesMax).toBeLessThan(256 * 1024 ** 2);
  });

  it("is read from a stream that breaks, up to the break", async () => {
    const half = async function* (): AsyncGenerator<Buffer> {
      let length = 0;
      const whole = gzipSync(Buffer.alloc(80 * 1024 ** 2, line), { level: 1 });
      for await (const chunk of chunksOf(whole, 1000)) {
        length += chunk.length;
        if (length > 200_000) return;
        yield chunk;
      }
    };
    const { records, reasons, bytes } = await outcomeOf({ name: "a.gz", chunks: half() });
    expect(reasons).toEqual(["bad-gzip"]);
    expect(records.length).toBe(Math.floor(bytes / line.length));
  });
});
