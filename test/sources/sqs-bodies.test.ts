import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SqsSourceConfig } from "../../src/config/schema.ts";
import { createSqsSource } from "../../src/sources/sqs.ts";
import { always, first, s3Error } from "../aws/faulty-server.ts";
import {
  bucket, credentials, logFile, logKey, s3Notice, standIn, type StandIn,
} from "../aws/stand-in.ts";
import { record } from "../builders/record.ts";
import { consume, quick, Told, type Taken } from "./consume.ts";

let aws: StandIn;
beforeAll(() => {
  for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
});
afterAll(() => {
  vi.unstubAllEnvs();
});
beforeEach(async () => {
  aws = await standIn();
});
afterEach(async () => {
  await aws.stop();
});

/** What becomes of one message. */
async function taken(
  body: string,
  fields: Partial<SqsSourceConfig> = {},
): Promise<Taken & { readonly told: Told }> {
  const told = new Told();
  await aws.send(body);
  const source = createSqsSource(aws.source({ name: "trail", ...fields }), {
    aws: { region: "eu-west-1", endpoint: aws.endpoint }, watcher: told, pace: quick,
  });
  const [first] = await consume(source, told, ({ length }) => length > 0);
  if (first === undefined) throw new Error("Nothing was handed over.");
  return { ...first, told };
}

const sns = (message: string) =>
  JSON.stringify({
    Type: "Notification", MessageId: "m", TopicArn: "arn:aws:sns:eu-west-1:111111111111:t",
    Message: message, Timestamp: "2026-03-01T10:05:00.000Z", SignatureVersion: "1", Signature: "s",
  });
const cloudTrailNotice = (keys: readonly string[]) =>
  JSON.stringify({ s3Bucket: bucket, s3ObjectKey: keys });
const objectCreated = (key: string, requester?: string) =>
  JSON.stringify({
    version: "0", "detail-type": "Object Created", source: "aws.s3", account: "111111111111",
    detail: {
      bucket: { name: bucket }, object: { key, size: 9, etag: "e", sequencer: "0A" },
      reason: "PutObject", ...(requester === undefined ? {} : { requester }),
    },
  });
const apiCall = (eventName: string) =>
  JSON.stringify({
    version: "0", "detail-type": "AWS API Call via CloudTrail", source: "aws.iam",
    detail: record({ eventName, eventSource: "iam.amazonaws.com" }),
  });

const trailKeyArn = "arn:aws:kms:eu-west-1:111111111111:key/0f9e8d7c-6b5a-4032-9e8d-7c6b5a403210";
/** A prefix that S3 encodes, and whose encoding must not be undone twice. */
const oddKey = `a b+c%20d/${logKey(2)}`;

