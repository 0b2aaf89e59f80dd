import { isCloudTrailShaped } from "./kinds.ts";

/** An object that a message tells of. */
export interface AnnouncedObject {
  readonly bucket: string;
  /** As the bucket holds it, not encoded. */
  readonly key: string;
  /** Without quotes; null where the message does not say. */
  readonly etag: string | null;
  /** As stored; null where the message does not say. */
  readonly bytes: number | null;
  /** Who has written it, e.g. `cloudtrail.amazonaws.com`; only EventBridge says. */
  readonly requester: string | null;
}

/** What a message in a queue holds. All empty: a text that AWS sends on set-up. */
export interface QueueBody {
  readonly objects: readonly AnnouncedObject[];
  /** JSON of one record, in EventBridge's envelope or bare; null where there is none. */
  readonly record: string | null;
  /** Why it, or a part of it, cannot be read. */
  readonly unread: UnreadBody | null;
}

export interface UnreadBody {
  readonly reason: "not-json" | "unknown-shape";
  readonly detail: string;
}

type Fields = Readonly<Record<string, unknown>>;

const nothing: QueueBody = { objects: [], record: null, unread: null };

/**
 * Reads the body of a message: notifications of S3, of CloudTrail and of EventBridge, and
 * CloudTrail's events by EventBridge, each straight or through SNS, with its envelope or raw. Of
 * CloudTrail's own notification: its user guide, "Configuring Amazon SNS notifications".
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 * https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
export function readQueueBody(text: string): QueueBody {
  const body = parsed(text);
  if (body === null) return withoutJson(text);
  if (typeof body.Type !== "string" || !("TopicArn" in body)) return readNotice(body, text);
  if (body.Type !== "Notification" || typeof body.Message !== "string") {
    return unknown(`An SNS message of type ${named(body.Type)} waits for somebody to act on it.`);
  }
  const inner = parsed(body.Message);
  return inner === null ? withoutJson(body.Message) : readNotice(inner, body.Message);
}

function readNotice(body: Fields, text: string): QueueBody {
  if (body.Event === "s3:TestEvent") return nothing;
  if (Array.isArray(body.s3ObjectKey)) return fromCloudTrail(body.s3Bucket, body.s3ObjectKey);
  if (Array.isArray(body.Records)) return fromS3(body.Records);
  if (typeof body["detail-type"] === "string") return fromEventBridge(body, text);
  if (isCloudTrailShaped(body)) return { ...nothing, record: text };
  return unknown("The body is JSON, but no notification that CloudTrail can come with.");
}

/** CloudTrail's own: `{"s3Bucket":"b","s3ObjectKey":["k1","k2"]}`, the keys as they are. */
function fromCloudTrail(bucket: unknown, keys: readonly unknown[]): QueueBody {
  if (!isText(bucket)) return unknown("CloudTrail's notification names no bucket.");
  const objects = keys.filter(isText).map((key) => announced(bucket, key, {}));
  if (objects.length === keys.length) return { ...nothing, objects };
  return { ...unknown("CloudTrail's notification holds a key that is no text."), objects };
}

function fromS3(records: readonly unknown[]): QueueBody {
  const read = records.map(fromS3Record);
  const objects = read.filter((one) => one !== null && one !== "not-created");
  if (!read.includes(null)) return { ...nothing, objects };
  return { ...unknown("Records holds something that is no notification of S3."), objects };
}

/** Null when it is none. `ObjectRemoved:*` and the like tell of nothing to read. */
function fromS3Record(record: unknown): AnnouncedObject | "not-created" | null {
  if (!isObject(record) || record.eventSource !== "aws:s3") return null;
  const { eventName, s3 } = record;
  if (typeof eventName !== "string" || !isObject(s3)) return null;
  if (!/^(?:s3:)?ObjectCreated:/.test(eventName)) return "not-created";
  const { bucket, object } = s3;
  if (!isObject(bucket) || !isText(bucket.name) || !isObject(object)) return null;
  const key = isText(object.key) ? decoded(object.key) : null;
  if (key === null) return null;
  return announced(bucket.name, key, { etag: object.eTag, bytes: object.size });
}

function fromEventBridge(envelope: Fields, text: string): QueueBody {
  const { detail, "detail-type": type, source } = envelope;
  if (!isObject(detail)) return unknown("EventBridge's event has no detail.");
  if (source !== "aws.s3" || isCloudTrailShaped(detail)) {
    if (isCloudTrailShaped(detail)) return { ...nothing, record: text };
    return unknown(`EventBridge's event of type ${named(type)} is none of CloudTrail's.`);
  }
  if (type !== "Object Created") return nothing;
  const { bucket, object, requester } = detail;
  if (!isObject(bucket) || !isText(bucket.name) || !isObject(object) || !isText(object.key)) {
    return unknown("EventBridge's event of a new object names no object.");
  }
  const { etag, size } = object;
  return {
    ...nothing,
    objects: [announced(bucket.name, object.key, { etag, bytes: size, requester })],
  };
}

interface Told {
  readonly etag?: unknown;
  readonly bytes?: unknown;
  readonly requester?: unknown;
}

function announced(bucket: string, key: string, told: Told): AnnouncedObject {
  const { etag, bytes, requester } = told;
  return {
    bucket,
    key,
    etag: isText(etag) ? etag.replaceAll('"', "") : null,
    bytes: typeof bytes === "number" && bytes >= 0 ? bytes : null,
    requester: isText(requester) ? requester : null,
  };
}

/** S3's own notifications write keys as forms do: `+` is a space. Null when that is broken. */
function decoded(key: string): string | null {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return null;
  }
}

/** Sent once, when a trail is given a topic. */
const validation = "CloudTrail validation message.";

function withoutJson(text: string): QueueBody {
  if (text.trim() === validation) return nothing;
  const detail = "The body is no JSON object, nor a text that CloudTrail sends.";
  return { ...nothing, unread: { reason: "not-json", detail } };
}

function unknown(detail: string): QueueBody {
  return { ...nothing, unread: { reason: "unknown-shape", detail } };
}

function parsed(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** A word of the message's, fit for a sentence. */
function named(word: unknown): string {
  return typeof word === "string" && /^[\w :.-]{1,64}$/.test(word) ? `"${word}"` : "unknown";
}
