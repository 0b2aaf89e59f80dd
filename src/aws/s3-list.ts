import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { AwsConfig } from "../config/schema.ts";
import { clientSettings, customEndpoint, partitionOf, type Reach } from "./clients.ts";
import { awsFault, type AwsCall } from "./fault.ts";

export interface ListQuery {
  readonly prefix: string;
  /** Only keys behind this one. */
  readonly startAfter?: string;
  /** What lies one level down, instead of every object. */
  readonly isFolders?: boolean;
}

export interface ListedObject {
  readonly key: string;
  /** As stored. */
  readonly bytes: number;
  readonly etag: string | null;
}

/** At most a thousand of both, in the order of their keys' bytes. */
export interface ListPage {
  readonly objects: readonly ListedObject[];
  /** With the prefix, and a `/` at the end. */
  readonly folders: readonly string[];
  /** Null on the last one. */
  readonly nextToken: string | null;
}

/** Lists one bucket. */
export class ObjectListing {
  readonly bucket: string;
  readonly #client: S3Client;
  readonly #call: AwsCall;

  constructor(aws: AwsConfig, reach: Reach, bucket: string) {
    this.bucket = bucket;
    this.#client = new S3Client({
      ...clientSettings(aws, reach),
      forcePathStyle: customEndpoint(aws, "S3") !== undefined,
      followRegionRedirects: true,
    });
    const partition = partitionOf(reach.region ?? aws.region);
    this.#call = { action: "s3:ListBucket", resource: `arn:${partition}:s3:::${bucket}` };
  }

  /** Throws an AwsFault. */
  async page(query: ListQuery, token: string | null, signal: AbortSignal): Promise<ListPage> {
    const { prefix, startAfter, isFolders = false } = query;
    const command = new ListObjectsV2Command({
      Bucket: this.bucket,
      Prefix: prefix,
      ...(startAfter === undefined ? {} : { StartAfter: startAfter }),
      ...(isFolders ? { Delimiter: "/" } : {}),
      ...(token === null ? {} : { ContinuationToken: token }),
    });
    try {
      const answer = await this.#client.send(command, { abortSignal: signal });
      return {
        objects: (answer.Contents ?? []).flatMap(({ Key, Size = 0, ETag }) =>
          Key === undefined ? [] :
            [{ key: Key, bytes: Size, etag: ETag?.replaceAll('"', "") ?? null }]),
        folders: (answer.CommonPrefixes ?? []).flatMap(({ Prefix }) => Prefix ?? []),
        nextToken: answer.NextContinuationToken ?? null,
      };
    } catch (error) {
      throw awsFault(error, this.#call);
    }
  }

  close(): void {
    this.#client.destroy();
  }
}
