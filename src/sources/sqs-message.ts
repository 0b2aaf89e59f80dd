import type { QueueMessage } from "../aws/sqs.ts";
import type { SqsSourceConfig } from "../config/schema.ts";
import { readQueueBody, type AnnouncedObject } from "../records/queue-body.ts";
import { readRecords } from "../records/read.ts";
import { trailKey } from "../records/trail-key.ts";
import { printable } from "../text/printable.ts";
import { countedParcel, objectParcel, type ObjectReader } from "./s3-object.ts";
import type { Parcel, Poison } from "./source.ts";

export interface MessageReader extends ObjectReader {
  /** The queue's ARN. */
  readonly queue: string;
  readonly config: Pick<SqsSourceConfig, "buckets" | "requireCloudTrailRequester">;
}

export interface MessageContent {
  readonly parcels: readonly Parcel[];
  readonly poison: Poison | null;
}

/** What a message is about. One bad object in it does not hide the others. */
export function contentOf(message: QueueMessage, reader: MessageReader): MessageContent {
  const { objects, record, unread } = readQueueBody(message.body);
  const parcels: Parcel[] = record === null ? [] : [recordParcel(message, record, reader)];
  let poison: Poison | null = unread;
  for (const object of objects) {
    const taken = taking(object, reader);
    if ("reason" in taken) poison ??= taken;
    else parcels.push(taken);
  }
  return { parcels, poison };
}

function taking(object: AnnouncedObject, reader: MessageReader): Parcel | Poison {
  const { buckets, requireCloudTrailRequester } = reader.config;
  if (buckets.length > 0 && !buckets.includes(object.bucket)) {
    const detail = `The bucket ${printable(object.bucket)} is none of this source's buckets.`;
    return { reason: "foreign-bucket", detail };
  }
  const trail = trailKey(object.key);
  if (trail === null) return countedParcel(object, "unrelated", reader.receivedAt);
  if (requireCloudTrailRequester && object.requester !== cloudTrail) {
    const by = object.requester === null ? "somebody unnamed" : printable(object.requester);
    const where = `s3://${object.bucket}/${object.key}`;
    const detail = `${where} was written by ${by}, and only ${cloudTrail} is taken.`;
    return { reason: "foreign-requester", detail };
  }
  // Network activity is read too: calls that an endpoint's policy denied stand only there.
  if (trail.kind === "log" || trail.kind === "network-activity") {
    return objectParcel(object, trail, reader);
  }
  return countedParcel(object, trail.kind, reader.receivedAt);
}

const cloudTrail = "cloudtrail.amazonaws.com";

/** They come by the thousand; each is one event, which its own key tells from others. */
function recordParcel(message: QueueMessage, json: string, reader: MessageReader): Parcel {
  const name = `message ${message.id}`;
  const { queue, receivedAt } = reader;
  return {
    delivery: { id: `${queue}/${message.id}`, name, receivedAt, isRemembered: false },
    batches: (read) => readRecords({ name, bytes: Buffer.from(json) }, read),
  };
}
