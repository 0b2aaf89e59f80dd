import type { Denial } from "../../src/revocations/denial.ts";
import type { Known, Means } from "../../src/revocations/known.ts";
import { planFor } from "../../src/revocations/make-plan.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import { roleKey } from "../../src/revocations/role-name.ts";
import type { PolicySeen, RoleSeen } from "../../src/revocations/role-gate.ts";
import type { Target } from "../../src/revocations/target.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at } from "../builders/event.ts";
import { contextOf } from "../builders/role-session.ts";
import { isDenied } from "../iam/evaluate.ts";

export const policyName = "TrailwardenSessionDeny";
export const policyArn = `arn:aws:iam::111111111111:policy/${policyName}`;

export interface Case {
  readonly sessions: readonly Session[];
  readonly roles?: readonly RoleSeen[];
  readonly policies?: readonly PolicySeen[];
  readonly granted?: Known["granted"];
  /** Seconds after ten. */
  readonly now?: number;
  readonly means?: Partial<Means> & { readonly from?: "role-wide" };
}

/** A plan ten minutes after ten, inline, with nothing declared, but for what the case is about. */
export function planned(target: Target, of: Case): Plan {
  const { sessions, roles = [], policies = [], granted = new Map(), now = 600, means } = of;
  const seen = {
    roles: new Map(roles.map((role) => [roleKey(role.arn), role])),
    policies: new Map(policies.map((policy) => [policy.arn, policy])),
    keys: new Map([["AKIAX", "Active"] as const]),
  };
  return planFor(target, { sessions, seen, granted, asOf: at(now) }, {
    carrier: "inline", policyName, untouchable: nothingDeclared, ...means,
  });
}

export const nothingDeclared: Means["untouchable"] = {
  responderRoles: [], protectedRoles: [], managementAccount: null,
};

/** Which sessions the plan's policies deny, by IAM's own rules; inline ones on their role alone. */
export function deniedBy(plan: Plan, sessions: readonly Session[]): readonly string[] {
  return sessions.filter((session) => isDenied(documentsOn(plan, session), contextOf(session)))
    .map(({ id }) => id);
}

function documentsOn({ changes }: Plan, { role }: Session): readonly string[] {
  return changes.flatMap((change) => {
    if (change.kind === "key" || change.document === null) return [];
    const isOn = change.place.carrier === "managed" || change.roleArn === role?.arn;
    return isOn ? [change.document] : [];
  });
}

export function denialsOf({ changes }: Plan): readonly Denial[] {
  return changes.flatMap((change) => change.kind === "deny" ? change.denials : []);
}
