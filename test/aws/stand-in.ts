import { gzipSync } from "node:zlib";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs, type FauxqsServer } from "fauxqs";
import type { SqsSourceConfig } from "../../src/config/schema.ts";
import type { RawRecord } from "../../src/records/record.ts";
import { FaultyServer } from "./faulty-server.ts";

export const bucket = "trail-logs";
/** As the files of 2026-03-01 lie in the bucket; `n` tells them apart. */
export function logKey(n: number, account = "111111111111"): string {
  const file = `${account}_CloudTrail_eu-west-1_20260301T1005Z_${String(n).padStart(16, "A")}`;
  return `AWSLogs/${account}/CloudTrail/eu-west-1/2026/03/01/${file}.json.gz`;
}

export function logFile(records: readonly RawRecord[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

/** What S3 sends a queue. */
export function s3Notice(key: string, size = 100): string {
  const encoded = encodeURIComponent(key).replaceAll("%20", "+");
  const object = { key: encoded, size, eTag: "0123456789abcdef", sequencer: "0A" };
  const s3 = { bucket: { name: bucket }, object };
  return JSON.stringify({
    Records: [{ eventVersion: "2.1", eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3 }],
  });
}

/** SQS and S3 in this process, a queue with a dead-letter queue, a bucket, and faults on demand. */
export interface StandIn {
  readonly server: FauxqsServer;
  readonly faulty: FaultyServer;
  /** Of the faulty server: what the clients under test are given. */
  readonly endpoint: string;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  put(key: string, body: Buffer): Promise<void>;
  send(body: string): Promise<string>;
  /** Messages that wait, and those that are in somebody's hand. */
  counts(): { readonly ready: number; readonly inHand: number; readonly dead: number };
  source(fields?: Partial<SqsSourceConfig>): SqsSourceConfig;
  stop(): Promise<void>;
}

/** Credentials come from the environment, as in a container. */
export const credentials = {
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE000000001", AWS_SECRET_ACCESS_KEY: "x",
};

/** @param receivesMax before a message is moved to the dead-letter queue */
export async function standIn(receivesMax = 2): Promise<StandIn> {
  const server = await startFauxqs({ port: 0, logger: false, defaultRegion: "eu-west-1" });
  const dead = server.createQueue("trail-dead");
  const redrive = { deadLetterTargetArn: dead.queueArn, maxReceiveCount: String(receivesMax) };
  const { queueUrl } = server.createQueue("trail", {
    attributes: { RedrivePolicy: JSON.stringify(redrive) },
  });
  server.createBucket(bucket);
  const faulty = new FaultyServer(server.address);
  const endpoint = await faulty.listen();
  const own = {
    endpoint: server.address, region: "eu-west-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const sqs = new SQSClient(own);
  const s3 = new S3Client({ ...own, forcePathStyle: true });
  const size = (name: string, part: "ready" | "inflight") =>
    server.inspectQueue(name)?.messages[part].length ?? 0;
  return {
    server, faulty, endpoint, queueUrl, deadLetterQueueUrl: dead.queueUrl,
    put: async (key, body) => {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    send: async (body) => {
      const sent = await sqs.send(
        new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }),
      );
      return sent.MessageId ?? "";
    },
    counts: () => ({
      ready: size("trail", "ready"),
      inHand: size("trail", "inflight"),
      dead: size("trail-dead", "ready"),
    }),
    source: (fields) => ({
      kind: "sqs", name: "trail", queueUrl, concurrency: 32, visibilitySeconds: 30, buckets: [],
      requireCloudTrailRequester: false, ...fields,
    }),
    stop: async () => {
      sqs.destroy();
      s3.destroy();
      await faulty.close();
      await server.stop();
    },
  };
}
