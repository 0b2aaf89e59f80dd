import { z } from "zod";
import { partOf } from "./part.ts";

/** ms UTC */
const At = z.int();
const Tag = z.object({ key: z.string(), value: z.string() });
/** A policy as AWS keeps it: JSON text, decoded. */
const Document = z.string();
const InlinePolicy = z.object({ name: z.string(), document: Document });
export type InlinePolicy = z.infer<typeof InlinePolicy>;

/**
 * What an identity did with a service, in the last 400 days. Denied calls count. Tracked hours
 * late.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
const ServiceUse = z.object({
  /** `s3`: as in an IAM action. */
  service: z.string(),
  /** Null: never, as far as is known. */
  lastUsedAt: At.nullable(),
  region: z.string().nullable(),
  /** Of services that AWS tracks by action; only some of their actions are tracked. */
  actions: z.array(z.object({
    /** `ListBuckets` */
    name: z.string(),
    lastUsedAt: At.nullable(),
    region: z.string().nullable(),
  })),
});
export type ServiceUse = z.infer<typeof ServiceUse>;

/** `iam:GenerateServiceLastAccessedDetails`: the services its policies allow, used or not. */
const serviceUse = partOf(z.array(ServiceUse));

const AccessKey = z.object({
  id: z.string(),
  isActive: z.boolean(),
  createdAt: At,
  /** `iam:GetAccessKeyLastUsed`. Null: never since April 2015. */
  lastUsed: partOf(z.object({
    at: At,
    /** `s3`; null where AWS does not say. */
    service: z.string().nullable(),
    region: z.string().nullable(),
  }).nullable()),
});
export type AccessKey = z.infer<typeof AccessKey>;

/** What users, groups and roles have in common. */
const named = {
  name: z.string(),
  /** `AROA…`, `AIDA…`, `AGPA…` */
  id: z.string(),
  arn: z.string(),
  /** `/agents/` */
  path: z.string(),
  createdAt: At,
  inlinePolicies: z.array(InlinePolicy),
  /** ARNs of managed policies. */
  attachedPolicyArns: z.array(z.string()),
};

const User = z.object({
  ...named,
  groupNames: z.array(z.string()),
  boundaryArn: z.string().nullable(),
  tags: z.array(Tag),
  /** `iam:ListAccessKeys` */
  accessKeys: partOf(z.array(AccessKey)),
  serviceUse,
});
export type User = z.infer<typeof User>;

const Group = z.object(named);
export type Group = z.infer<typeof Group>;

const Role = z.object({
  ...named,
  trust: Document,
  boundaryArn: z.string().nullable(),
  tags: z.array(Tag),
  /** `iam:ListRoles` */
  maxSessionSeconds: partOf(z.int()),
  /**
   * Null: not in the last 400 days, or too lately to be told yet. Denied calls count.
   * https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
   */
  lastUsed: z.object({ at: At, region: z.string().nullable() }).nullable(),
  serviceUse,
});
export type Role = z.infer<typeof Role>;

const ManagedPolicy = z.object({
  name: z.string(),
  id: z.string(),
  /** `arn:aws:iam::aws:policy/…` is one of AWS's own. */
  arn: z.string(),
  path: z.string(),
  createdAt: At,
  updatedAt: At,
  /** Of the default version, the one that holds. */
  document: Document,
  defaultVersionId: z.string(),
  versionCount: z.int(),
  attachmentCount: z.int(),
  boundaryCount: z.int(),
});
export type ManagedPolicy = z.infer<typeof ManagedPolicy>;

/** Everybody in an account, and every policy of its own or attached in it. */
export const Identities = z.object({
  users: z.array(User),
  groups: z.array(Group),
  roles: z.array(Role),
  policies: z.array(ManagedPolicy),
});
export type Identities = z.infer<typeof Identities>;
