import { z } from "zod";
import { Refusal, type Told } from "../query.ts";
import { conflict, exists, missing, reading, writing, type Action, type Place } from "./action.ts";
import { arn, document, encoded, flag, name, paged, paging, path, versionId }
  from "./parameters.ts";
import { checkDocument } from "./policy-document.ts";
import { checkManaged, limitExceeded, quotas } from "./sizes.ts";
import { newId, type AccountState, type PolicyState, type VersionState } from "./state.ts";

const which = { PolicyArn: arn };
const isAws = ({ arn: one }: PolicyState): boolean => /^arn:[\w-]+:iam::aws:/.test(one);

export function policyAt(state: AccountState, at: string): PolicyState {
  const policy = state.policies.get(at);
  if (policy === undefined) throw missing(`Policy ${at} was not found.`);
  return policy;
}

function toChange({ state, caller }: Place, at: string): PolicyState {
  const policy = policyAt(state, at);
  if (!isAws(policy)) return policy;
  throw new Refusal(403, "AccessDenied",
    `User: ${caller} is not authorized to change ${at}: it is AWS's own.`);
}

function versionIn(policy: PolicyState, id: string): VersionState {
  const version = policy.versions.find((one) => one.id === id);
  if (version !== undefined) return version;
  throw missing(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

/** How many hold it: as a policy, as a boundary. */
export function holdersOf({ users, groups, roles }: AccountState, at: string) {
  const owners = [users, groups, roles].flatMap((map) => [...map.values()]);
  return {
    attached: owners.filter(({ attached }) => attached.has(at)).length,
    boundaries: owners.filter(({ boundary }) => boundary === at).length,
  };
}

export function policyTold(state: AccountState, policy: PolicyState) {
  const { attached, boundaries } = holdersOf(state, policy.arn);
  return {
    PolicyName: policy.name, PolicyId: policy.id, Arn: policy.arn, Path: policy.path,
    DefaultVersionId: policy.defaultVersionId, AttachmentCount: attached,
    PermissionsBoundaryUsageCount: boundaries, IsAttachable: true,
    CreateDate: policy.createdAt, UpdateDate: policy.updatedAt,
  };
}

export function versionTold(policy: PolicyState, version: VersionState, isWhole: boolean): Told {
  return {
    ...(isWhole ? { Document: encoded(version.document) } : {}),
    VersionId: version.id, IsDefaultVersion: version.id === policy.defaultVersionId,
    CreateDate: version.createdAt,
  };
}

function addVersion(policy: PolicyState, text: string, createdAt: Date): VersionState {
  policy.versionCount += 1;
  const version = { id: `v${policy.versionCount}`, document: text, createdAt };
  policy.versions.push(version);
  policy.updatedAt = createdAt;
  return version;
}

/** As it is made, with its first version. */
export function newPolicy(
  state: AccountState,
  { at, text, createdAt }: { readonly at: string; readonly text: string; readonly createdAt: Date },
): PolicyState {
  const [, where = "/", called = ""] = /:policy(\/|\/.+\/)([^/]+)$/.exec(at) ?? [];
  const policy: PolicyState = {
    name: called, id: newId(state, "ANPA"), arn: at, path: where, createdAt, updatedAt: createdAt,
    versions: [], defaultVersionId: "v1", versionCount: 0,
  };
  addVersion(policy, text, createdAt);
  state.policies.set(at, policy);
  return policy;
}

const versionActions: Readonly<Record<string, Action>> = {
  CreatePolicyVersion: writing(
    { ...which, PolicyDocument: document, SetAsDefault: flag.default(false) },
    (place, { PolicyArn, PolicyDocument, SetAsDefault }) => {
      const policy = toChange(place, PolicyArn);
      checkDocument(PolicyDocument, "identity");
      checkManaged(PolicyDocument);
      if (policy.versions.length >= quotas.policyVersions) {
        throw limitExceeded("A managed policy can have up to 5 versions. Before you create a " +
          "new version, you must delete an existing version.");
      }
      const version = addVersion(policy, PolicyDocument, place.now);
      if (SetAsDefault) policy.defaultVersionId = version.id;
      return { PolicyVersion: versionTold(policy, version, false) };
    },
  ),
  GetPolicyVersion: reading({ ...which, VersionId: versionId }, ({ state }, input) => {
    const policy = policyAt(state, input.PolicyArn);
    return { PolicyVersion: versionTold(policy, versionIn(policy, input.VersionId), true) };
  }),
  ListPolicyVersions: reading({ ...which, ...paging }, (place, input) => {
    const policy = policyAt(place.state, input.PolicyArn);
    const { page, rest } = paged(place, policy.versions.toReversed(), input);
    return { Versions: page.map((version) => versionTold(policy, version, false)), ...rest };
  }),
  DeletePolicyVersion: writing({ ...which, VersionId: versionId }, (place, input) => {
    const policy = toChange(place, input.PolicyArn);
    const version = versionIn(policy, input.VersionId);
    if (version.id === policy.defaultVersionId) {
      throw conflict("Cannot delete the default version of a policy.");
    }
    policy.versions.splice(policy.versions.indexOf(version), 1);
    return null;
  }),
  SetDefaultPolicyVersion: writing({ ...which, VersionId: versionId }, (place, input) => {
    const policy = toChange(place, input.PolicyArn);
    policy.defaultVersionId = versionIn(policy, input.VersionId).id;
    return null;
  }),
};

export const policyActions: Readonly<Record<string, Action>> = {
  ...versionActions,
  CreatePolicy: writing(
    { PolicyName: name(128), PolicyDocument: document, Path: path.default("/") },
    ({ state, now }, { PolicyName, PolicyDocument, Path }) => {
      const at = `arn:aws:iam::${state.id}:policy${Path}${PolicyName}`;
      if (state.policies.has(at)) {
        throw exists(`A policy called ${PolicyName} already exists. Duplicate names are not ` +
          "allowed.");
      }
      checkDocument(PolicyDocument, "identity");
      checkManaged(PolicyDocument);
      const policy = newPolicy(state, { at, text: PolicyDocument, createdAt: now });
      return { Policy: policyTold(state, policy) };
    },
  ),
  GetPolicy: reading(which, ({ state }, { PolicyArn }) => ({
    Policy: policyTold(state, policyAt(state, PolicyArn)),
  })),
  ListPolicies: reading(
    {
      Scope: z.enum(["All", "AWS", "Local"]).default("All"), OnlyAttached: flag.default(false),
      PathPrefix: z.string().default("/"), ...paging,
    },
    (place, input) => {
      const { Scope, OnlyAttached, PathPrefix } = input;
      const all = [...place.state.policies.values()]
        .filter((policy) => Scope === "All" || isAws(policy) === (Scope === "AWS"))
        .filter((policy) => policy.path.startsWith(PathPrefix))
        .filter((policy) => !OnlyAttached || holdersOf(place.state, policy.arn).attached > 0);
      const { page, rest } = paged(place, all, input);
      return { Policies: page.map((policy) => policyTold(place.state, policy)), ...rest };
    },
  ),
  DeletePolicy: writing(which, (place, { PolicyArn }) => {
    const policy = toChange(place, PolicyArn);
    const { attached, boundaries } = holdersOf(place.state, PolicyArn);
    if (attached + boundaries > 0) {
      throw conflict("Cannot delete a policy attached to entities.");
    }
    if (policy.versions.length > 1) {
      throw conflict("This policy has more than one version. Before you delete a policy, you " +
        "must delete the policy's versions.");
    }
    place.state.policies.delete(PolicyArn);
    return null;
  }),
};
