import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, customEndpoint, partitionOf, type Reach } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

/** A bucket that is written to. */
export class Bucket {
  readonly #name: string;
  readonly #client: S3Client;
  readonly #partition: string;

  constructor(name: string, aws: AwsConfig, reach: Reach) {
    this.#name = name;
    this.#partition = partitionOf(reach.region ?? aws.region);
    this.#client = new S3Client({
      ...clientSettings(aws, reach),
      forcePathStyle: customEndpoint(aws, "S3") !== undefined,
      followRegionRedirects: true,
    });
  }

  /** Puts an object, in place of one of the same key. Throws an AwsFault. */
  async put(key: string, body: string, contentType: string): Promise<void> {
    const resource = `arn:${this.#partition}:s3:::${this.#name}/${key}`;
    const call: AwsCall = { action: "s3:PutObject", resource };
    try {
      await this.#client.send(new PutObjectCommand({
        Bucket: this.#name, Key: key, Body: body, ContentType: contentType,
      }));
    } catch (error) {
      throw awsFault(error, call);
    }
  }
}
