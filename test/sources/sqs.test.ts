import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SqsSourceConfig } from "../../src/config/schema.ts";
import { createSqsSource } from "../../src/sources/sqs.ts";
import { always, first, s3Error, sqsError, type Fault } from "../aws/faulty-server.ts";
import { credentials, logFile, logKey, s3Notice, standIn, type StandIn } from "../aws/stand-in.ts";
import { record } from "../builders/record.ts";
import { consume, quick, take, Told } from "./consume.ts";

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
  ])("%s is told, waited for, and costs no receive", async (_what, fault, code, gets) => {
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
    ["deleting fails for a message", first(1, "DeleteMessageBatch", notDeleted(false)),
      "unavailable"],
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

/** As SQS answers where one of the entries was refused. */
function notDeleted(isOurFault: boolean) {
  const Code = isOurFault ? "ReceiptHandleIsInvalid" : "InternalError";
  const failed = { Id: "0", Code, Message: "Said by the test.", SenderFault: isOurFault };
  return {
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0" },
    body: JSON.stringify({ Successful: [], Failed: [failed] }),
  };
}

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

describe("messages in hand", () => {
  it("stay ours while reading takes longer than they are hidden", async () => {
    await aws.put(logKey(1), logFile([record()]));
    await aws.send(s3Notice(logKey(1)));
    const held = vi.waitUntil(() => aws.faulty.count("ChangeMessageVisibilityBatch") >= 5, {
      timeout: 20_000,
    });
    aws.faulty.faults = [first(1, "GET", { after: held })];
    const told = new Told();
    const source = sourceOf(told, { visibilitySeconds: 1 });
    const taken = await consume(source, told, ({ length }) => length > 0);
    expect(taken).toMatchObject([{ eventNames: ["DescribeInstances"], end: "acknowledged" }]);
    expect(told.faults).toEqual([]);
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
  });

  it("are as many as are to be worked on at a time, and no more", async () => {
    for (let i = 0; i < 7; i += 1) await aws.send(JSON.stringify(record()));
    const ending = new AbortController();
    const told = new Told();
    const handovers = sourceOf(told, { concurrency: 3 }).handovers(ending.signal);
    const iterator = handovers[Symbol.asyncIterator]();
    const inHand = [await iterator.next(), await iterator.next(), await iterator.next()];
    const fourth = iterator.next();
    const early = await Promise.race([fourth, new Promise((resolve) => setImmediate(resolve))]);
    expect(early).toBeUndefined();
    expect(aws.counts()).toEqual({ ready: 4, inHand: 3, dead: 0 });
    const [one] = inHand;
    if (one?.done !== false) throw new Error("There is no first message.");
    await take(one.value, told);
    expect((await fourth).done).toBe(false);
    expect(aws.counts()).toEqual({ ready: 3, inHand: 3, dead: 0 });
    ending.abort();
    expect((await iterator.next()).done).toBe(true);
  });

  it("can be acknowledged after the end, and what nobody took is free at once", async () => {
    for (let i = 0; i < 5; i += 1) await aws.send(JSON.stringify(record()));
    const ending = new AbortController();
    const told = new Told();
    const iterator = sourceOf(told).handovers(ending.signal)[Symbol.asyncIterator]();
    const [one, two] = [await iterator.next(), await iterator.next()];
    ending.abort();
    expect((await iterator.next()).done).toBe(true);
    expect(aws.counts()).toEqual({ ready: 3, inHand: 2, dead: 0 });
    if (one.done === true || two.done === true) throw new Error("There are no two messages.");
    await take(one.value, told);
    await two.value.giveBack("later");
    expect(aws.counts()).toEqual({ ready: 4, inHand: 0, dead: 0 });
    expect(told.faults).toEqual([]);
  });

  it("are let go when their deletion is refused for good", async () => {
    await aws.send(JSON.stringify(record()));
    aws.faulty.faults = [always("DeleteMessageBatch", notDeleted(true))];
    const told = new Told();
    await consume(sourceOf(told), told, ({ length }) => length > 0);
    expect(told.faults).toMatchObject([{ code: "invalid", again: false }]);
    expect(aws.faulty.count("DeleteMessageBatch")).toBe(1);
  });

  it("are deleted ten at a time", async () => {
    for (let i = 0; i < 20; i += 1) await aws.send(JSON.stringify(record()));
    const ending = new AbortController();
    const told = new Told();
    const works: Promise<unknown>[] = [];
    for await (const handover of sourceOf(told).handovers(ending.signal)) {
      works.push(take(handover, told));
      if (works.length === 20) ending.abort();
    }
    await Promise.all(works);
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
    expect(aws.faulty.count("DeleteMessageBatch")).toBeLessThanOrEqual(4);
  });
});

describe("the end", () => {
  it("comes at once, though a receive is waiting", async () => {
    const ending = new AbortController();
    const told = new Told();
    const source = createSqsSource(aws.source(), {
      aws: { region: "eu-west-1", endpoint: aws.endpoint }, watcher: told,
    });
    const next = source.handovers(ending.signal)[Symbol.asyncIterator]().next();
    await vi.waitUntil(() => aws.faulty.count("ReceiveMessage") === 1, { interval: 5 });
    ending.abort();
    expect((await next).done).toBe(true);
    expect(told.faults).toEqual([]);
  });
});

describe("the depth of a queue and its dead letters", () => {
  it("is told", async () => {
    await aws.send("poison");
    await aws.send("poison");
    const told = new Told();
    const source = createSqsSource(
      aws.source({ deadLetterQueueUrl: aws.deadLetterQueueUrl }),
      {
        aws: { region: "eu-west-1", endpoint: aws.endpoint }, watcher: told,
        pace: { ...quick, depthEveryMs: 20 },
      },
    );
    const isTold = () => told.depths.some(([which, count]) => which === "dead-letter" && count > 1);
    await consume(source, told, isTold);
    expect(told.depths).toContainEqual(["dead-letter", 2]);
    expect(new Set(told.depths.map(([which]) => which))).toEqual(new Set(["main", "dead-letter"]));
  });
});
