// A bucket and a queue with its dead-letter queue, as a trail would fill them.
import { Buffer } from "node:buffer";
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath, URL } from "node:url";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient,
} from "@aws-sdk/client-sqs";

const region = "eu-west-1";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
/** Of SQS: messages in one call. */
const messagesPerCall = 10;

export class TrailQueue {
  #server;
  #where;
  #s3;
  #sqs;

  constructor(server, where) {
    const { endpoint } = where;
    this.#server = server;
    this.#where = where;
    this.#s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    this.#sqs = new SQSClient({ endpoint, region, credentials });
  }

  static async start() {
    const server = fork(fileURLToPath(new URL("queue-server.mjs", import.meta.url)));
    const [where] = await once(server, "message");
    return new TrailQueue(server, where);
  }

  /** The parts of a config that lead here. */
  config(settings = {}) {
    const { endpoint, queueUrl, deadLetterQueueUrl } = this.#where;
    return {
      aws: { region, endpoint },
      sources: [{ kind: "sqs", name: "trail", queueUrl, deadLetterQueueUrl, ...settings }],
    };
  }

  /** What the program's environment needs. */
  get environment() {
    const { accessKeyId, secretAccessKey } = credentials;
    return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  }

  /** Puts an object, and returns the body of the message that tells of it. */
  async put(key, bytes) {
    const { bucket } = this.#where;
    await this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
    const object = { key: encodeURIComponent(key).replaceAll("%2F", "/"), size: bytes.length };
    const s3 = { bucket: { name: bucket }, object };
    const event = { eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put" };
    return JSON.stringify({ Records: [{ ...event, s3 }] });
  }

  async send(bodies) {
    const QueueUrl = this.#where.queueUrl;
    for (let from = 0; from < bodies.length; from += messagesPerCall) {
      const some = bodies.slice(from, from + messagesPerCall);
      const Entries = some.map((MessageBody, i) => ({ Id: String(i), MessageBody }));
      const { Failed } = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed?.length > 0) throw new Error(`Not sent: ${JSON.stringify(Failed)}`);
    }
  }

  /** Messages not acknowledged yet: waiting, and in hand. */
  async depth() {
    const { Attributes } = await this.#sqs.send(new GetQueueAttributesCommand({
      QueueUrl: this.#where.queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }));
    return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }

  /** The bodies in the dead-letter queue, which is empty afterwards for half a minute. */
  async deadLetters() {
    const bodies = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(new ReceiveMessageCommand({
        QueueUrl: this.#where.deadLetterQueueUrl, MaxNumberOfMessages: messagesPerCall,
      }));
      if (Messages.length === 0) return bodies;
      bodies.push(...Messages.map(({ Body }) => Body));
    }
  }

  stop() {
    this.#s3.destroy();
    this.#sqs.destroy();
    this.#server.disconnect();
  }
}

/** As EventBridge brings an API call: the record in its envelope. */
export function eventBridgeBody({ account, region: where, record }) {
  const text = JSON.stringify({
    version: "0",
    id: record.eventID,
    "detail-type": "AWS API Call via CloudTrail",
    source: `aws.${record.eventSource.split(".")[0]}`,
    account,
    time: record.eventTime,
    region: where,
    resources: [],
    detail: record,
  });
  if (Buffer.byteLength(text) > 256 * 1024) throw new Error("EventBridge would not bring it.");
  return text;
}
