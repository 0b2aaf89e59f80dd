import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startFauxqs, type FauxqsServer } from "fauxqs";
import { z } from "zod";
import { Config, type SinkConfig } from "../../src/config/schema.ts";
import { createReceiver } from "../../src/notifications/create-receiver.ts";
import type { Word } from "../../src/notifications/sink.ts";
import { AwsServer, type Answer, type Call } from "../aws/aws-server.ts";
import { credentials } from "../aws/stand-in.ts";
import { finding } from "../notices/made.ts";
import { part } from "../storage/made.ts";

Object.assign(process.env, credentials);

const words = (count: number, changes: object = {}): readonly Word[] =>
  Array.from({ length: count }, (_, i) => ({
    seq: i + 1, version: "high open",
    finding: finding({ fingerprint: part(`${i}f`).fingerprint, ...changes }),
  }));

async function tell(config: object, endpoint: string, told: readonly Word[]): Promise<void> {
  const [sink] = Config.parse({ sinks: [{ name: "x", ...config }] }).sinks as [SinkConfig];
  const receiver = createReceiver(sink, { aws: { region: "eu-west-1", endpoint }, now: () => 0 });
  if (!("sink" in receiver)) throw new Error("It is no sink.");
  await receiver.sink.tell(told);
}

describe("SNS and S3", () => {
  let server: FauxqsServer;
  beforeAll(async () => {
    server = await startFauxqs({ port: 0, logger: false, defaultRegion: "eu-west-1" });
    server.createBucket("lake");
  });
  afterAll(async () => { await server.stop(); });

  const received = (queue: string) =>
    (server.inspectQueue(queue)?.messages.ready ?? []).map(({ body, messageAttributes }) =>
      [JSON.parse(body) as object, messageAttributes] as const);

  it("publish each word, with attributes to filter by", async () => {
    server.createQueue("all");
    const { topicArn } = server.createTopic("findings");
    const raw = { RawMessageDelivery: "true" };
    server.subscribe({ topic: "findings", queue: "all", attributes: raw });
    const agent = { name: "aider", basis: "role-arn" };
    await tell({ kind: "sns", topicArn }, server.address, words(10, { agent, rule: "zömbie" }));
    const messages = received("all");
    expect(messages).toHaveLength(10);
    const [[body, attributes] = [{}, {}]] = messages;
    expect(body).toMatchObject({ seq: 1, version: "high open", agent: { name: "aider" } });
    expect(attributes).toMatchObject({
      level: { StringValue: "high" }, agent: { StringValue: "aider" },
      status: { StringValue: "open" }, account: { StringValue: "111122223333" },
    });
  });

  it("keep the order of a finding in a FIFO topic, and drop what came twice", async () => {
    server.createQueue("order.fifo", { attributes: { FifoQueue: "true" } });
    const { topicArn } = server.createTopic("order.fifo", { attributes: { FifoTopic: "true" } });
    const raw = { RawMessageDelivery: "true" };
    server.subscribe({ topic: "order.fifo", queue: "order.fifo", attributes: raw });
    await tell({ kind: "sns", topicArn }, server.address, words(2));
    await tell({ kind: "sns", topicArn }, server.address, words(2));
    expect(received("order.fifo")).toHaveLength(2);
  });

  it("leave out what decided where it is too large", async () => {
    server.createQueue("large");
    const { topicArn } = server.createTopic("large");
    const raw = { RawMessageDelivery: "true" };
    server.subscribe({ topic: "large", queue: "large", attributes: raw });
    const values = { "event.request_parameters": "é".repeat(200_000) };
    await tell({ kind: "sns", topicArn }, server.address, words(10, { values }));
    expect(received("large").map(([body]) => (body as { values: object }).values))
      .toEqual(Array.from({ length: 10 }, () => ({})));
  });

  it("say what is missing where there is no topic, or no bucket", async () => {
    const topicArn = "arn:aws:sns:eu-west-1:000000000000:nothing";
    await expect(tell({ kind: "sns", topicArn }, server.address, words(1))).rejects.toMatchObject({
      code: "not-found", call: { action: "sns:Publish", resource: topicArn },
    });
    await expect(tell({ kind: "s3", bucket: "none" }, server.address, words(1)))
      .rejects.toMatchObject({ code: "not-found", call: { action: "s3:PutObject" } });
  });

  it("hold what was told together as one object, the same when it is told again", async () => {
    const config = { kind: "s3", bucket: "lake", prefix: "ocsf/", format: "ocsf" };
    await tell(config, server.address, words(3));
    await tell(config, server.address, words(3));
    const s3 = new S3Client({
      endpoint: server.address, region: "eu-west-1", forcePathStyle: true,
    });
    const { Contents: contents } = await s3.send(new ListObjectsV2Command({ Bucket: "lake" }));
    const key = "ocsf/2026/03/01/000000000001-000000000003.ndjson";
    expect(contents?.map(({ Key }) => Key)).toEqual([key]);
    const { Body: body } = await s3.send(new GetObjectCommand({ Bucket: "lake", Key: key }));
    const lines = (await body?.transformToString())?.trimEnd().split("\n") ?? [];
    expect(lines.map((line) => (JSON.parse(line) as { class_uid: number }).class_uid))
      .toEqual([2004, 2004, 2004]);
    s3.destroy();
  });
});

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const Entries = z.strictObject({
  Entries: z.array(z.strictObject({
    EventBusName: z.string().regex(/^arn:aws:events:/),
    Source: z.string().min(1).max(256),
    DetailType: z.string().min(1).max(128),
    Detail: z.string().min(2),
    Time: z.number(),
    Resources: z.array(z.string().max(2048)),
  })).min(1).max(10),
});

