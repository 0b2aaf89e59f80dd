import { readDenial } from "./denial.ts";
import { fieldsOf, textOf, truthOf, type Fields } from "./field.ts";

/** How a call ended. A dry run is EC2's `DryRunOperation`: it would have been allowed. */
export interface EventResult {
  readonly outcome: "allowed" | "denied" | "failed" | "dry-run";
  readonly errorCode: string | null;
  /** As logged, at most 1 KB. */
  readonly errorMessage: string | null;
  readonly denial: Denial | null;
}

export interface Denial {
  /** `unknown` where the service logs a bare "Access Denied" (S3). */
  readonly kind: "implicit" | "explicit" | "unknown";
  /** e.g. `identity-based`, `service control`, `permissions boundary`; null when not told. */
  readonly policyType: string | null;
  readonly policyArn: string | null;
  /** The IAM action and resource named by the message. */
  readonly action: string | null;
  readonly resource: string | null;
}

/**
 * The result of a record's call.
 *
 * The error stands in `errorCode` and `errorMessage`; GuardDuty, EKS and others put the message
 * into `responseElements.message`, and some put both there. A sign-in that did not succeed says so
 * in `responseElements` (`{"ConsoleLogin": "Failure"}`) or, for OAuth, in
 * `additionalEventData.success`: it counts as failed, not as denied, because no policy denied it.
 * See `errorCode` on AWS's page "CloudTrail record contents".
 */
export function readResult(record: Fields): EventResult {
  const hasError = typeof record.errorCode === "string" || typeof record.errorMessage === "string";
  if (!hasError && !isFields(record.responseElements) && !isFields(record.additionalEventData)) {
    return allowed;
  }
  const response = fieldsOf(record.responseElements);
  const errorCode = cut(record.errorCode) ?? cut(response.errorCode);
  if (errorCode === null && cut(record.errorMessage) === null) {
    return signInFailed(record, response) ? { ...allowed, outcome: "failed" } : allowed;
  }
  const { errorMessage: inResponse, message } = response;
  const errorMessage = cut(record.errorMessage) ?? cut(inResponse) ?? cut(message);
  const outcome = errorCode === null ? "failed" : outcomeOf(errorCode);
  const denial = outcome === "denied" ? readDenial(errorMessage) : null;
  return { outcome, errorCode, errorMessage, denial };
}

const allowed: EventResult = {
  outcome: "allowed",
  errorCode: null,
  errorMessage: null,
  denial: null,
};

function isFields(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

/** CloudTrail's own limit for both fields; what comes longer is cut here. */
const errorLengthMax = 1024;

function cut(value: unknown): string | null {
  return textOf(value)?.slice(0, errorLengthMax) ?? null;
}

/**
 * EC2 prefixes all its codes with `Client.` or `Server.`; other services log either of several
 * spellings over time, so denials are told by family. Throttling, missing resources and bad
 * parameters are failures.
 */
function outcomeOf(errorCode: string): "denied" | "failed" | "dry-run" {
  const code = errorCode.replace(/^(?:Client|Server)\./, "");
  if (code === "DryRunOperation" || code === "DryRunOperationException") return "dry-run";
  return denialFamily.test(code) ? "denied" : "failed";
}

const denialFamily =
  /access_?denied|unauthori[sz]ed|forbidden|not_?authori[sz]ed|authfailure|authorizationerror/i;

function signInFailed(record: Fields, response: Fields): boolean {
  if (record.eventSource !== "signin.amazonaws.com") return false;
  const name = typeof record.eventName === "string" ? record.eventName : "";
  const said = Object.hasOwn(response, name) ? response[name] : null;
  return said === "Failure" || truthOf(fieldsOf(record.additionalEventData).success) === false;
}
