import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SqsSourceConfig } from "../../src/config/schema.ts";
import { createSqsSource } from "../../src/sources/sqs.ts";
import { first, refusedEntry, s3Error, sqsError, type Fault } from "../aws/faulty-server.ts";
import { credentials, logFile, logKey, s3Notice, standIn, type StandIn } from "../aws/stand-in.ts";
import { record } from "../builders/record.ts";
import { consume, quick, Told } from "./consume.ts";

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

function sourceOf(told: Told, fields: Partial<SqsSourceConfig> = {}) {
  return createSqsSource(aws.source(fields), {
    aws: { region: "eu-west-1", endpoint: aws.endpoint }, watcher: told, pace: quick,
  });
}

const kmsDenied =
  "User: arn:aws:sts::111111111111:assumed-role/watch/i-1 is not authorized to perform: " +
  "kms:Decrypt on resource: arn:aws:kms:eu-west-1:111111111111:key/0a-1b because no " +
  "identity-based policy allows the kms:Decrypt action";

/** The SDK itself tries a call that often, where trying again may help. */
const sdkAttempts = 3;

describe("a fault that may heal", () => {
  it.each<[string, Fault, string, number]>([
    ["a throttled GET", first(sdkAttempts, "GET", s3Error(503, "SlowDown")), "throttled", 4],
    ["a GET that is not allowed", first(1, "GET", s3Error(403, "AccessDenied")), "denied", 2],
    ["a key that is not allowed", first(1, "GET", s3Error(403, "AccessDenied", kmsDenied)),
      "kms-denied", 2],
    ["a disabled key", first(1, "GET", s3Error(400, "KMS.DisabledException")), "kms-denied", 2],
    ["credentials that have expired", first(1, "GET", s3Error(400, "ExpiredToken")),
      "no-credentials", 2],
    ["a connection that is reset", first(sdkAttempts, "GET", { reset: true }), "network", 4],
    ["an answer that breaks off", first(1, "GET", { cutAt: 20 }), "network", 2],
    ["an error of S3's own", first(sdkAttempts, "GET", s3Error(500, "InternalError")),
      "unavailable", 4],
  ])("%s is told, waited for, and costs no receive", async (...[, fault, code, gets]) => {
    await aws.put(logKey(1), logFile([record()]));
    await aws.send(s3Notice(logKey(1)));
    aws.faulty.faults = [fault];
    const told = new Told();
    const taken = await consume(sourceOf(told), told, ({ length }) => length > 0);
    expect(taken).toMatchObject([{ eventNames: ["DescribeInstances"], end: "acknowledged" }]);
    expect(told.codes).toEqual([code]);
    expect(told.faults.map(({ again }) => again)).not.toContain(false);
    expect(aws.faulty.count("GET")).toBe(gets);
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
  });

  it.each<[string, Fault, string]>([
    ["receiving is throttled", first(3, "ReceiveMessage", sqsError(400, "RequestThrottled")),
      "throttled"],
    ["receiving is not allowed", first(2, "ReceiveMessage", sqsError(400, "AccessDenied")),
      "denied"],
    ["the queue is not there yet", first(2, "ReceiveMessage", sqsError(400, "QueueDoesNotExist")),
      "not-found"],
    ["the queue's key is disabled", first(2, "ReceiveMessage", sqsError(400, "KmsDisabled")),
      "kms-denied"],
    ["the connection is reset", first(sdkAttempts, "ReceiveMessage", { reset: true }), "network"],
    ["deleting fails as a whole",
      first(sdkAttempts, "DeleteMessageBatch", sqsError(500, "InternalError")), "unavailable"],
    ["deleting fails for a message",
      first(1, "DeleteMessageBatch", refusedEntry("InternalError", "Receiver")), "unavailable"],
  ])("of the queue, %s, is told, tried again, and told over", async (_what, fault, code) => {
    await aws.put(logKey(1), logFile([record()]));
    await aws.send(s3Notice(logKey(1)));
    aws.faulty.faults = [fault];
    const told = new Told();
    const taken = await consume(sourceOf(told), told, ({ length }) => length > 0);
    expect(taken).toMatchObject([{ end: "acknowledged" }]);
    expect({ codes: told.codes, recovered: told.recoveredCount }).toEqual({
      codes: [code], recovered: 1,
    });
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
  });
});

it("what is put off is hidden for a quarter of an hour", async () => {
  await aws.send(JSON.stringify(record()));
  const told = new Told();
  const handovers = sourceOf(told).handovers(new AbortController().signal)[Symbol.asyncIterator]();
  const next = await handovers.next();
  if (next.done === true) throw new Error("There is no message.");
  await next.value.giveBack("put-off");
  const hidden = aws.faulty.asked.find(({ api }) => api === "ChangeMessageVisibilityBatch");
  expect(hidden?.body).toContain('"VisibilityTimeout":900');
  await handovers.return?.();
});

describe("poison", () => {
  it.each<[string, Buffer | null, string]>([
    ["gzip that is cut off", logFile([record(), record()]).subarray(0, 90), "bad-object"],
    ["gzip that is damaged", gzipSync("{").fill(7, 4), "bad-object"],
    ["no JSON", gzipSync("<html></html>"), "bad-object"],
    ["JSON of another shape", gzipSync('{"Records":[{"hello":1}]}'), "bad-object"],
    ["nothing, not even an object", null, "not-found"],
  ])("%s uses up its receives and ends in the dead-letter queue", async (_what, body, end) => {
    if (body !== null) await aws.put(logKey(1), body);
    await aws.send(s3Notice(logKey(1)));
    const told = new Told();
    const taken = await consume(sourceOf(told), told, () => aws.counts().dead === 1);
    expect(taken.map((one) => one.end)).toEqual([end, end]);
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 1 });
  });

  it("beside others leaves them alone", async () => {
    await aws.put(logKey(1), logFile([record({ eventName: "Good" })]));
    await aws.put(logKey(2), Buffer.from("no log"));
    for (const key of [logKey(2), logKey(1), logKey(2)]) await aws.send(s3Notice(key));
    const told = new Told();
    const taken = await consume(sourceOf(told), told, () => aws.counts().dead === 2);
    expect(taken.flatMap(({ eventNames }) => eventNames)).toEqual(["Good"]);
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 2 });
  });

  it("is none: a file without records", async () => {
    await aws.put(logKey(1), logFile([]));
    await aws.send(s3Notice(logKey(1)));
    const told = new Told();
    const taken = await consume(sourceOf(told), told, ({ length }) => length > 0);
    expect(taken).toMatchObject([{ eventNames: [], rejections: [], end: "acknowledged" }]);
  });

  it("waits longer after each receive", async () => {
    await aws.send("no notification");
    const source = createSqsSource(aws.source(), {
      aws: { region: "eu-west-1", endpoint: aws.endpoint }, watcher: new Told(),
      pace: { waitSeconds: 1 },
    });
    const handovers = source.handovers(new AbortController().signal)[Symbol.asyncIterator]();
    const { value } = (await handovers.next()) as { value: { giveBack(why: "poison"): unknown } };
    await value.giveBack("poison");
    const hidden = aws.faulty.asked.find(({ api }) => api === "ChangeMessageVisibilityBatch");
    expect(hidden?.body).toContain('"VisibilityTimeout":5');
    await handovers.return?.();
  });
});
