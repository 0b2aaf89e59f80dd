import fc from "fast-check";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { mayConcern } from "../../src/records/markers.ts";
import { logFile, outcomeOf, plain, record } from "./reading-files.ts";

const markers = ["role/agents/", "ASIATASK"];
const named = record("ListBuckets", { userIdentity: { arn: "arn:aws:iam::1:role/agents/a" } });
const keyed = record("GetObject", { deep: [{ ASIATASKKEY: 1 }] });
const other = record("PutObject", { userIdentity: { arn: "arn:aws:iam::1:role/people" } });
const insight = { eventType: "AwsCloudTrailInsight", eventVersion: "1.08" };
const network = { eventVersion: "1.08", eventCategory: "NetworkActivity", who: "somebody" };

/** The same records where the scan reads them, and where it cannot and everything is parsed. */
const wrappings: readonly [string, (elements: readonly unknown[]) => string][] = [
  ["by scan", logFile],
  ["in full", (elements) => JSON.stringify({ a: 1, Records: elements })],
];

describe.each(wrappings)("only records with a marker are read, %s", (_, wrap) => {
  it("from plain and gzip, with the positions they have in the file", async () => {
    const text = wrap([other, named, other, other, keyed, other]);
    const plainly = await outcomeOf(plain(text), { markers });
    expect(plainly).toMatchObject({
      records: [named, keyed],
      indexes: [1, 4],
      reasons: [],
      skippedCount: 4,
      bytes: text.length,
    });
    expect(plainly.offsets).toEqual([named, keyed].map((one) => text.indexOf(JSON.stringify(one))));
    expect(await outcomeOf({ name: "a", bytes: gzipSync(text) }, { markers })).toEqual(plainly);
  });

  it("and other objects are still counted", async () => {
    const outcome = await outcomeOf(plain(wrap([insight, named, network])), { markers });
    const others = { insight: 1, "network-activity": 1 };
    expect(outcome).toMatchObject({ records: [named], others, skippedCount: 1, reasons: [] });
  });

  it("and insights are still counted where only the key tells them", async () => {
    const file = plain(wrap([{ eventVersion: "1.08" }]), "AWSLogs/1/CloudTrail-Insight/a.json.gz");
    expect(await outcomeOf(file, { markers })).toMatchObject({ others: { insight: 1 } });
  });

  it("and none when there are no markers to contain", async () => {
    const outcome = await outcomeOf(plain(wrap([named, other])), { markers: [] });
    expect(outcome).toMatchObject({ records: [], skippedCount: 2 });
  });

  it("and escapes hide no marker", async () => {
    const text = wrap([named, other]).replace("role/agents", "r\\u006fle\\/agents");
    expect(await outcomeOf(plain(text), { markers })).toMatchObject({ records: [named] });
  });

  it("and twice escaped ones neither", async () => {
    const inner = JSON.stringify(named).replace("role/agents", "r\\u006fle\\/agents");
    const text = wrap([{ EventId: "1", CloudTrailEvent: inner }, other]);
    expect(await outcomeOf(plain(text), { markers })).toMatchObject({ records: [named] });
  });

  it("and bounds hold", async () => {
    const large = { ...named, note: "x".repeat(500) };
    const deep = { ...named, note: [[[[[]]]]] };
    const bound = { recordBytesMax: 400, depthMax: 4 };
    const text = wrap([named, large, deep, keyed]);
    const outcome = await outcomeOf(plain(text), { markers, limits: bound });
    expect(outcome).toMatchObject({ records: [named, keyed], reasons: ["too-large", "too-deep"] });
    const many = wrap([other, other, named]);
    const few = await outcomeOf(plain(many), { markers, limits: { recordsMax: 2 } });
    expect(few).toMatchObject({ records: [], skippedCount: 2, reasons: ["too-many-records"] });
  });

  it("and a broken record costs only itself", async () => {
    const text = wrap([named, "BROKEN", keyed, other, named]).replace(
      '"BROKEN"',
      '{"eventVersion":"role/agents/,"a":"b"}',
    );
    const outcome = await outcomeOf(plain(text), { markers });
    expect(outcome).toMatchObject({
      records: [named, keyed, named],
      indexes: [0, 2, 4],
      reasons: ["not-json"],
      skippedCount: 1,
    });
  });
});

it("reads exactly the records of a full reading that may concern an agent", async () => {
  const piece = fc.constantFrom("role/", "agents/", "ASIA", "TASK", "=", "\\", '"', "é", "x");
  const text = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
  const value = fc.oneof(text, fc.array(text), fc.dictionary(text, text), fc.integer());
  const element = fc
    .dictionary(text, value)
    .map((fields) => ({ ...fields, ...record("ListBuckets") }));
  await fc.assert(
    fc.asyncProperty(fc.array(element, { maxLength: 8 }), async (elements) => {
      const document = logFile(elements).replaceAll("=", "\\u003d");
      const all = await outcomeOf(plain(document));
      const outcome = await outcomeOf(plain(document), { markers: [...markers, "x\\\""] });
      const expected = all.records.filter((one) => mayConcern(one, [...markers, "x\\\""]));
      expect(outcome.records).toEqual(expected);
      expect(outcome.skippedCount).toBe(all.records.length - expected.length);
    }),
    { numRuns: 500 },
  );
});
