import { z } from "zod";
import { Refusal, type Told } from "../query.ts";
import { conflict, exists, reading, writing, type Action } from "./action.ts";
import {
  arn, document, encoded, name, paged, paging, path, tags, tagsTold, whole,
} from "./parameters.ts";
import { checkModifiable, ownerActions, ownerNamed, taggedActions } from "./owners.ts";
import { checkDocument } from "./policy-document.ts";
import { checkTrust } from "./sizes.ts";
import { newOwner, type AccountState, type RoleState } from "./state.ts";

const who = { RoleName: name(64) };
const seconds = whole(3600, 43_200);
const words = z.string().max(1000);

export function roleNamed(state: AccountState, named: string): RoleState {
  ownerNamed(state, "role", named);
  return state.roles.get(named) as RoleState;
}

/** What both ListRoles and GetRole tell. */
function listedRole(role: RoleState) {
  return {
    Path: role.path, RoleName: role.name, RoleId: role.id, Arn: role.arn,
    CreateDate: role.createdAt, AssumeRolePolicyDocument: encoded(role.trust),
    Description: role.description, MaxSessionDuration: role.maxSessionSeconds,
  };
}

export function lastUsedTold({ lastUsed }: RoleState): Told {
  return lastUsed === null ? {} : { LastUsedDate: lastUsed.at, Region: lastUsed.region };
}

export function boundaryTold(boundary: string | null): Told {
  return boundary === null ? null
    : { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundary };
}

function wholeRole(role: RoleState): Told {
  return {
    ...listedRole(role), PermissionsBoundary: boundaryTold(role.boundary),
    Tags: tagsTold(role.tags), RoleLastUsed: lastUsedTold(role),
  };
}

export const roleActions: Readonly<Record<string, Action>> = {
  ...ownerActions("role"),
  ...taggedActions("role"),
  CreateRole: writing(
    {
      ...who, AssumeRolePolicyDocument: document, Path: path.default("/"),
      Description: words.optional(), MaxSessionDuration: seconds.default(3600),
      PermissionsBoundary: arn.optional(), Tags: tags.default([]),
    },
    ({ state, now }, input) => {
      const { RoleName, AssumeRolePolicyDocument, Path } = input;
      if (/^\/aws-(?:service-role|reserved)\//.test(Path)) {
        throw new Refusal(400, "ValidationError", `The path ${Path} is reserved for AWS.`);
      }
      if (state.roles.has(RoleName)) throw exists(`Role with name ${RoleName} already exists.`);
      checkDocument(AssumeRolePolicyDocument, "trust");
      checkTrust(AssumeRolePolicyDocument);
      const made = { prefix: "AROA", kind: "role", name: RoleName, path: Path, createdAt: now };
      const role: RoleState = {
        ...newOwner(state, made), trust: AssumeRolePolicyDocument,
        description: input.Description ?? null, maxSessionSeconds: input.MaxSessionDuration,
        boundary: input.PermissionsBoundary ?? null, lastUsed: null,
        tags: new Map(input.Tags.map(({ Key, Value }) => [Key, Value])),
      };
      state.roles.set(RoleName, role);
      return { Role: wholeRole(role) };
    },
  ),
  CreateServiceLinkedRole: writing(
    { AWSServiceName: z.string().regex(/^[\w.-]+$/), Description: words.optional() },
    ({ state, now }, { AWSServiceName, Description }) => {
      const RoleName = `AWSServiceRoleFor${AWSServiceName.split(".")[0] ?? ""}`;
      if (state.roles.has(RoleName)) {
        throw new Refusal(400, "InvalidInput",
          `Service role name ${RoleName} has been taken in this account`);
      }
      const path = `/aws-service-role/${AWSServiceName}/`;
      const made = { prefix: "AROA", kind: "role", name: RoleName, path, createdAt: now };
      const Statement = [
        { Effect: "Allow", Principal: { Service: AWSServiceName }, Action: "sts:AssumeRole" },
      ];
      const role: RoleState = {
        ...newOwner(state, made), trust: JSON.stringify({ Version: "2012-10-17", Statement }),
        description: Description ?? null, maxSessionSeconds: 3600, lastUsed: null,
      };
      state.roles.set(RoleName, role);
      return { Role: wholeRole(role) };
    },
  ),
  GetRole: reading(who, ({ state }, { RoleName }) => ({
    Role: wholeRole(roleNamed(state, RoleName)),
  })),
  ListRoles: reading({ PathPrefix: z.string().default("/"), ...paging }, (place, input) => {
    const all = [...place.state.roles.values()]
      .filter((role) => role.path.startsWith(input.PathPrefix));
    const { page, rest } = paged(place, all, input);
    return { Roles: page.map(listedRole), ...rest };
  }),
  UpdateRole: writing(
    { ...who, Description: words.optional(), MaxSessionDuration: seconds.optional() },
    ({ state }, { RoleName, Description, MaxSessionDuration }) => {
      const role = roleNamed(state, RoleName);
      checkModifiable(role);
      role.description = Description ?? role.description;
      role.maxSessionSeconds = MaxSessionDuration ?? role.maxSessionSeconds;
      return {};
    },
  ),
  UpdateAssumeRolePolicy: writing(
    { ...who, PolicyDocument: document },
    ({ state }, { RoleName, PolicyDocument }) => {
      const role = roleNamed(state, RoleName);
      checkModifiable(role);
      checkDocument(PolicyDocument, "trust");
      checkTrust(PolicyDocument);
      role.trust = PolicyDocument;
      return null;
    },
  ),
  DeleteRole: writing(who, ({ state }, { RoleName }) => {
    const role = roleNamed(state, RoleName);
    checkModifiable(role);
    if (role.inline.size > 0) throw conflict("Cannot delete entity, must delete policies first.");
    if (role.attached.size > 0) {
      throw conflict("Cannot delete entity, must detach all policies first.");
    }
    state.roles.delete(RoleName);
    return null;
  }),
};
