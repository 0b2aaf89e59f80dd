import { z } from "zod";
import type { Told } from "../query.ts";
import { conflict, exists, missing, reading, writing, type Action, type Place } from "./action.ts";
import { arn, name, paged, paging, path, tags, tagsTold } from "./parameters.ts";
import { boundaryTold } from "./roles.ts";
import { ownerActions, ownerNamed, taggedActions } from "./owners.ts";
import { newOwner, type AccountState, type Owner, type UserState } from "./state.ts";

const who = { UserName: name(64) };
const group = { GroupName: name(128) };

export function userNamed(state: AccountState, named: string): UserState {
  ownerNamed(state, "user", named);
  return state.users.get(named) as UserState;
}

function listedUser(user: UserState) {
  return {
    Path: user.path, UserName: user.name, UserId: user.id, Arn: user.arn,
    CreateDate: user.createdAt, PasswordLastUsed: user.password?.lastUsedAt,
  };
}

function groupTold(one: Owner): Told {
  const { path: Path, name: GroupName, id: GroupId, arn: Arn, createdAt: CreateDate } = one;
  return { Path, GroupName, GroupId, Arn, CreateDate };
}

function deleteUser({ state }: Place, named: string): null {
  const user = userNamed(state, named);
  const holds = [user.inline, user.attached, user.groups].some(({ size }) => size > 0) ||
    user.keys.length > 0 || user.password !== null || user.mfaSerials.length > 0;
  if (holds) throw conflict("Cannot delete entity, must delete what belongs to it first.");
  state.users.delete(named);
  return null;
}

export const userActions: Readonly<Record<string, Action>> = {
  ...ownerActions("user"),
  ...taggedActions("user"),
  CreateUser: writing(
    {
      ...who, Path: path.default("/"), PermissionsBoundary: arn.optional(),
      Tags: tags.default([]),
    },
    ({ state, now }, { UserName, Path, PermissionsBoundary, Tags }) => {
      if (state.users.has(UserName)) throw exists(`User with name ${UserName} already exists.`);
      const made = { prefix: "AIDA", kind: "user", name: UserName, path: Path, createdAt: now };
      const user: UserState = {
        ...newOwner(state, made), groups: new Set(), keys: [], mfaSerials: [], password: null,
        boundary: PermissionsBoundary ?? null,
        tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])),
      };
      state.users.set(UserName, user);
      return { User: listedUser(user) };
    },
  ),
  GetUser: reading(who, ({ state }, { UserName }) => {
    const user = userNamed(state, UserName);
    const PermissionsBoundary = boundaryTold(user.boundary);
    return { User: { ...listedUser(user), PermissionsBoundary, Tags: tagsTold(user.tags) } };
  }),
  ListUsers: reading({ PathPrefix: z.string().default("/"), ...paging }, (place, input) => {
    const all = [...place.state.users.values()]
      .filter((user) => user.path.startsWith(input.PathPrefix));
    const { page, rest } = paged(place, all, input);
    return { Users: page.map(listedUser), ...rest };
  }),
  DeleteUser: writing(who, (place, { UserName }) => deleteUser(place, UserName)),
};

export const groupActions: Readonly<Record<string, Action>> = {
  ...ownerActions("group"),
  CreateGroup: writing(
    { ...group, Path: path.default("/") },
    ({ state, now }, { GroupName, Path }) => {
      if (state.groups.has(GroupName)) throw exists(`Group with name ${GroupName} already exists.`);
      const made = { prefix: "AGPA", kind: "group", name: GroupName, path: Path, createdAt: now };
      const one = newOwner(state, made);
      state.groups.set(GroupName, one);
      return { Group: groupTold(one) };
    },
  ),
  AddUserToGroup: writing({ ...group, ...who }, ({ state }, { GroupName, UserName }) => {
    ownerNamed(state, "group", GroupName);
    userNamed(state, UserName).groups.add(GroupName);
    return null;
  }),
  RemoveUserFromGroup: writing({ ...group, ...who }, ({ state }, { GroupName, UserName }) => {
    ownerNamed(state, "group", GroupName);
    if (userNamed(state, UserName).groups.delete(GroupName)) return null;
    throw missing(`User ${UserName} is not in group ${GroupName}.`);
  }),
  ListGroupsForUser: reading({ ...who, ...paging }, (place, input) => {
    const names = [...userNamed(place.state, input.UserName).groups].sort();
    const { page, rest } = paged(place, names, input);
    const Groups = page.map((one) => groupTold(ownerNamed(place.state, "group", one)));
    return { Groups, ...rest };
  }),
};