describe("a message", () => {
  beforeEach(async () => {
    await aws.put(logKey(1), logFile([record({ eventName: "One" })]));
    await aws.put(oddKey, logFile([record({ eventName: "Odd" })]));
  });

  it.each<[string, string, string[]]>([
    ["of S3", s3Notice(logKey(1)), ["One"]],
    ["of S3, the key encoded", s3Notice(oddKey), ["Odd"]],
    ["of S3 through SNS", sns(s3Notice(logKey(1))), ["One"]],
    ["of CloudTrail through SNS, several keys", sns(cloudTrailNotice([logKey(1), oddKey])),
      ["One", "Odd"]],
    ["of CloudTrail, raw", cloudTrailNotice([oddKey]), ["Odd"]],
    ["of S3 through EventBridge, the key as it is", objectCreated(oddKey), ["Odd"]],
    ["of S3 through EventBridge and SNS", sns(objectCreated(logKey(1))), ["One"]],
    ["that is an API call from EventBridge", apiCall("CreateUser"), ["CreateUser"]],
    ["that is an API call from EventBridge through SNS", sns(apiCall("Two")), ["Two"]],
    ["that is a bare record", JSON.stringify(record({ eventName: "Bare" })), ["Bare"]],
    ["of S3's set-up", '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}', []],
    ["of CloudTrail's set-up", "CloudTrail validation message.", []],
    ["of CloudTrail's set-up through SNS", sns("CloudTrail validation message."), []],
  ])("%s is read", async (_what, body, eventNames) => {
    expect(await taken(body)).toMatchObject({ eventNames, rejections: [], end: "acknowledged" });
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
  });

  it("of an object that CloudTrail has written is read where that is asked for", async () => {
    const fields = { requireCloudTrailRequester: true };
    const body = objectCreated(logKey(1), "cloudtrail.amazonaws.com");
    expect((await taken(body, fields)).eventNames).toEqual(["One"]);
  });

  it.each<[string, string, Partial<SqsSourceConfig>, string]>([
    ["text", "hello", {}, "not-json"],
    ["other JSON", '{"hello":1}', {}, "unknown-shape"],
    ["a foreign bucket's", s3Notice(logKey(1)), { buckets: ["ours"] }, "foreign-bucket"],
    ["an object of somebody's", objectCreated(logKey(1), "111111111111"),
      { requireCloudTrailRequester: true }, "foreign-requester"],
    ["an object of nobody says whom", s3Notice(logKey(1)), { requireCloudTrailRequester: true },
      "foreign-requester"],
  ])("that holds %s is poison, and nothing is read for it", async (...[, body, fields, reason]) => {
    expect(await taken(body, fields)).toMatchObject({ eventNames: [], end: reason });
    expect(aws.faulty.count("GET")).toBe(0);
  });

  it.each<[string, string, string]>([
    ["a digest", "digest",
      "AWSLogs/111111111111/CloudTrail-Digest/eu-west-1/2026/03/01/111111111111_CloudTrail-" +
        "Digest_eu-west-1_trail_eu-west-1_20260301T100530Z.json.gz"],
    ["Config's snapshot", "unrelated",
      "AWSLogs/111111111111/Config/eu-west-1/2026/3/1/ConfigSnapshot/x.json.gz"],
    ["whatever", "unrelated", "notes/AWSLogs.txt"],
  ])("of %s is counted as %s and done with", async (_what, kind, key) => {
    const { others, end } = await taken(s3Notice(key));
    expect({ others, end }).toEqual({ others: { [kind]: 1 }, end: "acknowledged" });
    expect(aws.faulty.count("GET")).toBe(0);
  });

  it.each<[string, string | undefined, Partial<Taken>]>([
    ["with the trail's key", trailKeyArn, { eventNames: ["One"], end: "acknowledged" }],
    ["with another key", `${trailKeyArn}x`, { eventNames: [], rejections: ["foreign-key"] }],
    ["with none", undefined, { eventNames: [], rejections: ["foreign-key"] }],
  ])("of an object encrypted %s is told from others", async (_what, key, expected) => {
    const headers = key === undefined ? {} : {
      "x-amz-server-side-encryption": "aws:kms",
      "x-amz-server-side-encryption-aws-kms-key-id": key,
    };
    const body = logFile([record({ eventName: "One" })]).toString("latin1");
    aws.faulty.faults = [always("GET", { status: 200, body, headers, encoding: "latin1" })];
    expect(await taken(s3Notice(logKey(1)), { kmsKeyArn: trailKeyArn })).toMatchObject(expected);
  });

  it("keeps the good objects of a message whose others are bad", async () => {
    const body = cloudTrailNotice([logKey(404), logKey(1), oddKey]);
    expect(await taken(body)).toMatchObject({ eventNames: ["One", "Odd"], end: "not-found" });
  });

  it("does not take another account's records from an account's folder", async () => {
    const forged = record({ eventName: "Forged", recipientAccountId: "222222222222" });
    const old = record({ eventName: "Old", recipientAccountId: undefined });
    await aws.put(logKey(3), logFile([record({ eventName: "Own" }), forged, old]));
    expect(await taken(s3Notice(logKey(3)))).toMatchObject({
      eventNames: ["Own", "Old"], rejections: ["foreign-account"], end: "acknowledged",
    });
  });

  it("asks S3 for objects of the named owner only, under our name", async () => {
    await taken(s3Notice(logKey(1)), { bucketOwner: "111111111111" });
    const get = aws.faulty.asked.find(({ api }) => api === "GET");
    expect(get?.headers["x-amz-expected-bucket-owner"]).toBe("111111111111");
    expect(get?.headers["user-agent"]).toMatch(/ trailwarden\/\d+\.\d+\.\d+/);
  });

  it("of an object in another region than the queue is read there", async () => {
    const headers = { "x-amz-bucket-region": "eu-central-1" };
    const moved = s3Error(301, "PermanentRedirect");
    aws.faulty.faults = [first(1, "GET", { ...moved, headers })];
    const { eventNames, told } = await taken(s3Notice(logKey(1)));
    const gets = aws.faulty.asked.filter(({ api }) => api === "GET");
    expect({ eventNames, codes: told.codes }).toEqual({ eventNames: ["One"], codes: [] });
    expect(gets.map(({ headers: { authorization } }) => authorization)).toEqual([
      expect.stringContaining("/eu-west-1/s3/"), expect.stringContaining("/eu-central-1/s3/"),
    ]);
  });

  it("with an object that says it is enormous is poison, and its body is left unread", async () => {
    const headers = { "content-length": "999999999" };
    aws.faulty.faults = [always("GET", { status: 200, headers, body: "x" })];
    const { rejections, end } = await taken(s3Notice(logKey(1)));
    expect({ rejections, end }).toEqual({ rejections: ["too-large"], end: "bad-object" });
  });
});
