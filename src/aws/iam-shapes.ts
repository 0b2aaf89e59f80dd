import type {
  AttachedPolicy, GroupDetail, ManagedPolicyDetail, PolicyDetail, RoleDetail,
  ServiceLastAccessed, Tag, UserDetail,
} from "@aws-sdk/client-iam";
import type {
  Group, InlinePolicy, ManagedPolicy, Role, ServiceUse, User,
} from "../audit/identities.ts";
import { notAsked } from "../audit/part.ts";
import { decodedDocument } from "./iam-client.ts";

/** What IAM's answers are to us. Whatever it leaves out, it leaves out of all of them or none. */
export function userIn(user: UserDetail): User {
  return {
    ...inCommon(user),
    name: user.UserName ?? "",
    id: user.UserId ?? "",
    inlinePolicies: inline(user.UserPolicyList),
    groupNames: user.GroupList ?? [],
    boundaryArn: user.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    tags: tagsIn(user.Tags),
    accessKeys: notAsked("iam:ListAccessKeys"),
    serviceUse: notAsked("iam:GenerateServiceLastAccessedDetails"),
  };
}

export function groupIn(group: GroupDetail): Group {
  return {
    ...inCommon(group),
    name: group.GroupName ?? "",
    id: group.GroupId ?? "",
    inlinePolicies: inline(group.GroupPolicyList),
  };
}

export function roleIn(role: RoleDetail): Role {
  const { LastUsedDate, Region } = role.RoleLastUsed ?? {};
  return {
    ...inCommon(role),
    name: role.RoleName ?? "",
    id: role.RoleId ?? "",
    inlinePolicies: inline(role.RolePolicyList),
    trust: decodedDocument(role.AssumeRolePolicyDocument),
    boundaryArn: role.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
    tags: tagsIn(role.Tags),
    maxSessionSeconds: notAsked("iam:ListRoles"),
    lastUsed: LastUsedDate === undefined
      ? null : { at: LastUsedDate.getTime(), region: Region ?? null },
    serviceUse: notAsked("iam:GenerateServiceLastAccessedDetails"),
  };
}

export function policyIn(policy: ManagedPolicyDetail): ManagedPolicy {
  const versions = policy.PolicyVersionList ?? [];
  return {
    name: policy.PolicyName ?? "",
    id: policy.PolicyId ?? "",
    arn: policy.Arn ?? "",
    path: policy.Path ?? "/",
    createdAt: instant(policy.CreateDate),
    updatedAt: instant(policy.UpdateDate),
    document: decodedDocument(versions.find((one) => one.IsDefaultVersion)?.Document),
    defaultVersionId: policy.DefaultVersionId ?? "",
    versionCount: versions.length,
    attachmentCount: policy.AttachmentCount ?? 0,
    boundaryCount: policy.PermissionsBoundaryUsageCount ?? 0,
  };
}

export function serviceUseIn(use: ServiceLastAccessed): ServiceUse {
  return {
    service: use.ServiceNamespace ?? "",
    lastUsedAt: use.LastAuthenticated?.getTime() ?? null,
    region: use.LastAuthenticatedRegion ?? null,
    actions: (use.TrackedActionsLastAccessed ?? []).map((action) => ({
      name: action.ActionName ?? "",
      lastUsedAt: action.LastAccessedTime?.getTime() ?? null,
      region: action.LastAccessedRegion ?? null,
    })),
  };
}

interface InCommon {
  readonly Arn?: string | undefined;
  readonly Path?: string | undefined;
  readonly CreateDate?: Date | undefined;
  readonly AttachedManagedPolicies?: AttachedPolicy[] | undefined;
}

function inCommon({ Arn, Path, CreateDate, AttachedManagedPolicies }: InCommon) {
  return {
    arn: Arn ?? "",
    path: Path ?? "/",
    createdAt: instant(CreateDate),
    attachedPolicyArns: (AttachedManagedPolicies ?? []).flatMap(({ PolicyArn }) => PolicyArn ?? []),
  };
}

function inline(policies: PolicyDetail[] | undefined): InlinePolicy[] {
  return (policies ?? []).map(({ PolicyName = "", PolicyDocument }) =>
    ({ name: PolicyName, document: decodedDocument(PolicyDocument) }));
}

function tagsIn(tags: Tag[] | undefined) {
  return (tags ?? []).map(({ Key = "", Value = "" }) => ({ key: Key, value: Value }));
}

function instant(date: Date | undefined): number {
  return date?.getTime() ?? 0;
}
