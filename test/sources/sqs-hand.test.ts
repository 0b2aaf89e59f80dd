import { once } from "node:events";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { SqsSourceConfig } from "../../src/config/schema.ts";
import { createSqsSource } from "../../src/sources/sqs.ts";
import { always, first, refusedEntry } from "../aws/faulty-server.ts";
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

describe("messages in hand", () => {
  it("stay ours while reading takes longer than they are hidden", async () => {
    await aws.put(logKey(1), logFile([record()]));
    await aws.send(s3Notice(logKey(1)));
    const held = vi.waitUntil(() => aws.faulty.count("ChangeMessageVisibilityBatch") >= 4, {
      timeout: 20_000,
    });
    aws.faulty.faults = [first(1, "GET", { after: held })];
    const told = new Told();
    const source = sourceOf(told, { visibilitySeconds: 2 });
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
    const fifth = iterator.next();
    ending.abort();
    expect((await fifth).done).toBe(true);
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
    const refused = refusedEntry("ReceiptHandleIsInvalid", "Sender");
    aws.faulty.faults = [always("DeleteMessageBatch", refused)];
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

  it("leaves to others what the queue was just handing over", async () => {
    await aws.send(JSON.stringify(record()));
    const ending = new AbortController();
    const ended = once(ending.signal, "abort");
    aws.faulty.faults = [first(1, "ReceiveMessage", { after: ended })];
    const next = sourceOf(new Told()).handovers(ending.signal)[Symbol.asyncIterator]().next();
    await vi.waitUntil(() => aws.faulty.count("ReceiveMessage") === 1, { interval: 5 });
    ending.abort();
    expect((await next).done).toBe(true);
    expect(aws.counts()).toEqual({ ready: 1, inHand: 0, dead: 0 });
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
