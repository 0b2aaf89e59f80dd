import type { RawRecord } from "./record.ts";

/**
 * What an AWS service asked for in a call it made on its own (`userIdentity.type` is `AWSService`):
 * its request parameters. Null for everybody else's calls, and for calls without parameters.
 *
 * By this alone a service's call is chosen: in a busy account one record in four is a service that
 * opens a workload's session, and only its parameters tell whose. This is the definition; the scan
 * knows most such calls by their text (`scan/assembly/service-asks.ts`), and need not parse them.
 */
export function serviceAsk(record: RawRecord): RawRecord | null {
  const { userIdentity, requestParameters } = record;
  if (!isObject(userIdentity) || userIdentity.type !== "AWSService") return null;
  return isObject(requestParameters) ? requestParameters : null;
}

function isObject(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
