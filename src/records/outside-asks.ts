import type { RawRecord } from "./record.ts";

/**
 * What was asked for in a call that no agent makes: by an AWS service on its own
 * (`userIdentity.type` is `AWSService`), or by who signs in to a role with SAML (`SAMLUser`). That
 * is, its request parameters. Null for everybody else's calls, and for calls without parameters.
 *
 * By this alone such a call is chosen: in a busy account one record in four is a service that opens
 * a workload's session, and people sign in more often than agents; only the parameters tell whose
 * session it is. This is the definition; the scan knows most calls of services by their text
 * (`scan/assembly/service-asks.ts`), and need not parse them.
 */
export function outsideAsk(record: RawRecord): RawRecord | null {
  const { userIdentity, requestParameters } = record;
  if (!isObject(userIdentity) || !callers.includes(userIdentity.type)) return null;
  return isObject(requestParameters) ? requestParameters : null;
}

const callers: readonly unknown[] = ["AWSService", "SAMLUser"];

function isObject(value: unknown): value is RawRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
