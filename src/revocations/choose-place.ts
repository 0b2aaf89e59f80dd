import { readRoleArn } from "../events/arn.ts";
import type { Means } from "./known.ts";
import { attachmentsMax, seenRole, type Place, type Seen } from "./place.ts";
import type { PolicySeen, RoleSeen } from "./role-gate.ts";

export interface PlaceChoice {
  readonly place: Place;
  /** Whether the policy has to be attached to the role first. */
  readonly attach: boolean;
  /** Why it is not where the config would have it; null: it is. */
  readonly because: string | null;
}

/** Where a role's denials may go, the place that the config would have first. */
export function placesFor(
  roleArn: string,
  { carrier, policyName }: Means,
  seen: Seen,
): readonly PlaceChoice[] {
  const { account = "", name = "", partition = "aws" } = readRoleArn(roleArn) ?? {};
  const inline = (because: string | null): PlaceChoice => ({
    place: { carrier: "inline", account, roleName: name, policyName }, attach: false, because,
  });
  if (carrier === "inline") return [inline(null)];
  const policyArn = `arn:${partition}:iam::${account}:policy/${policyName}`;
  const place: Place = { carrier: "managed", account, policyArn };
  if (seen.policies.get(policyArn) === null) return [inline(`There is no ${policyArn}.`)];
  const attached = seenRole(seen, roleArn)?.attachedPolicyArns;
  const attach = attached !== undefined && !attached.includes(policyArn);
  if (attach && attached.length >= attachmentsMax) {
    return [inline(`The role has ${attached.length} policies attached, and may have no more.`)];
  }
  return [{ place, attach, because: null }, inline(`${policyArn} has no room for it.`)];
}

/** What is there of a place. */
export function standing(
  place: Place,
  { policies }: Seen,
  role: RoleSeen | null | undefined,
): RoleSeen | PolicySeen | null {
  return place.carrier === "inline" ? role ?? null : policies.get(place.policyArn) ?? null;
}
