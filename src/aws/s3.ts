import { Readable } from "node:stream";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, customEndpoint, partitionOf, type Reach } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** An object whose size is known and whose body has yet to be read. */
export interface OpenObject {
  /** As stored; null where S3 does not say. */
  readonly bytes: number | null;
  readonly etag: string | null;
  /** The ARN of the KMS key it is encrypted with; null where it is with none. */
  readonly kmsKeyArn: string | null;
  /** `x-amz-meta-…`, without that. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Throws an AwsFault where it breaks off. To stop reading it closes the connection. */
  readonly body: AsyncIterable<Buffer>;
  /** For those who do not read the body. */
  close(): void;
}

export interface ObjectReach extends Reach {
  /** Whose the buckets must be: S3 refuses others. */
  readonly bucketOwner?: string | undefined;
}

/** Reads objects. */
export class ObjectStorage {
  readonly #client: S3Client;
  readonly #partition: string;
  readonly #owner: { readonly ExpectedBucketOwner?: string };

  constructor(aws: AwsConfig, reach: ObjectReach) {
    this.#client = new S3Client({
      ...clientSettings(aws, reach),
      // Emulators and proxies seldom answer to `<bucket>.<host>`.
      forcePathStyle: customEndpoint(aws, "S3") !== undefined,
      // A queue in one region may tell of buckets in others.
      followRegionRedirects: true,
      // CloudTrail's files are gzip, which carries its own check; S3's would be a second one.
      responseChecksumValidation: "WHEN_REQUIRED",
    });
    this.#partition = partitionOf(reach.region ?? aws.region);
    const { bucketOwner } = reach;
    this.#owner = bucketOwner === undefined ? {} : { ExpectedBucketOwner: bucketOwner };
  }

  /** Opens an object. Throws an AwsFault. */
  async open(
    { bucket, key }: { readonly bucket: string; readonly key: string },
    signal: AbortSignal,
  ): Promise<OpenObject> {
    const resource = `arn:${this.#partition}:s3:::${bucket}/${key}`;
    const call: AwsCall = { action: "s3:GetObject", resource };
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, ...this.#owner });
    try {
      const answer = await this.#client.send(command, { abortSignal: signal });
      const body = readable(answer.Body);
      return {
        bytes: answer.ContentLength ?? null,
        etag: answer.ETag?.replaceAll('"', "") ?? null,
        kmsKeyArn: answer.SSEKMSKeyId ?? null,
        metadata: answer.Metadata ?? {},
        body: guarded(body, call),
        close: () => {
          body.destroy();
        },
      };
    } catch (error) {
      throw awsFault(error, call);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}

function readable(body: unknown): Readable {
  if (body instanceof Readable) return body;
  throw new Error("The SDK gave a body that is no stream of Node's.");
}

async function* guarded(body: Readable, call: AwsCall): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of body) yield chunk as Buffer;
  } catch (error) {
    throw awsFault(error, call);
  }
}
