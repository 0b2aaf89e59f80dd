import type { ObjectKind, RawRecord } from "./record.ts";

/**
 * What kind of object a delivered JSON object is, when it is no plain record of an API call,
 * sign-in or service event.
 *
 * Its own words go first, so that a file's name cannot hide a record; an object that does not say
 * what it is, is what the S3 key says: `AWSLogs/<account>/CloudTrail-Digest/…`,
 * `<account>_CloudTrail-Insight_<region>_….json.gz`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function objectKindOf(name: string, value: RawRecord): ObjectKind | null {
  const shown = kindByShape(value);
  return shown === "record" ? null : (shown ?? kindByName(name));
}

/**
 * The kind a file's name or S3 key tells; null for ordinary log files and for names that tell
 * nothing.
 */
export function kindByName(name: string): ObjectKind | null {
  const word = keyKind.exec(name)?.[1];
  return word === undefined ? null : (kindOfWord.get(word) ?? null);
}

const keyKind = /(?:^|[/_])CloudTrail-(Digest|Insight|NetworkActivity|Aggregated)(?:$|[/_])/;
const kindOfWord: ReadonlyMap<string, ObjectKind> = new Map([
  ["Digest", "digest"],
  ["Insight", "insight"],
  ["NetworkActivity", "network-activity"],
  ["Aggregated", "aggregated"],
]);

type KindOfWord = ReadonlyMap<unknown, ObjectKind | "record">;

/** AWS's page writes `AwsVpceEvents`, its records `AwsVpceEvent`. */
const kindOfType: KindOfWord = new Map<unknown, ObjectKind | "record">([
  ["AwsCloudTrailInsight", "insight"],
  ["AwsVpceEvent", "network-activity"],
  ["AwsVpceEvents", "network-activity"],
  ["AwsAggregatedEvent", "aggregated"],
  ["AwsApiCall", "record"],
  ["AwsServiceEvent", "record"],
  ["AwsConsoleAction", "record"],
  ["AwsConsoleSignIn", "record"],
  ["AwsMcpEvent", "record"],
]);
const kindOfCategory: KindOfWord = new Map<unknown, ObjectKind | "record">([
  ["Insight", "insight"],
  ["NetworkActivity", "network-activity"],
  ["Aggregated", "aggregated"],
  ["Management", "record"],
  ["Data", "record"],
]);

/**
 * Words of which every object of another kind holds at least one: where markers choose what is
 * parsed, these keep such objects in the count.
 */
export const kindMarkers = [
  "insightDetails",
  "Insight",
  "AwsVpceEvent",
  "NetworkActivity",
  "Aggregated",
] as const;

function kindByShape(value: RawRecord): ObjectKind | "record" | null {
  const said = kindOfType.get(value.eventType) ?? kindOfCategory.get(value.eventCategory);
  if (said !== undefined && said !== "record") return said;
  const category = kindOfCategory.get(value.eventCategory);
  if (category !== undefined && category !== "record") return category;
  if (typeof value.insightDetails === "object" && value.insightDetails !== null) return "insight";
  if (said !== undefined) return said;
  if ("digestS3Object" in value || "previousDigestS3Object" in value) return "digest";
  if (typeof value.eventId === "string" && !("eventID" in value)) return "aggregated";
  return null;
}

/** Whether an object has so much as the outline of a CloudTrail record. */
export function isCloudTrailShaped(value: RawRecord): boolean {
  if (typeof value.eventVersion === "string") return true;
  return typeof value.eventName === "string" && typeof value.eventSource === "string";
}
