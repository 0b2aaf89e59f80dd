import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs, type FauxqsServer } from "fauxqs";
import { stringify } from "yaml";
import { matchingConfig } from "../../../src/simulation/matching-config.ts";

const region = "eu-west-1";
const bucket = "trail-bucket";
const queue = "trail";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** An object a trail would have written. */
export interface TrailObject {
  readonly key: string;
  readonly bytes: Uint8Array;
}

/** A bucket and the queue that tells of its objects, on a server that speaks S3's and SQS's own. */
export class TrailQueue {
  readonly #server: FauxqsServer;
  readonly #s3: S3Client;
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;

  private constructor(server: FauxqsServer, queueUrl: string) {
    const endpoint = `http://127.0.0.1:${server.port}`;
    this.#server = server;
    this.#queueUrl = queueUrl;
    this.#s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    this.#sqs = new SQSClient({ endpoint, region, credentials });
  }

  static async start(): Promise<TrailQueue> {
    const server = await startFauxqs({ port: 0, logger: false, defaultRegion: region });
    server.createBucket(bucket);
    const { queueUrl } = server.createQueue(queue, { attributes: { VisibilityTimeout: "2" } });
    return new TrailQueue(server, queueUrl);
  }

  /** What the program needs to reach it. */
  get environment(): Readonly<Record<string, string>> {
    return {
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
  }

  /** A config for it, with the agents of simulated traffic. */
  config(changes: Readonly<Record<string, unknown>> = {}): string {
    return stringify({
      ...matchingConfig(),
      aws: { region, endpoint: `http://127.0.0.1:${this.#server.port}` },
      sources: [{ kind: "sqs", name: "trail", queueUrl: this.#queueUrl, visibilitySeconds: 2 }],
      http: { port: 0 },
      // Simulated events lie in the past.
      service: { announceHours: 1_000_000 },
      ...changes,
    });
  }

  async put(objects: readonly TrailObject[]): Promise<void> {
    for (const { key, bytes } of objects) {
      await this.#s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes }));
    }
  }

  /** One S3 notification each. */
  async tellOf(keys: readonly string[]): Promise<void> {
    const entries = keys.map((key, i) => ({ Id: String(i), MessageBody: notification(key) }));
    for (let from = 0; from < entries.length; from += 10) {
      const Entries = entries.slice(from, from + 10);
      await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: this.#queueUrl, Entries }));
    }
  }

  /** Messages that are not acknowledged yet, seen by somebody or not. */
  get messageCount(): number {
    const messages = this.#server.inspectQueue(queue)?.messages;
    if (messages === undefined) throw new Error("The queue is gone.");
    return messages.ready.length + messages.inflight.length + messages.delayed.length;
  }

  async stop(): Promise<void> {
    this.#s3.destroy();
    this.#sqs.destroy();
    await this.#server.stop();
  }
}

function notification(key: string): string {
  const object = { key: encodeURIComponent(key).replaceAll("%2F", "/"), size: 1000 };
  const s3 = { bucket: { name: bucket }, object };
  return JSON.stringify({
    Records: [
      { eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3 },
    ],
  });
}
