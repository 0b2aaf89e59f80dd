import type { Markers } from "./markers.ts";
import type { RawRecord } from "./record.ts";

/**
 * What an AWS service asked for in a call it made on its own (`userIdentity.type` is `AWSService`):
 * its request parameters. Null for everybody else's calls, and for calls without parameters.
 *
 * By this alone a service's call is chosen: in a busy account one record in four is a service that
 * opens a workload's session, and only its parameters tell whose.
 */
export function serviceAsk(record: RawRecord): RawRecord | null {
  const { userIdentity, requestParameters } = record;
  if (!isObject(userIdentity) || userIdentity.type !== "AWSService") return null;
  return isObject(requestParameters) ? requestParameters : null;
}

function isObject(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A test on a record's text: whether it is a service's call that asks for nothing with a marker.
 * Then it need not be parsed, which takes ten times as long. False whenever the text is not laid
 * out as CloudTrail does it: then {@link serviceAsk} decides, on the parsed record.
 */
export function othersAskTest(markers: Markers): (text: string) => boolean {
  const wanted = new RegExp(markers.map((marker) => marker.replace(/\W/g, "\\$&")).join("|"));
  return (text) => {
    const call = serviceCall.exec(text);
    if (call?.[1] === undefined || call[2] === undefined || wanted.test(call[2])) return false;
    return isApiCall(text) && !mayBeToldAgain(text, call[1].length);
  };
}

/**
 * The fields up to the parameters, and these with whatever may follow in front of the response.
 * Without a backslash in them the text of a string is the string.
 */
const serviceCall = new RegExp(
  String.raw`^(\{"eventVersion":"1\.\d\d","userIdentity":\{"type":"AWSService",` +
    String.raw`"invokedBy":"[\w.-]+"\},(?:"(?!userIdentity)\w+":"[^"\\]*",)*` +
    String.raw`"requestParameters":\{)([^\\]*?)\},"responseElements":`,
);

/**
 * No object of another kind, which would have to be counted. The needles begin with a capital,
 * since the search looks for the first character: quotes are in every tenth place.
 */
function isApiCall(text: string): boolean {
  return text.includes('AwsApiCall","') && text.includes('Management"');
}

/**
 * Whether a later field may hold in place of one already seen: of the same name, or of a name with
 * letters escaped.
 */
function mayBeToldAgain(text: string, from: number): boolean {
  if (text.includes('Parameters"', from) || text.includes('Identity"', from)) return true;
  for (let at = text.indexOf(escape, from); at >= 0; at = text.indexOf(escape, at + 1)) {
    if (!usualEscapes.has(text.slice(at, at + 6))) return true;
  }
  return false;
}

const escape = "\\u";
/** What CloudTrail escapes though JSON need not: `=`, `&`, `<` and `>`. */
const usualEscapes: ReadonlySet<string> = new Set(["\\u003d", "\\u0026", "\\u003c", "\\u003e"]);
