import type { ObjectStorage, OpenObject } from "../aws/s3.ts";
import { readRecords } from "../records/read.ts";
import type { FoundRecord, ReadBatch, ReadOptions } from "../records/read.ts";
import type { AnnouncedObject } from "../records/queue-body.ts";
import type { ObjectKind, Rejection } from "../records/record.ts";
import type { TrailKey } from "../records/trail-key.ts";
import type { Delivery } from "../sessions/store.ts";
import { printable } from "../text/printable.ts";
import type { Parcel, SourceWatcher } from "./source.ts";

/**
 * CloudTrail's files stay under 50 MB compressed. What is larger is not CloudTrail's, and is not
 * read.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
const storedBytesMax = 128 * 1024 ** 2;

export interface ObjectReader {
  /** The source's name. */
  readonly source: string;
  readonly storage: Pick<ObjectStorage, "open">;
  readonly watcher: Pick<SourceWatcher, "fetched">;
  /** Ends reading. */
  readonly signal: AbortSignal;
  /** When we came to know of the object, in ms UTC. */
  readonly receivedAt: number;
  /** What objects must be encrypted with; absent: whatever. */
  readonly kmsKeyArn?: string | undefined;
}

export type LogObject = Pick<AnnouncedObject, "bucket" | "key" | "etag" | "bytes">;

/** A log file of CloudTrail's. */
export function objectParcel(object: LogObject, trail: TrailKey, reader: ObjectReader): Parcel {
  const { bytes } = object;
  return {
    delivery: deliveryOf(object, reader.receivedAt),
    ...(bytes === null ? {} : { storedBytes: bytes }),
    batches: (read) => batchesOf(object, { trail, reader, read }),
  };
}

/** An object that is left where it is, and counted as what its key says. */
export function countedParcel(object: LogObject, kind: ObjectKind, receivedAt: number): Parcel {
  const batch: ReadBatch = {
    records: [], rejections: [], others: { [kind]: 1 }, skippedCount: 0, bytes: 0,
  };
  return {
    delivery: { ...deliveryOf(object, receivedAt), isRemembered: false },
    batches: () => once(batch),
  };
}

/** CloudTrail never writes over a file: without an etag the key tells it from all others. */
function deliveryOf({ bucket, key, etag }: LogObject, receivedAt: number): Delivery {
  const name = `s3://${bucket}/${key}`;
  return { id: etag === null ? name : `${name}#${etag}`, name, receivedAt };
}

interface Reading {
  readonly trail: TrailKey;
  readonly reader: ObjectReader;
  readonly read: ReadOptions;
}

async function* batchesOf(
  object: LogObject,
  { trail, reader, read }: Reading,
): AsyncGenerator<ReadBatch> {
  const name = `s3://${object.bucket}/${object.key}`;
  const opened = await reader.storage.open(object, reader.signal);
  reader.watcher.fetched(reader.source, opened.bytes ?? 0);
  const refused = refusal(name, opened, reader.kmsKeyArn);
  if (refused !== null) {
    opened.close();
    yield { records: [], rejections: [refused], others: {}, skippedCount: 0, bytes: 0 };
    return;
  }
  for await (const batch of readRecords({ name, chunks: opened.body }, read)) {
    yield withoutForeign(batch, trail.account, name);
  }
}

/** Why an object is not read; null where it may be. */
function refusal(
  name: string,
  { bytes, kmsKeyArn }: Pick<OpenObject, "bytes" | "kmsKeyArn">,
  wanted: string | undefined,
): Rejection | null {
  const refused = (reason: Rejection["reason"], detail: string): Rejection =>
    ({ reason, file: name, index: null, offset: null, detail });
  if ((bytes ?? 0) > storedBytesMax) {
    const detail = `The object is larger than ${storedBytesMax / 1024 ** 2} MB as stored.`;
    return refused("too-large", detail);
  }
  if (wanted === undefined || kmsKeyArn === wanted) return null;
  const own = kmsKeyArn === null ? "no key of KMS" : printable(kmsKeyArn);
  return refused("foreign-key", `It is encrypted with ${own}, and kmsKeyArn is another.`);
}

/**
 * An account's folder holds what happened to that account. A record of another was put there by
 * somebody else than CloudTrail. Of a call between accounts each gets a copy of its own.
 */
function withoutForeign(batch: ReadBatch, account: string, name: string): ReadBatch {
  const foreign = batch.records.filter((found) => isForeign(found, account));
  if (foreign.length === 0) return batch;
  const rejections = foreign.map(({ index, offset }): Rejection => ({
    reason: "foreign-account", file: name, index, offset,
    detail: `The record is of another account than the folder it lies in, ${account}.`,
  }));
  return {
    ...batch,
    records: batch.records.filter((found) => !isForeign(found, account)),
    rejections: [...batch.rejections, ...rejections],
  };
}

/** Records before version 1.02 do not name their account. */
function isForeign({ record }: FoundRecord, account: string): boolean {
  const told = record.recipientAccountId;
  return told !== undefined && told !== null && told !== account;
}

async function* once(batch: ReadBatch): AsyncGenerator<ReadBatch> {
  yield await Promise.resolve(batch);
}
