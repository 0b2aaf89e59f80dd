import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { rejectionsMax } from "../../src/records/intake.ts";
import { readRecords } from "../../src/records/read.ts";
import { limits, logFile, outcomeOf, plain, record } from "./reading-files.ts";

const trail = ["ListBuckets", "GetObject"].map((name) => record(name));
const log = logFile(trail);

async function detailsOf(bytes: Buffer): Promise<readonly string[]> {
  const details: string[] = [];
  for await (const batch of readRecords({ name: "x", bytes }, { limits, markers: null })) {
    details.push(...batch.rejections.map(({ detail }) => detail));
  }
  return details;
}

describe("a file in another format is one rejection that names it", () => {
  it.each<[string, Buffer, RegExp]>([
    ["UTF-16 with its mark, as of PowerShell", Buffer.from(`\ufeff${log}`, "utf16le"), /UTF-16/],
    ["UTF-16, big end first", Buffer.from(`\ufeff${log}`, "utf16le").swap16(), /UTF-16/],
    ["UTF-16 without a mark", Buffer.from(log, "utf16le"), /UTF-16/],
    ["gzip twice", gzipSync(gzipSync(log)), /compressed twice/],
    ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 1, 2, 3]), /zstd/],
    ["ZIP", Buffer.from("PK\u0003\u0004rest"), /ZIP/],
    ["Parquet", Buffer.from("PAR1rest"), /Parquet/],
  ])("%s", async (_, bytes, expected) => {
    const details = await detailsOf(bytes);
    expect(details).toHaveLength(1);
    expect(details[0]).toMatch(expected);
  });
});

describe("a file with much that is no record", () => {
  it("has its records read between any number of broken lines", async () => {
    for (const broken of ["plain words", '{"broken":1']) {
      const lines = Array.from({ length: 1000 }, (_, i) =>
        i % 2 === 0 ? broken : JSON.stringify(record(`Call${i}`)));
      const { records, reasons } = await outcomeOf(plain(lines.join("\n")));
      expect([broken, records.length, reasons.length]).toEqual([broken, 500, 500]);
    }
  });

  it("has its records read between any number of broken ones", async () => {
    const elements = Array.from({ length: 1000 }, (_, i) => {
      const text = JSON.stringify(record(`Call${i}`));
      return i % 2 === 0 ? text.slice(0, -1) : text;
    });
    const { records, reasons } = await outcomeOf(plain(`{"Records":[${elements.join(",")}]}`));
    expect([records.length, reasons.length]).toEqual([500, 500]);
  });

  it("is given up when there is too much of it", async () => {
    const text = `{"Records":[${JSON.stringify(trail[0])},${'"'.repeat(1_000_000)}`;
    const { records, reasons } = await outcomeOf(plain(text));
    expect(records).toEqual([trail[0]]);
    expect(reasons.length).toBeLessThanOrEqual(rejectionsMax + 2);
  });
});
