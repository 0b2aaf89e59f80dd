import type { Aim } from "../revocations/aim.ts";
import { foreignIn, isSameDocument } from "../revocations/document.ts";
import type { PolicySeen, RoleGate } from "../revocations/role-gate.ts";
import type { Standing } from "../revocations/steps.ts";

/** What was read before the last write, and the policy that was written; null: none was. */
export interface Before {
  readonly standing: Standing;
  readonly document: string | null;
}

/** Null: the role, policy or key does not exist. */
export async function readPlace(
  aim: Aim,
  gate: RoleGate,
  before: Before | null,
): Promise<Standing | null> {
  if (aim.kind === "key") {
    const status = await gate.accessKey(aim.change.userName, aim.change.accessKeyId);
    return status === null ? null : { kind: "key", status };
  }
  const { place, attachTo, detachFrom } = aim;
  if (place.carrier === "inline") {
    const role = await gate.role(place.roleName);
    return role === null ? null : { kind: "inline", role };
  }
  const policy = await gate.policy(place.policyArn);
  if (policy === null) return null;
  const roles = [];
  for (const name of [...attachTo, ...detachFrom]) {
    const role = await gate.role(name);
    if (role !== null) roles.push(role);
  }
  return { kind: "managed", policy, roles, missed: await missedIn(policy, before, gate) };
}

/**
 * Statements of others as the newest version has them that came between our reading and our
 * writing, and that ours has put out of force; null: none came.
 */
async function missedIn(
  { arn, versions }: PolicySeen,
  before: Before | null,
  gate: RoleGate,
): Promise<readonly unknown[] | null> {
  if (before?.standing.kind !== "managed") return null;
  const known = new Set(before.standing.policy.versions.map(({ id }) => id));
  const between = versions.filter(({ id, isDefault }) => !isDefault && !known.has(id));
  for (const { id } of between.toReversed()) {
    const document = await gate.policyVersion(arn, id);
    if (document !== null && !isSameDocument(document, before.document)) return foreignIn(document);
  }
  return null;
}
