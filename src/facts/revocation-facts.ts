import type { Config } from "../config/schema.ts";
import { readRoleArn } from "../events/arn.ts";
import type { TrailEvent } from "../events/event.ts";
import { revokedAt, type RevocationTie } from "../sessions/revocation-tie.ts";
import type { Call, Fact, FactContext, OfSession } from "./fact.ts";
import { textAt } from "./fields.ts";

/**
 * Facts of what our revocations took: of the first that was in force when the call was made. Only
 * API calls are authorized by policies of roles: for all else they are absent.
 */
export const revocationFacts: readonly Fact[] = [
  {
    name: "revocation.id", type: "text", unit: null,
    meaning: "The revocation that had taken access from this call's session or key.",
    isOfSession: isUntouched,
    of: (context) => revoked(context)?.revocationId ?? null,
  },
  {
    name: "revocation.applied_ago_seconds", type: "number", unit: "seconds",
    meaning: "How long before this call it was read back from IAM as in force.",
    isOfSession: isUntouched,
    of: (context) => {
      const tie = revoked(context);
      return tie === null ? null : (context.event.at - tie.since) / 1000;
    },
  },
  {
    name: "event.targets_our_policy", type: "truth", unit: null,
    meaning: "Changes, takes off or deletes a policy named as the config's response.policyName.",
    ofCalls: { are: changesPolicy, otherwise: false },
    of: ({ event, config }) => targetsOurs(event, config.response.policyName),
  },
  {
    name: "event.by_responder", type: "truth", unit: null,
    meaning: "Made by a role that the config names as our own: of response.responderRoles, " +
      "response.accounts and aws.assumeRole.",
    of: ({ event, config }) => isResponder(event, config),
  },
];

/** Most sessions are nobody's to revoke. */
function isUntouched({ session }: OfSession): boolean {
  return (session?.revocations ?? []).length === 0;
}

function revoked({ event, session }: FactContext): RevocationTie | null {
  const { type, at, principal: { accessKeyId } } = event;
  if ((type ?? "AwsApiCall") !== "AwsApiCall") return null;
  return revokedAt(session?.revocations ?? [], { at, accessKeyId });
}

/** Of what stands in a role, and of what is attached to it; attaching takes nothing away. */
const inlineChanges = new Set(["iam:PutRolePolicy", "iam:DeleteRolePolicy"]);
const managedChanges = new Set([
  "iam:DetachRolePolicy", "iam:DeletePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicyVersion",
  "iam:SetDefaultPolicyVersion",
]);

function changesPolicy({ operation }: Call): boolean {
  return inlineChanges.has(operation) || managedChanges.has(operation);
}

/** Of a denied call only its message tells the resource: that of an inline change is the role. */
function targetsOurs(event: TrailEvent, policyName: string): boolean {
  if (inlineChanges.has(event.operation)) {
    return textAt(event.record, "requestParameters.policyName") === policyName;
  }
  if (!managedChanges.has(event.operation)) return false;
  const arn = textAt(event.record, "requestParameters.policyArn") ??
    event.result.denial?.resource ?? "";
  return arn.slice(arn.lastIndexOf("/") + 1) === policyName;
}

/** Roles by account and name: a session's record may leave the path out. */
function isResponder({ principal: { role } }: TrailEvent, { response, aws }: Config): boolean {
  const own = [
    ...response.responderRoles,
    ...[...response.accounts, aws].flatMap(({ assumeRole }) => assumeRole?.roleArn ?? []),
  ];
  return role !== null && own.map(readRoleArn).some((one) =>
    one !== null && one.account === role.account && one.name === role.name);
}
