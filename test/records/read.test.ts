import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { chunksOf, logFile, outcomeOf, plain, record } from "./reading-files.ts";

const listed = [record("ListBuckets"), record("GetObject", { note: 'a "}],{" \\ é \u0000' })];

/** Every way a list of records arrives. */
const formats: readonly [string, (records: readonly object[]) => string][] = [
  ["a log file", logFile],
  ["a pretty-printed log file", (records) => JSON.stringify({ Records: records }, null, 2)],
  [
    "a log file with other keys around the records",
    (records) => JSON.stringify({ a: [{ Records: 1 }], Records: records, b: { Records: [{}] } }),
  ],
  ["a log file behind a byte order mark", (records) => `\uFEFF${logFile(records)}`],
  ["a log file with white space everywhere", (records) => spaced(records)],
  ["an array", (records) => JSON.stringify(records)],
  ["a pretty-printed array", (records) => JSON.stringify(records, null, 4)],
  ["lines", (records) => lines(records.map((r) => JSON.stringify(r)))],
  ["lines with CRLF", (records) => records.map((r) => `${JSON.stringify(r)}\r\n`).join("")],
  ["lines without a last line end", (records) => records.map((r) => JSON.stringify(r)).join("\n")],
  ["pretty-printed objects in a row", (records) => lines(records.map(pretty))],
  ["objects and nothing between", (records) => records.map((r) => JSON.stringify(r)).join("")],
  ["lines of log files", (records) => lines(records.map((r) => logFile([r])))],
  ["lines of strings", (records) => lines(records.map(twice))],
  ["an array of strings", (records) => JSON.stringify(records.map((r) => JSON.stringify(r)))],
  ["a log file of strings", (records) => logFile(records.map((r) => JSON.stringify(r)))],
  ["a page of LookupEvents", (records) => JSON.stringify({ Events: records.map(entry) })],
  [
    "a pretty-printed page of LookupEvents with a token",
    (records) => pretty({ NextToken: "x", Events: records.map(entry), More: null }),
  ],
  ["lines of entries", (records) => lines(records.map((r) => JSON.stringify(entry(r))))],
  ["lines of EventBridge events", (records) => lines(records.map((r) => JSON.stringify(event(r))))],
  ["an array of EventBridge events", (records) => JSON.stringify(records.map(event))],
  ["lines of strings of events", (records) => lines(records.map((r) => twice(event(r))))],
];

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

function twice(value: unknown): string {
  return JSON.stringify(JSON.stringify(value));
}

function spaced(records: readonly object[]): string {
  const list = records.map((r) => ` \n\t ${pretty(r)} \r\n`).join(",");
  return ` \r\n {\t"Records" \n : [ ${list} ] \n}\n \t`;
}

function entry(inner: object): object {
  return { EventId: "e", ReadOnly: "true", Resources: [], CloudTrailEvent: JSON.stringify(inner) };
}

function event(detail: object): object {
  return { version: "0", "detail-type": "AWS API Call via CloudTrail", source: "aws.s3", detail };
}

const packings: readonly [string, (text: string) => Buffer][] = [
  ["plain", (text) => Buffer.from(text)],
  ["gzip", (text) => gzipSync(text)],
  [
    "gzip of three members",
    (text) => {
      const bytes = Buffer.from(text);
      return Buffer.concat([
        gzipSync(bytes.subarray(0, 40)),
        gzipSync(bytes.subarray(40, 41)),
        gzipSync(bytes.subarray(41)),
      ]);
    },
  ],
];

describe("a file is read in every format and packing", () => {
  const cases = formats.flatMap(([format, wrap]) =>
    packings.map(([packing, pack]) => ({ format, packing, bytes: pack(wrap(listed)) })),
  );
  it.each(cases)("$format, $packing", async ({ bytes }) => {
    const whole = await outcomeOf({ name: "file", bytes });
    expect(whole).toMatchObject({ records: listed, indexes: [0, 1], reasons: [], others: {} });
    expect(await outcomeOf({ name: "file", chunks: chunksOf(bytes, 7) })).toEqual(whole);
  });
});

it("gives back any list of JSON objects, whatever wraps them", async () => {
  const anyObject = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 5 }));
  const anyRecord = anyObject.map((fields): object => {
    const { eventType, eventCategory, ...others } = fields;
    return { ...others, about: [eventType, eventCategory], ...record("ListBuckets") };
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecord, { maxLength: 5 }),
      fc.constantFrom(...formats),
      fc.constantFrom(...packings),
      async (records, [, wrap], [, pack]) => {
        const outcome = await outcomeOf({ name: "file", bytes: pack(wrap(records)) });
        const expected: unknown = JSON.parse(JSON.stringify(records));
        expect(JSON.parse(JSON.stringify(outcome.records))).toEqual(expected);
        expect(outcome.reasons).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});

it("says where each record begins", async () => {
  const text = ` {"Records": [ ${JSON.stringify(listed[0])} ,${JSON.stringify(listed[1])}]}`;
  const { offsets, bytes } = await outcomeOf(plain(text));
  expect(offsets).toEqual([15, text.indexOf("{", 16 + JSON.stringify(listed[0]).length)]);
  expect(bytes).toBe(Buffer.byteLength(text));
});

describe("a file without records gives none", () => {
  it.each([
    ["an empty file", ""],
    ["white space", " \r\n\t"],
    ["a byte order mark", "\uFEFF"],
    ["an empty log file", '{"Records":[]}'],
    ["an empty array", "[ ]"],
    ["an empty page of LookupEvents", '{"Events":[],"NextToken":"n"}'],
  ])("%s", async (_, text) => {
    const expected = { records: [], reasons: [], others: {}, skippedCount: 0 };
    expect(await outcomeOf(plain(text))).toMatchObject(expected);
    expect(await outcomeOf({ name: "x", bytes: gzipSync(text) })).toMatchObject(expected);
  });
});

describe("what a source of chunks throws goes through", () => {
  const failing = async function* (bytes: Buffer): AsyncGenerator<Buffer> {
    yield await Promise.resolve(bytes);
    throw new Error("connection reset");
  };
  const large = Buffer.alloc(17 * 1024 ** 2, `${JSON.stringify(listed[0])}\n`);
  it.each([
    ["while a small file is collected", Buffer.from(logFile(listed))],
    ["while a large plain file is read", large],
    ["while a large gzip file is read", gzipSync(large, { level: 0 })],
  ])("%s", async (_, bytes) => {
    const reading = outcomeOf({ name: "x", chunks: failing(bytes) });
    await expect(reading).rejects.toThrow("connection reset");
  });
});
