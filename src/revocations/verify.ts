import type { TrailEvent } from "../events/event.ts";
import { callerIn, denies } from "./denial.ts";
import { appliedAtOf, changesOf, graceMs } from "./life-cycle.ts";
import type { Change } from "./plan.ts";
import type { Revocation } from "./revocation.ts";

/** What one call tells of a revocation that is in force. */
export type Observed =
  | "denied" // explicitly, as by ours
  | "succeeded" // in spite of it
  | "nothing";

/**
 * Judged by the event's own time. Only API calls tell: signing in, tools of the MCP server and what
 * services do by themselves are not authorized by the role's policies.
 */
export function observe(revocation: Revocation, event: TrailEvent): Observed {
  const appliedAt = appliedAtOf(revocation);
  if (appliedAt === null || event.at < appliedAt || (event.type ?? apiCall) !== apiCall) {
    return "nothing";
  }
  const hit = changesOf(revocation).filter((change) => isMeantFor(change, event));
  if (hit.length === 0) return "nothing";
  const { outcome, denial } = event.result;
  if (outcome === "denied" && denial?.kind === "explicit") {
    return hit.some((change) => isOurs(change, denial.policyArn)) ? "denied" : "nothing";
  }
  const isThrough = outcome === "allowed" || outcome === "dry-run";
  const isLate = event.at > appliedAt + graceMs;
  return isThrough && isLate && !answersAnyway.has(event.operation) ? "succeeded" : "nothing";
}

const apiCall = "AwsApiCall";

/**
 * Needs no permission, and an explicit deny does not stop it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
const answersAnyway: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

function isMeantFor(change: Change, event: TrailEvent): boolean {
  if (change.kind === "key") return event.principal.accessKeyId === change.accessKeyId;
  // Without a time of issue it cannot be told from one that came back under the name.
  const caller = callerIn(event);
  return change.denials.some((denial) =>
    (denial.issuedBefore === null || caller.issuedAt !== null) && denies(denial, caller));
}

/**
 * Denials name the policy since 2026, where it is a managed one. A key that is switched off is not
 * denied: it is not known.
 */
function isOurs(change: Change, policyArn: string | null): boolean {
  if (change.kind === "key" || policyArn === null) return change.kind === "deny";
  return change.place.carrier === "managed" && change.place.policyArn === policyArn;
}
