import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import { listAt, textAt, valueAt } from "./fields.ts";

/** Reads, from one operation's request, whom it lets in: account ids, ARNs, `*`, `all`. */
type Grantees = (request: unknown) => readonly string[];

const texts = (values: readonly unknown[]): readonly string[] =>
  values.filter((value) => typeof value === "string");
const members = (path: string, keys: readonly string[]): Grantees => (request) =>
  listAt(request, path).flatMap((item) => texts(keys.map((key) => valueAt(item, key))));
const at = (...paths: string[]): Grantees => (request) =>
  paths.flatMap((path) => {
    const value = valueAt(request, path);
    return typeof value === "string" ? [value] : texts(listAt(request, path));
  });
const policyAt = (...paths: string[]): Grantees => (request) =>
  paths.flatMap((path) => principalsOf(valueAt(request, path)));
const both = (...readers: Grantees[]): Grantees => (request) => readers.flatMap((read) => read(request));

const bucketAcl: Grantees = (request) => {
  const canned = [valueAt(request, "x-amz-acl"), ...listAt(request, "x-amz-acl")];
  const isPublic = canned.some((acl) => typeof acl === "string" && acl.startsWith("public-read"));
  const grants = JSON.stringify(valueAt(request, "AccessControlPolicy") ?? "");
  return isPublic || grants.includes("/groups/global/AllUsers") || grants.includes("AuthenticatedUsers")
    ? ["*"]
    : [];
};

const granteesOf: Readonly<Record<string, Grantees>> = {
  "ec2:ModifySnapshotAttribute": members("createVolumePermission.add", ["userId", "group"]),
  "ec2:ModifyImageAttribute": both(
    members("launchPermission.add", ["userId", "group", "organizationArn"]),
    members("attribute.add", ["userId", "group"]),
  ),
  "rds:ModifyDBSnapshotAttribute": at("valuesToAdd"),
  "rds:ModifyDBClusterSnapshotAttribute": at("valuesToAdd"),
  "redshift:AuthorizeSnapshotAccess": at("accountWithRestoreAccess"),
  "s3:PutBucketPolicy": policyAt("bucketPolicy"),
  "s3:PutBucketAcl": bucketAcl,
  "s3:PutObjectAcl": bucketAcl,
  "kms:CreateGrant": at("granteePrincipal"),
  "kms:PutKeyPolicy": policyAt("policy"),
  "kms:ReplicateKey": policyAt("policy"),
  "lambda:AddPermission": at("principal"),
  "lambda:AddLayerVersionPermission": at("principal"),
  "sqs:AddPermission": at("aWSAccountIds", "AWSAccountIds"),
  "sqs:SetQueueAttributes": policyAt("attributes.Policy"),
  "sns:AddPermission": at("aWSAccountId", "AWSAccountId"),
  "sns:SetTopicAttributes": policyAt("attributeValue"),
  "secretsmanager:PutResourcePolicy": policyAt("resourcePolicy"),
  "ecr:SetRepositoryPolicy": policyAt("policyText"),
  "backup:PutBackupVaultAccessPolicy": policyAt("policy"),
  "ram:CreateResourceShare": at("principals"),
  "ram:AssociateResourceShare": at("principals"),
  "ssm:ModifyDocumentPermission": at("accountIdsToAdd"),
  "logs:PutDestinationPolicy": policyAt("accessPolicy"),
};

/**
 * The foreign accounts, and `public`, that a call opens something of ours to; null when it opens nothing.
 * Accounts named in the config are ours. Service principals (`events.amazonaws.com`) are not accounts.
 */
export function sharedWith(event: TrailEvent, config: Config): readonly string[] | null {
  const read = granteesOf[event.operation];
  if (read === undefined) return null;
  const ours = new Set([event.account, event.principal.account, ...config.accounts.map(({ id }) => id)]);
  const foreign = read(valueAt(event.record, "requestParameters"))
    .map(accountOf)
    .filter((account) => account !== null && !ours.has(account));
  return foreign.length === 0 ? null : [...new Set(foreign as string[])].sort();
}

/** An account id, `public`, or null for what names no account (service principals, organisation ids kept as they are). */
function accountOf(grantee: string): string | null {
  if (grantee === "*" || grantee.toLowerCase() === "all") return "public";
  if (/^\d{12}$/.test(grantee)) return grantee;
  if (!grantee.startsWith("arn:")) return null;
  const account = grantee.split(":")[4] ?? "";
  return account === "" ? grantee : account;
}

/** The AWS principals that a policy's Allow statements name without narrowing conditions. */
function principalsOf(policy: unknown): readonly string[] {
  const document = typeof policy === "string" ? parsed(policy) : policy;
  const statement = valueAt(document, "Statement");
  const statements = Array.isArray(statement) ? (statement as unknown[]) : [statement];
  return statements
    .filter((s) => textAt(s, "Effect") === "Allow" && valueAt(s, "Condition") === undefined)
    .flatMap((s) => {
      const principal = valueAt(s, "Principal");
      if (typeof principal === "string") return [principal];
      const aws = valueAt(principal, "AWS");
      return typeof aws === "string" ? [aws] : texts(Array.isArray(aws) ? (aws as unknown[]) : []);
    });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A policy AWS cut at its size limit is no JSON; nothing can be said of it.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
