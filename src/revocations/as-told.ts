import { versionOf } from "./approve.ts";
import { changeKey } from "./place.ts";
import type { Change, Plan } from "./plan.ts";
import { partOf, requested, withNews, type Revocation, type Trigger } from "./revocation.ts";

/** What was in force for whom, and nothing of how it came to that; instants in ms UTC. */
export interface AsTold {
  readonly id: string;
  /** `AROA…:task-4711`, or an access key id. */
  readonly of: string;
  readonly appliedAt: number;
  readonly undoneAt: number | null;
}

const account = "111111111111";
const by = "case";
const trigger: Trigger = { by: "person", rule: null, level: null, subject: null };

/** A revocation of which that is true: what rules' cases are judged with. */
export function revocationAsTold({ id, of, appliedAt: at, undoneAt }: AsTold): Revocation {
  const change = changeOf(of, at);
  const plan: Plan = {
    target: { kind: "credential", accessKeyId: of }, changes: [change], refusals: [], hits: [],
    doesNotStop: [], wayBack: [], endsAt: null, removableAt: null,
  };
  const version = versionOf(plan, trigger, { at, policies: [] });
  const request = {
    id, target: plan.target, trigger, reason: by, requestedBy: by, requestedAt: at,
  };
  const applied = withNews(requested(request, version), {
    kind: "applied", part: partOf(version, changeKey(change)), at,
  });
  return undoneAt === null ? applied : withNews(applied, {
    kind: "undone", decision: { by, reason: by, at: undoneAt },
  });
}

function changeOf(of: string, at: number): Change {
  const [roleId = ""] = of.split(":", 1);
  if (roleId === of) {
    return {
      kind: "key", account, userName: by, accessKeyId: of, before: "Active", because: [],
    };
  }
  return {
    kind: "deny", roleArn: `arn:aws:iam::${account}:role/${by}`, widening: "none", because: [],
    place: { carrier: "inline", account, roleName: by, policyName: by },
    denials: [{ roleId, kind: "user-id", value: of, issuedBefore: at }],
    document: null, attach: false, isSeen: false,
  };
}
