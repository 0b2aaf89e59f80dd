import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../src/storage/sqlite.ts";
import { always, s3Error, type Answer } from "../../aws/faulty-server.ts";
import { logFile, logKey, s3Notice, standIn, type StandIn } from "../../aws/stand-in.ts";
import { record } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { Watched } from "./watched.ts";
import { until } from "./watch-process.ts";

let aws: StandIn;
let place: Workplace;
let watched: Watched;

const kmsDenied = "User: x is not authorized to perform: kms:Decrypt on resource: " +
  "arn:aws:kms:eu-west-1:111111111111:key/0a-1b";

describe("while an object cannot be had", () => {
  beforeAll(async () => {
    aws = await standIn();
    place = new Workplace();
    watched = await Watched.start(aws, place);
  });
  afterAll(async () => {
    expect(await watched.process.end("SIGTERM")).toBe(0);
    await aws.stop();
    place.remove();
  });

  it.each<[what: string, code: string, answer: Answer]>([
    ["S3 throttles", "throttled", s3Error(503, "SlowDown")],
    ["S3 denies", "denied", s3Error(403, "AccessDenied")],
    ["KMS denies", "kms-denied", s3Error(403, "AccessDenied", kmsDenied)],
    ["credentials have expired", "no-credentials", s3Error(400, "ExpiredToken")],
    ["the connection is reset", "network", { reset: true }],
    ["S3 fails", "unavailable", s3Error(500, "InternalError")],
  ])("since %s, its message is kept, and taken in when it can be", async (...row) => {
    const [, code, answer] = row;
    const key = logKey(codes.indexOf(code));
    await aws.put(key, logFile([record()]));
    const before = await watched.counted("deliveries_total");
    aws.faulty.faults = [always("GET", answer)];
    await aws.send(s3Notice(key));
    await watched.process.says(new RegExp(`"code":"${code}"`));
    expect(aws.counts()).toEqual({ ready: 0, inHand: 1, dead: 0 });
    expect((await watched.metrics()).get('source_up{source="trail"}')).toBe(0);
    expect((await watched.counted("source_failures_total"))[code]).toBeGreaterThan(0);
    // The store and what is there can be asked all the same.
    expect(await watched.ready()).toEqual({ status: 200, failing: [] });
    aws.faulty.faults = [];
    await until(() => aws.counts().inHand === 0);
    await until(async () => (await watched.metrics()).get('source_up{source="trail"}') === 1);
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
    expect(await watched.counted("deliveries_total")).toEqual({
      committed: (before["committed"] ?? 0) + 1,
    });
    expect(await watched.counted("deliveries_poison_total")).toEqual({});
  }, 120_000);
});

const codes = [
  "throttled", "denied", "kms-denied", "no-credentials", "network", "unavailable",
];

/** Uncompressed, so that what lies before the cut is there as it is. */
function cutAfter(eventId: string, body: string): Buffer {
  return gzipSync(body, { level: 0 }).subarray(0, body.indexOf(eventId) + eventId.length + 60);
}

const own = (eventID: string, fields: Readonly<Record<string, unknown>> = {}) =>
  record({ eventID, ...fields });
const twice = (reason: string) => [`poison ${reason}`, `poison ${reason}`];
const cut = JSON.stringify({ Records: ["cut-1", "cut-2", "cut-3"].map((id) => own(id)) });
const digest = "AWSLogs/111111111111/CloudTrail-Digest/eu-west-1/2026/03/01/" +
  "111111111111_CloudTrail-Digest_eu-west-1_trail_eu-west-1_20260301T100500Z.json.gz";

interface Row {
  readonly what: string;
  /** Put in the bucket, under the key. */
  readonly object?: Buffer;
  readonly key?: string;
  /** Of the message; absent: it tells of the object. */
  readonly body?: string;
  /** What became of the message at each receive. */
  readonly ends: readonly string[];
  /** Ids of the events that are stored of it. */
  readonly stored: readonly string[];
}