describe("EventBridge", () => {
  const taken: z.infer<typeof Entries>["Entries"] = [];
  let refuse: string | null = null;
  /** Ours, strict: of EventBridge, PutEvents alone. */
  const server = new AwsServer({ events: put });
  beforeAll(async () => { await server.listen(); });
  afterAll(async () => { await server.close(); });
  beforeEach(() => {
    taken.length = 0;
    refuse = null;
  });
  const bus = {
    kind: "eventbridge", eventBusArn: "arn:aws:events:eu-west-1:111122223333:event-bus/security",
  };

  function put({ headers, body, region }: Call): Answer {
    const { data } = Entries.safeParse(JSON.parse(body));
    const isAsked = headers["x-amz-target"] === "AWSEvents.PutEvents" && region === "eu-west-1";
    if (data === undefined || !isAsked || body.length > 256 * 1024) {
      return { status: 400, body: JSON.stringify({ __type: "ValidationException" }) };
    }
    const entries = data.Entries.map((_, i) => refuse !== null && i === 1
      ? { ErrorCode: refuse, ErrorMessage: "Said by the test." }
      : { EventId: `e${i}` });
    taken.push(...data.Entries);
    const FailedEntryCount = refuse === null ? 0 : 1;
    return { status: 200, body: JSON.stringify({ FailedEntryCount, Entries: entries }) };
  }

  it("is given each word as an event, with the role it is about", async () => {
    const role = { arn: "arn:aws:iam::111122223333:role/agents/ro", mode: "readonly" };
    await tell(bus, server.endpoint, words(10, { role, values: { x: "é".repeat(99_999) } }));
    expect(taken).toHaveLength(10);
    expect(taken[0]).toMatchObject({
      Source: "trailwarden", DetailType: "Trailwarden Finding", Time: 1_772_359_200,
      EventBusName: bus.eventBusArn, Resources: [role.arn],
    });
    expect(JSON.parse(taken[0]?.Detail ?? "")).toMatchObject({ seq: 1, rule: "rule-a" });
  });

  it.each([
    ["ThrottlingException", "throttled"], ["InternalFailure", "unavailable"],
    ["AccessDeniedException", "denied"],
  ])("has not been told where one entry is refused: %s", async (errorCode, code) => {
    refuse = errorCode;
    await expect(tell(bus, server.endpoint, words(2))).rejects.toMatchObject({
      code, call: { action: "events:PutEvents", resource: bus.eventBusArn },
    });
  });
});
