import { describe, expect, it } from "vitest";
import { isCloudTrailShaped, objectKindOf } from "../../src/records/kinds.ts";
import { logFile, outcomeOf, plain, record } from "./reading-files.ts";

const day = "eu-west-1/2026/03/01";
const key = (kind: string): string =>
  `logs/AWSLogs/o-aa111bb222/111111111111/${kind}/${day}/` +
  `111111111111_${kind}_eu-west-1_20260301T1000Z_AAAABBBBCCCCDDDD.json.gz`;
const digestKey =
  `AWSLogs/111111111111/CloudTrail-Digest/${day}/` +
  "111111111111_CloudTrail-Digest_eu-west-1_trail_us-east-1_20260301T100000Z_backfill.json.gz";
const digest = {
  awsAccountId: "111111111111",
  digestStartTime: "2026-03-01T09:00:00Z",
  digestS3Bucket: "b",
  digestS3Object: digestKey,
  previousDigestS3Object: null,
  logFiles: [],
};
const bare = { eventVersion: "1.08", eventName: "GetObject", eventSource: "s3.amazonaws.com" };

describe("an object is of the kind its shape says, else of the kind its key says", () => {
  it.each([
    ["a digest", "x.json", digest, "digest"],
    [
      "a starting digest",
      "x.json",
      { previousDigestS3Object: null, digestS3Object: "k" },
      "digest",
    ],
    ["an insight by type", "x.json", { ...bare, eventType: "AwsCloudTrailInsight" }, "insight"],
    ["an insight by category", "x.json", { ...bare, eventCategory: "Insight" }, "insight"],
    ["an insight by details", "x.json", { ...bare, insightDetails: { state: "Start" } }, "insight"],
    [
      "network activity by category",
      "x.json",
      { ...bare, eventCategory: "NetworkActivity" },
      "network-activity",
    ],
    [
      "network activity as records write it",
      "x.json",
      { ...bare, eventType: "AwsVpceEvent" },
      "network-activity",
    ],
    [
      "network activity as AWS's page writes it",
      "x.json",
      { ...bare, eventType: "AwsVpceEvents" },
      "network-activity",
    ],
    [
      "an aggregate by category",
      "x.json",
      { eventCategory: "Aggregated", eventId: "1" },
      "aggregated",
    ],
    ["an aggregate by its lower-case id", "x.json", { eventId: "1", accountId: "1" }, "aggregated"],
    ["a digest by key", digestKey, { logFiles: [] }, "digest"],
    ["an insight by key", key("CloudTrail-Insight"), bare, "insight"],
    ["network activity by key", key("CloudTrail-NetworkActivity"), bare, "network-activity"],
    ["an aggregate by key", key("CloudTrail-Aggregated"), bare, "aggregated"],
    ["an API call", key("CloudTrail"), { ...bare, eventType: "AwsApiCall" }, null],
    ["an API call under a digest's key", digestKey, { ...bare, eventType: "AwsApiCall" }, null],
    [
      "a data event under an insight's key",
      key("CloudTrail-Insight"),
      { ...bare, eventCategory: "Data" },
      null,
    ],
    ["a record that says nothing", "x.json", bare, null],
    ["a file named after its topic", "CloudTrail-Digests-explained.json", bare, null],
    ["a hostile record", "x.json", { ...bare, eventType: "__proto__", eventCategory: {} }, null],
  ])("%s", (...[, name, value, kind]) => {
    expect(objectKindOf(name, value)).toBe(kind);
  });
});

it.each([
  [{ eventVersion: "1.0" }, true],
  [{ eventName: "a", eventSource: "b" }, true],
  [{ eventName: "a" }, false],
  [{ eventName: 1, eventSource: "b" }, false],
  [{}, false],
])("%j is in outline a record: %s", (value, expected) => {
  expect(isCloudTrailShaped(value)).toBe(expected);
});

describe("other objects are counted, and only network activity is read as a record", () => {
  const insight = { ...bare, eventType: "AwsCloudTrailInsight" };
  const network = { ...bare, eventType: "AwsVpceEvent", eventCategory: "NetworkActivity" };
  const aggregate = { eventCategory: "Aggregated", eventId: "1", accountId: "1" };

  it("in one log file", async () => {
    const call = record("ListBuckets");
    const text = logFile([insight, call, network, aggregate, insight]);
    expect(await outcomeOf(plain(text))).toMatchObject({
      records: [call, network],
      indexes: [1, 2],
      others: { insight: 2, "network-activity": 1, aggregated: 1 },
      reasons: [],
    });
  });

  it("a digest file", async () => {
    const text = JSON.stringify(digest, null, 2);
    for (const name of [digestKey, "unknown"]) {
      expect(await outcomeOf(plain(text, name))).toMatchObject({
        records: [],
        others: { digest: 1 },
        reasons: [],
      });
    }
  });

  it("an insight from EventBridge", async () => {
    const event = { "detail-type": "AWS Insight via CloudTrail", detail: insight };
    expect((await outcomeOf(plain(JSON.stringify(event)))).others).toEqual({ insight: 1 });
  });

  it.each([
    ["an S3 notice", { "detail-type": "Object Created", detail: { object: { key: "k" } } }],
    ["an S3 test message", { Service: "Amazon S3", Event: "s3:TestEvent" }],
    ["an object wrapped without end", { "detail-type": "a", detail: wrapped(9) }],
    ["an empty object", {}],
  ])("%s is none of CloudTrail's", async (_, value) => {
    const outcome = await outcomeOf(plain(JSON.stringify(value)));
    expect(outcome).toMatchObject({ records: [], others: {}, reasons: ["not-cloudtrail"] });
  });

  function wrapped(count: number): object {
    return count === 0 ? bare : { "detail-type": "a", detail: wrapped(count - 1) };
  }
});

it("keeps a record's hostile keys to the record", async () => {
  const text = `{"Records":[{"__proto__":{"polluted":true},
    "constructor":{"prototype":{"polluted":true}},"eventVersion":"1.08",
    "requestParameters":{"__proto__":{"polluted":true}}}]}`;
  const { records } = await outcomeOf(plain(text));
  expect(Object.keys(records[0] ?? {})).toContain("__proto__");
  expect("polluted" in {}).toBe(false);
});

it("reads invalid UTF-8 as U+FFFD", async () => {
  const bytes = Buffer.concat([
    Buffer.from('{"eventVersion":"1.08","eventName":"a'),
    Buffer.from([0xff, 0xfe, 0xc3]),
    Buffer.from('"}'),
  ]);
  const { records } = await outcomeOf({ name: "x", bytes });
  expect(records).toEqual([{ eventVersion: "1.08", eventName: "a\uFFFD\uFFFD\uFFFD" }]);
});
