/**
 * One element of `Records[]`, as AWS wrote it: a JSON object from outside, untrusted in every
 * field.
 *
 * AWS CloudTrail user guide, "CloudTrail record contents for management, data, and network activity
 * events".
 * 
 *
 */
export type RawRecord = Readonly<Record<string, unknown>>;

/**
 * Why a record, or the part of a file where one should be, could not be used. A closed set: it is a
 * metric label.
 */
export const rejectReasons = [
  "bad-gzip", // the compressed stream is damaged at `offset` (of the inflated bytes)
  "truncated", // the file ends inside a record or before its closing brackets
  "not-json", // no JSON value can be read at `offset`
  "not-an-object", // an element of Records[] that is no object
  "not-cloudtrail", // an object that is none of the shapes CloudTrail sends
  "too-deep", // nested beyond `depthMax`
  "too-large", // one record, or a file's inflated bytes, beyond its bound
  "too-many-records", // the file holds more than `recordsMax`
  "unsupported-version", // an eventVersion whose major is not 1
  "no-event-time", // eventTime missing or unreadable
  "no-event-name", // eventName or eventSource missing
  "foreign-key", // an object that is not encrypted with the key that the config names
  "foreign-account", // of another account than the S3 key it was read from tells
] as const;
export type RejectReason = (typeof rejectReasons)[number];

/**
 * A record kept aside: why, and where it stood. Never holds the record's own text beyond a short,
 * safe detail.
 */
export interface Rejection {
  readonly reason: RejectReason;
  /** The file, object key or message it came from, as the source named it. */
  readonly file: string;
  /** Position among the file's records, from 0; null when no record could be told apart. */
  readonly index: number | null;
  /** Byte offset in the inflated file where the damage or the record begins; null when unknown. */
  readonly offset: number | null;
  /** One sentence for a person, e.g. `Unexpected end of file inside a record.` */
  readonly detail: string;
}

/**
 * Objects beside API records: CloudTrail's other kinds, told apart by key and by shape, and what in
 * the same bucket is not CloudTrail's by its key. Counted.
 */
export const objectKinds = [
  "digest",
  "insight",
  "network-activity",
  "aggregated",
  "unrelated",
] as const;
export type ObjectKind = (typeof objectKinds)[number];
