import type { ResponseConfig } from "../config/schema.ts";
import { readRoleArn } from "../events/arn.ts";
import { denialsAt, isGranted } from "../revocations/life-cycle.ts";
import type { Denial } from "../revocations/denial.ts";
import type { Widening } from "../revocations/fit.ts";
import type { Known, Means } from "../revocations/known.ts";
import { userLifeMs } from "../revocations/lifetime.ts";
import { planFor } from "../revocations/make-plan.ts";
import { changeKey, type Seen } from "../revocations/place.ts";
import type { Change, Plan } from "../revocations/plan.ts";
import { roleKey } from "../revocations/role-name.ts";
import type { KeyStatus, PolicySeen, RoleGate, RoleSeen } from "../revocations/role-gate.ts";
import type { RevocationStore } from "../revocations/store.ts";
import type { Target } from "../revocations/target.ts";
import { insist, type Patience } from "./insist.ts";

export interface Sight extends Patience {
  readonly store: RevocationStore;
  /** Null: AWS is not asked, and plans say so. */
  readonly gateOf: ((account: string) => RoleGate) | null;
  readonly config: ResponseConfig;
  /** Roles that the program works under. */
  readonly ownRoles: readonly string[];
}

/** A plan, and what it was made from. */
export interface Looked {
  readonly plan: Plan;
  readonly known: Known;
}

/**
 * Plans twice: first to learn whom it concerns, then by what AWS shows of those. Changes nothing.
 *
 * @param asOf ms UTC
 */
export async function look(
  target: Target,
  asOf: number,
  sight: Sight & { readonly from?: Widening },
): Promise<Looked> {
  const { store, from = "none" } = sight;
  const means = { ...meansOf(sight), from };
  const sessions = await store.sessionsAround(target, asOf - userLifeMs);
  const blind: Known = {
    sessions, asOf, granted: new Map(),
    seen: { roles: new Map(), policies: new Map(), keys: new Map() },
  };
  // A managed policy may turn out to be missing or full: then it is the role's own.
  const concerned = (known: Known) => [means, { ...means, carrier: "inline" } as const]
    .flatMap((each) => planFor(target, known, each).changes);
  const seen = await see(target, concerned(blind), sight);
  const granted = await grantedAt(concerned({ ...blind, seen }), asOf, store);
  const known: Known = { ...blind, seen, granted };
  return { plan: planFor(target, known, means), known };
}

export function meansOf({ config, ownRoles }: Pick<Sight, "config" | "ownRoles">): Means {
  const { carrier, policyName, responderRoles, protectedRoles, managementAccount } = config;
  const assumed = config.accounts.map(({ assumeRole }) => assumeRole.roleArn);
  return {
    carrier,
    policyName,
    untouchable: {
      protectedRoles,
      responderRoles: [...responderRoles, ...assumed, ...ownRoles],
      managementAccount: managementAccount ?? null,
    },
  };
}

async function grantedAt(
  changes: readonly Change[],
  asOf: number,
  store: RevocationStore,
): Promise<ReadonlyMap<string, readonly Denial[]>> {
  const granted = new Map<string, readonly Denial[]>();
  for (const key of new Set(changes.map(changeKey))) {
    const standing = (await store.revocationsAt(key)).filter((one) => isGranted(one, asOf));
    granted.set(key, standing.flatMap((one) => denialsAt(one, key)));
  }
  return granted;
}

async function see(
  target: Target,
  changes: readonly Change[],
  { gateOf, ...patience }: Sight,
): Promise<Seen> {
  const roles = new Map<string, RoleSeen | null>();
  const policies = new Map<string, PolicySeen | null>();
  const keys = new Map<string, KeyStatus | null>();
  if (gateOf === null) return { roles, policies, keys };
  const roleArns = changes.flatMap((change) => change.kind === "deny" ? change.roleArn : []);
  for (const arn of target.kind === "role" ? [...roleArns, target.arn] : roleArns) {
    const { account, name } = readRoleArn(arn) ?? {};
    if (account === undefined || name === undefined || roles.has(roleKey(arn))) continue;
    roles.set(roleKey(arn), await insist(() => gateOf(account).role(name), patience));
  }
  for (const change of changes) {
    if (change.kind === "key") {
      const { account, userName, accessKeyId } = change;
      const ask = () => gateOf(account).accessKey(userName, accessKeyId);
      keys.set(accessKeyId, await insist(ask, patience));
    } else if (change.place.carrier === "managed" && !policies.has(change.place.policyArn)) {
      const { account, policyArn } = change.place;
      policies.set(policyArn, await insist(() => gateOf(account).policy(policyArn), patience));
    }
  }
  return { roles, policies, keys };
}