const rows: readonly Row[] = [
  { what: "a whole object", object: logFile([own("whole-1"), own("whole-2")]),
    ends: ["committed"], stored: ["whole-1", "whole-2"] },
  { what: "an object that breaks off", object: cutAfter("cut-2", cut),
    ends: twice("bad-object"), stored: ["cut-1"] },
  { what: "an object that is no JSON", object: gzipSync("<html></html>"),
    ends: twice("bad-object"), stored: [] },
  { what: "an object of another shape",
    object: gzipSync('{"Records":[{"hello":"assumed-role/ro-inventory/x"}]}'),
    ends: twice("bad-object"), stored: [] },
  { what: "an object in which nothing can be an agent's", object: gzipSync('{"hello":1}'),
    ends: ["committed"], stored: [] },
  { what: "an object that is not there", ends: twice("bad-object"), stored: [] },
  { what: "a record of another account beside its own",
    object: logFile([own("own-1"), own("foreign-1", { recipientAccountId: "222222222222" })]),
    ends: ["committed"], stored: ["own-1"] },
  { what: "a digest", key: digest, ends: ["committed"], stored: [] },
  { what: "an object of another bucket", body: s3Notice(logKey(99)).replace("trail-logs", "other"),
    ends: twice("foreign-bucket"), stored: [] },
  { what: "S3's test message", ends: ["empty"], stored: [],
    body: JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "trail-logs" }) },
  { what: "a body that is no JSON", body: "hello", ends: twice("not-json"), stored: [] },
  { what: "a body of another shape", body: '{"hello":1}', ends: twice("unknown-shape"),
    stored: [] },
  { what: "an event by EventBridge", ends: ["committed"], stored: ["bridge-1"],
    body: JSON.stringify({
      "detail-type": "AWS API Call via CloudTrail", source: "aws.ec2", detail: own("bridge-1"),
    }) },
];

describe("of what comes together", () => {
  const ids: string[] = [];
  let stored: readonly unknown[];

  beforeAll(async () => {
    aws = await standIn();
    place = new Workplace();
    for (const [n, { object, key = logKey(n), body }] of rows.entries()) {
      if (object !== undefined) await aws.put(key, object);
      ids.push(await aws.send(body ?? s3Notice(key)));
    }
    watched = await Watched.start(aws, place, { source: { buckets: ["trail-logs"] } });
    await until(() => aws.counts().ready + aws.counts().inHand === 0);
    stored = await storedIds();
  }, 120_000);
  afterAll(async () => {
    expect(await watched.process.end("SIGTERM")).toBe(0);
    await aws.stop();
    place.remove();
  });

  it("what was rejected is counted once, however often it was received", async () => {
    expect(await watched.counted("deliveries_total")).toEqual({
      committed: 5, empty: 1, poison: 14,
    });
    expect(await watched.counted("deliveries_poison_total")).toEqual({
      "bad-object": 8, "foreign-bucket": 2, "not-json": 2, "unknown-shape": 2,
    });
    expect(await watched.counted("records_total")).toEqual({
      new: 5, skipped: 1, rejected: 4,
    });
    expect(await watched.counted("records_rejected_total")).toEqual({
      "bad-gzip": 1, "not-json": 1, "not-cloudtrail": 1, "foreign-account": 1,
    });
    expect(await watched.counted("other_objects_total")).toEqual({ digest: 1 });
    expect(await watched.ready()).toEqual({ status: 200, failing: [] });
  });

  it.each(rows.map((row, n) => [row.what, n] as const))("%s ends as it should", (_what, n) => {
    const row = rows[n];
    const ends = watched.lines.filter(({ delivery }) => delivery === `message ${ids[n]}`)
      .map(({ outcome, reason }) => [outcome, reason].join(" ").trim());
    expect(ends).toEqual(row?.ends);
    const prefix = row?.stored[0]?.split("-")[0] ?? "none";
    expect(stored.filter((id) => String(id).startsWith(`${prefix}-`)).sort()).toEqual(row?.stored);
  });
});

async function storedIds(): Promise<readonly unknown[]> {
  const store = await openSqliteStore({ path: place.path("trailwarden.db") });
  const found: unknown[] = [];
  for await (const { records } of store.allRecords()) {
    found.push(...records.map(({ eventID }) => eventID));
  }
  await store.close();
  return found;
}
