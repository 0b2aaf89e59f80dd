import type { Aim, PolicyAim } from "./aim.ts";
import type { Denial } from "./denial.ts";
import { isSameDocument } from "./document.ts";
import { written } from "./fit.ts";
import { roomIn, type Place } from "./place.ts";
import { denialsIn, holds } from "./read-document.ts";
import type { RefusalName } from "./refusal.ts";
import type { KeyStatus, PolicySeen, RoleSeen } from "./role-gate.ts";

/** What was read of one place. */
export type Standing =
  | { readonly kind: "inline"; readonly role: RoleSeen }
  | {
      readonly kind: "managed";
      readonly policy: PolicySeen;
      /** Those that it has to hang on, or that we hung it on. */
      readonly roles: readonly RoleSeen[];
      /** Others' statements in a version that was made while we wrote; null: none was. */
      readonly missed: readonly unknown[] | null;
    }
  | { readonly kind: "key"; readonly status: KeyStatus };

/** One write. */
export type Step =
  | { readonly kind: "put-role-policy"; readonly document: string }
  | { readonly kind: "delete-role-policy" }
  | { readonly kind: "create-version"; readonly document: string }
  | { readonly kind: "delete-version"; readonly id: string }
  | { readonly kind: "attach" | "detach"; readonly roleName: string }
  | { readonly kind: "set-key"; readonly status: KeyStatus };

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const versionsMax = 5;

export type Steps =
  /** None: it is as it should be. */
  | { readonly steps: readonly Step[] }
  | { readonly blocked: Extract<RefusalName, "no-room" | "foreign-policy"> };

/** From what stands to what should, in the order in which nobody is let in between. */
export function stepsTo(aim: Aim, standing: Standing): Steps {
  if (aim.kind === "policy" && standing.kind === "inline") return inlineSteps(aim, standing.role);
  if (aim.kind === "policy" && standing.kind === "managed") return managedSteps(aim, standing);
  if (aim.kind === "key" && standing.kind === "key") {
    const { status } = aim;
    const isSo = status === null || status === standing.status;
    return { steps: isSo ? [] : [{ kind: "set-key", status }] };
  }
  throw new Error(`A ${standing.kind} place was read for a ${aim.kind}.`);
}

/** Whether a place has lost what was in force there: somebody else took it out, or rewrote it. */
export function isTampered(inForce: Aim, standing: Standing): boolean {
  if (inForce.kind === "key") return standing.kind === "key" && standing.status === "Active";
  const { denials, place, attachTo } = inForce;
  switch (standing.kind) {
    case "inline": {
      const { role } = standing;
      const stands = denialsIn(ownDocument(place, role) ?? "", "inline", role.id);
      return !holds(stands, ofRole(denials, role));
    }
    case "managed": {
      const { policy, roles } = standing;
      const isOff = ({ name, attachedPolicyArns }: RoleSeen) =>
        attachTo.includes(name) && !attachedPolicyArns.includes(policy.arn);
      return roles.some(isOff) || !holds(denialsIn(policy.document, "managed", null), denials);
    }
    case "key":
      return false;
    default:
      return standing satisfies never;
  }
}

function ownDocument(place: Place, { inlinePolicies }: RoleSeen): string | null {
  if (place.carrier === "managed") return null;
  return inlinePolicies.find(({ name }) => name === place.policyName)?.document ?? null;
}

function inlineSteps(aim: PolicyAim, role: RoleSeen): Steps {
  const room = roomIn(aim.place, role);
  if (room === null) return { blocked: "foreign-policy" };
  const policy = written(ofRole(aim.denials, role), room);
  if (policy === null) return { blocked: "no-room" };
  if (isSameDocument(policy.document, ownDocument(aim.place, role))) return { steps: [] };
  return {
    steps: [policy.document === null
      ? { kind: "delete-role-policy" }
      : { kind: "put-role-policy", document: policy.document }],
  };
}

/** Sessions of a role that was deleted can do nothing: what is for them goes. */
function ofRole(denials: readonly Denial[], { id }: RoleSeen): readonly Denial[] {
  return denials.filter(({ roleId }) => roleId === id);
}

function managedSteps(
  { place, denials, attachTo, detachFrom }: PolicyAim,
  { policy, roles, missed }: Extract<Standing, { kind: "managed" }>,
): Steps {
  const room = roomIn(place, policy);
  if (room === null) return { blocked: "foreign-policy" };
  const made = written(denials, { ...room, foreign: missed ?? room.foreign });
  if (made === null) return { blocked: "no-room" };
  const isOn = (role: RoleSeen) => role.attachedPolicyArns.includes(policy.arn);
  const named = (names: readonly string[]) => roles.filter(({ name }) => names.includes(name));
  const isSo = made.document === null || isSameDocument(made.document, policy.document);
  return {
    steps: [
      ...(isSo ? [] : versionSteps(policy, made.document)),
      ...named(attachTo).filter((role) => !isOn(role))
        .map(({ name }) => ({ kind: "attach", roleName: name }) as const),
      ...named(detachFrom).filter(isOn)
        .map(({ name }) => ({ kind: "detach", roleName: name }) as const),
    ],
  };
}

function versionSteps({ versions }: PolicySeen, document: string): readonly Step[] {
  const oldest = versions.find(({ isDefault }) => !isDefault);
  const isFull = versions.length >= versionsMax && oldest !== undefined;
  return [
    ...(isFull ? [{ kind: "delete-version", id: oldest.id } as const] : []),
    { kind: "create-version", document },
  ];
}
