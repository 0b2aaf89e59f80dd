import { isDeeper } from "./depth.ts";
import type { RawRecord, RejectReason } from "./record.ts";

/** The object inside an element's wrappings, or why there is none. */
export type Unwrapped =
  | { readonly record: RawRecord }
  | { readonly reason: RejectReason; readonly detail: string };

/**
 * A record as a string, in a LookupEvents entry, as a string, in an EventBridge envelope: more is
 * nonsense.
 */
const layersMax = 4;

/**
 * Takes a record out of what it may be wrapped in:
 *
 * - a JSON string holding it;
 * - an entry of a LookupEvents page, `{"EventId": …, "CloudTrailEvent": "<the record as JSON>"}`
 *   (https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Event.html);
 * - an EventBridge event, `{"detail-type": "AWS API Call via CloudTrail", "detail": {…}}`
 *   (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html).
 */
export function unwrap(value: unknown, depthMax: number): Unwrapped {
  let inner = value;
  for (let layer = 0; layer <= layersMax; layer += 1) {
    if (typeof inner === "string") {
      const parsed = parseString(inner, depthMax);
      if ("reason" in parsed) return parsed;
      inner = parsed.value;
      continue;
    }
    if (!isObject(inner)) return notAnObject(inner);
    const content = contentOf(inner);
    if (content === null) return { record: inner };
    inner = content;
  }
  return { reason: "not-cloudtrail", detail: "The value is wrapped too many times." };
}

/** What an envelope holds; null when the object is no envelope. */
function contentOf(value: RawRecord): unknown {
  if ("eventVersion" in value) return null;
  if (typeof value.CloudTrailEvent === "string") return value.CloudTrailEvent;
  return typeof value["detail-type"] === "string" && isObject(value.detail) ? value.detail : null;
}

function parseString(text: string, depthMax: number): { readonly value: unknown } | Failure {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { reason: "not-json", detail: "The string where a record should be holds no JSON." };
  }
  if (!isDeeper(value, depthMax)) return { value };
  return { reason: "too-deep", detail: "The record in the string is nested too deeply." };
}

type Failure = Extract<Unwrapped, { reason: RejectReason }>;

function notAnObject(value: unknown): Failure {
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return { reason: "not-an-object", detail: `A record is an object; this is of type ${type}.` };
}

function isObject(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
