import type { TrailEvent } from "../events/event.ts";
import { callerIn, denies } from "./denial.ts";
import type { Effect } from "./effects.ts";
import { graceMs } from "./life-cycle.ts";

/** What one call tells of a revocation that is in force. */
export type Observed =
  | "denied" // explicitly, as by ours
  | "succeeded" // in spite of it
  | "nothing";

/**
 * Judged by the event's own time. Only API calls tell: signing in, tools of the MCP server and what
 * services do by themselves are not authorized by the role's policies.
 *
 * @param effects of one revocation
 */
export function observe(effects: readonly Effect[], event: TrailEvent): Observed {
  if ((event.type ?? apiCall) !== apiCall) return "nothing";
  const hit = effects.filter(({ since, until }) =>
    since <= event.at && event.at < (until ?? Infinity)).filter((one) => isMeantFor(one, event));
  if (hit.length === 0) return "nothing";
  const { outcome, denial } = event.result;
  if (outcome === "denied" && denial?.kind === "explicit") {
    return hit.some((effect) => isOurs(effect, denial.policyArn)) ? "denied" : "nothing";
  }
  const isThrough = outcome === "allowed" || outcome === "dry-run";
  const isLate = hit.some(({ since }) => event.at > since + graceMs);
  return isThrough && isLate && !answersAnyway.has(event.operation) ? "succeeded" : "nothing";
}

const apiCall = "AwsApiCall";

/**
 * Needs no permission, and an explicit deny does not stop it.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
const answersAnyway: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

function isMeantFor({ of, denial }: Effect, event: TrailEvent): boolean {
  if (denial === null) return event.principal.accessKeyId === of;
  // Without a time of issue it cannot be told from one that came back under the name.
  const caller = callerIn(event);
  return (denial.issuedBefore === null || caller.issuedAt !== null) && denies(denial, caller);
}

/**
 * Denials name the policy since 2026, where it is a managed one. A key that is switched off is not
 * denied: it is not known.
 */
function isOurs({ denial, policyArn: ours }: Effect, policyArn: string | null): boolean {
  return policyArn === null ? denial !== null : policyArn === ours;
}
