import { z } from "zod";
import type { Told } from "../query.ts";
import { reading, type Action } from "./action.ts";
import { attachedTold } from "./owners.ts";
import { encoded, list, paged, paging, tagsTold } from "./parameters.ts";
import { holdersOf, policyTold, versionTold } from "./policies.ts";
import { boundaryTold, lastUsedTold } from "./roles.ts";
import { quotas } from "./sizes.ts";
import type { AccountState, Owner, PolicyState, RoleState, UserState } from "./state.ts";

const kinds = ["User", "Group", "Role", "LocalManagedPolicy", "AWSManagedPolicy"] as const;
type Kind = (typeof kinds)[number];

function policies(owner: Owner) {
  return {
    Path: owner.path, Arn: owner.arn, CreateDate: owner.createdAt,
    AttachedManagedPolicies: [...owner.attached].sort().map(attachedTold),
  };
}

function inline({ inline: held }: Owner): Told {
  return [...held].map(([PolicyName, text]) => ({ PolicyName, PolicyDocument: encoded(text) }));
}

function userTold(user: UserState): Told {
  return {
    ...policies(user), UserName: user.name, UserId: user.id, UserPolicyList: inline(user),
    GroupList: [...user.groups].sort(), PermissionsBoundary: boundaryTold(user.boundary),
    Tags: tagsTold(user.tags),
  };
}

function groupTold(group: Owner): Told {
  return {
    ...policies(group), GroupName: group.name, GroupId: group.id, GroupPolicyList: inline(group),
  };
}

/** Without MaxSessionDuration: only ListRoles and GetRole tell that. */
function roleTold(role: RoleState): Told {
  return {
    ...policies(role), RoleName: role.name, RoleId: role.id, RolePolicyList: inline(role),
    AssumeRolePolicyDocument: encoded(role.trust), InstanceProfileList: [],
    PermissionsBoundary: boundaryTold(role.boundary), Tags: tagsTold(role.tags),
    RoleLastUsed: lastUsedTold(role),
  };
}

function detailsTold(state: AccountState, policy: PolicyState): Told {
  const PolicyVersionList = policy.versions.toReversed()
    .map((version) => versionTold(policy, version, true));
  return { ...policyTold(state, policy), PolicyVersionList };
}

interface Detail {
  readonly list: "UserDetailList" | "GroupDetailList" | "RoleDetailList" | "Policies";
  readonly kind: Kind;
  readonly told: () => Told;
}

/** Of AWS's own policies, those that somebody holds. */
function detailsOf(state: AccountState): readonly Detail[] {
  const { users, groups, roles } = state;
  const held = [...state.policies.values()].flatMap((policy): Detail[] => {
    const isLocal = !policy.arn.startsWith("arn:aws:iam::aws:");
    const { attached, boundaries } = holdersOf(state, policy.arn);
    if (!isLocal && attached + boundaries === 0) return [];
    const kind = isLocal ? "LocalManagedPolicy" : "AWSManagedPolicy";
    return [{ list: "Policies", kind, told: () => detailsTold(state, policy) }];
  });
  return [
    ...[...users.values()].map((one): Detail =>
      ({ list: "UserDetailList", kind: "User", told: () => userTold(one) })),
    ...[...groups.values()].map((one): Detail =>
      ({ list: "GroupDetailList", kind: "Group", told: () => groupTold(one) })),
    ...[...roles.values()].map((one): Detail =>
      ({ list: "RoleDetailList", kind: "Role", told: () => roleTold(one) })),
    ...held,
  ];
}

export const accountActions: Readonly<Record<string, Action>> = {
  GetAccountAuthorizationDetails: reading(
    { Filter: list(z.enum(kinds)).default([]), ...paging },
    (place, { Filter, ...wanted }) => {
      const all = detailsOf(place.state)
        .filter(({ kind }) => Filter.length === 0 || Filter.includes(kind));
      const { page, rest } = paged(place, all, wanted);
      const of = (wantedList: Detail["list"]): Told =>
        page.filter(({ list: one }) => one === wantedList).map(({ told }) => told());
      return {
        UserDetailList: of("UserDetailList"), GroupDetailList: of("GroupDetailList"),
        RoleDetailList: of("RoleDetailList"), Policies: of("Policies"), ...rest,
      };
    },
  ),
  GetAccountSummary: reading({}, ({ state }) => {
    const users = [...state.users.values()];
    const own = [...state.policies.keys()].filter((at) => !at.startsWith("arn:aws:iam::aws:"));
    return {
      SummaryMap: new Map<string, number>([
        ["Users", users.length], ["Groups", state.groups.size], ["Roles", state.roles.size],
        ["Policies", own.length], ["Providers", state.oidc.size + state.saml.size],
        ["MFADevices", users.reduce((sum, { mfaSerials }) => sum + mfaSerials.length, 0)],
        ["AccountMFAEnabled", 1], ["AccountAccessKeysPresent", 0],
        ["AccessKeysPerUserQuota", quotas.accessKeys],
        ["AttachedPoliciesPerRoleQuota", quotas.attachments],
        ["PolicySizeQuota", quotas.managedPolicy], ["AssumeRolePolicySizeQuota", quotas.trust],
        ["VersionsPerPolicyQuota", quotas.policyVersions],
      ]),
    };
  }),
};
