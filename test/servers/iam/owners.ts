import { z } from "zod";
import { Refusal } from "../query.ts";
import { missing, reading, writing, type Action, type Place } from "./action.ts";
import { arn, document, encoded, list, name, paged, paging, tags, tagsTold } from "./parameters.ts";
import { checkDocument } from "./policy-document.ts";
import { checkInline, limitExceeded, quotas } from "./sizes.ts";
import type { AccountState, Owner } from "./state.ts";

type Kind = "role" | "user" | "group";
const titles = { role: "Role", user: "User", group: "Group" } as const;
const nameMax = { role: 64, user: 64, group: 128 } as const;

export function ownerNamed(state: AccountState, kind: Kind, named: string): Owner {
  const owner = { role: state.roles, user: state.users, group: state.groups }[kind].get(named);
  if (owner !== undefined) return owner;
  throw missing(`The ${kind} with name ${named} cannot be found.`);
}

/**
 * Roles of services and of IAM Identity Center are AWS's to change.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html
 */
export function checkModifiable({ path, name: named }: Owner): void {
  if (!path.startsWith("/aws-service-role/") && !path.startsWith("/aws-reserved/")) return;
  throw new Refusal(400, "UnmodifiableEntity",
    `Cannot perform the operation on the protected role '${named}' - ` +
    "this role is only modifiable by AWS");
}

/** A name under the kind's own parameter: `RoleName`. */
function nameIn(kind: Kind, input: Readonly<Record<string, unknown>>): string {
  return String(input[`${titles[kind]}Name`]);
}

function toChange({ state }: Place, kind: Kind, named: string): Owner {
  const owner = ownerNamed(state, kind, named);
  checkModifiable(owner);
  return owner;
}

/** What can be done alike to roles, users and groups: their inline and attached policies. */
export function ownerActions(kind: Kind): Readonly<Record<string, Action>> {
  const title = titles[kind];
  return { ...inlineActions(kind, title), ...attachActions(kind, title) };
}

function inlineActions(kind: Kind, title: string): Readonly<Record<string, Action>> {
  const key = `${title}Name`;
  const who = { [key]: name(nameMax[kind]) };
  const one = { ...who, PolicyName: name(128) };
  const documentIn = (owner: Owner, policyName: string): string => {
    const found = owner.inline.get(policyName);
    if (found !== undefined) return found;
    throw missing(`The ${kind} policy with name ${policyName} cannot be found.`);
  };
  return {
    [`Put${title}Policy`]: writing({ ...one, PolicyDocument: document }, (place, input) => {
      const owner = toChange(place, kind, nameIn(kind, input));
      const { PolicyName, PolicyDocument } = input;
      checkDocument(PolicyDocument, "identity");
      checkInline(owner, kind, [PolicyName, PolicyDocument]);
      owner.inline.set(PolicyName, PolicyDocument);
      return null;
    }),
    [`Delete${title}Policy`]: writing(one, (place, input) => {
      const owner = toChange(place, kind, nameIn(kind, input));
      documentIn(owner, input.PolicyName);
      owner.inline.delete(input.PolicyName);
      return null;
    }),
    [`Get${title}Policy`]: reading(one, ({ state }, input) => {
      const owner = ownerNamed(state, kind, nameIn(kind, input));
      const found = documentIn(owner, input.PolicyName);
      return { [key]: owner.name, PolicyName: input.PolicyName, PolicyDocument: encoded(found) };
    }),
    [`List${title}Policies`]: reading({ ...who, ...paging }, (place, input) => {
      const owner = ownerNamed(place.state, kind, nameIn(kind, input));
      const { page, rest } = paged(place, [...owner.inline.keys()].sort(), input);
      return { PolicyNames: page, ...rest };
    }),
  };
}

function attachActions(kind: Kind, title: string): Readonly<Record<string, Action>> {
  const key = `${title}Name`;
  const who = { [key]: name(nameMax[kind]) };
  const one = { ...who, PolicyArn: arn };
  return {
    [`Attach${title}Policy`]: writing(one, (place, input) => {
      const owner = toChange(place, kind, nameIn(kind, input));
      if (!place.state.policies.has(input.PolicyArn)) {
        throw missing(`Policy ${input.PolicyArn} does not exist or is not attachable.`);
      }
      owner.attached.add(input.PolicyArn);
      if (owner.attached.size > quotas.attachments) {
        owner.attached.delete(input.PolicyArn);
        throw limitExceeded(`Cannot exceed quota for PoliciesPer${title}: ${quotas.attachments}`);
      }
      return null;
    }),
    [`Detach${title}Policy`]: writing(one, (place, input) => {
      const owner = toChange(place, kind, nameIn(kind, input));
      if (owner.attached.delete(input.PolicyArn)) return null;
      throw missing(`Policy ${input.PolicyArn} was not found.`);
    }),
    [`ListAttached${title}Policies`]: reading({ ...who, ...paging }, (place, input) => {
      const owner = ownerNamed(place.state, kind, nameIn(kind, input));
      const { page, rest } = paged(place, [...owner.attached].sort(), input);
      return { AttachedPolicies: page.map(attachedTold), ...rest };
    }),
  };
}

export function attachedTold(PolicyArn: string) {
  return { PolicyName: PolicyArn.split("/").at(-1) ?? "", PolicyArn };
}

/** Tags and the boundary, which groups have none of. */
export function taggedActions(kind: "role" | "user"): Readonly<Record<string, Action>> {
  const title = titles[kind];
  const key = `${title}Name`;
  const who = { [key]: name(nameMax[kind]) };
  return {
    [`Tag${title}`]: writing({ ...who, Tags: tags }, (place, input) => {
      const owner = toChange(place, kind, nameIn(kind, input));
      for (const { Key, Value } of input.Tags) owner.tags.set(Key, Value);
      if (owner.tags.size > quotas.tags) throw limitExceeded(`Cannot exceed quota for Tags: 50`);
      return null;
    }),
    [`Untag${title}`]: writing({ ...who, TagKeys: list(z.string()) }, (place, input) => {
      const owner = toChange(place, kind, nameIn(kind, input));
      for (const each of input.TagKeys) owner.tags.delete(each);
      return null;
    }),
    [`List${title}Tags`]: reading({ ...who, ...paging }, (place, input) => {
      const owner = ownerNamed(place.state, kind, nameIn(kind, input));
      return { Tags: tagsTold(owner.tags), IsTruncated: false };
    }),
    [`Put${title}PermissionsBoundary`]: writing(
      { ...who, PermissionsBoundary: arn },
      (place, input) => {
        const owner = toChange(place, kind, nameIn(kind, input));
        if (!place.state.policies.has(input.PermissionsBoundary)) {
          throw missing(`Policy ${input.PermissionsBoundary} does not exist or is not attachable.`);
        }
        owner.boundary = input.PermissionsBoundary;
        return null;
      },
    ),
    [`Delete${title}PermissionsBoundary`]: writing(who, (place, input) => {
      toChange(place, kind, nameIn(kind, input)).boundary = null;
      return null;
    }),
  };
}
