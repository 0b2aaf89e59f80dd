import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import type { Call } from "./fact.ts";
import { listAt, textAt, valueAt } from "./fields.ts";
import { principalsOf } from "./policy-principals.ts";

/** Whether it is a call that can open something. */
export function mayShare({ operation }: Call): boolean {
  return granteesOf[operation] !== undefined;
}

/**
 * The foreign accounts and organisations, and `public`, that a call opens something of ours to;
 * null when it opens nothing. Accounts named in the config are ours. AWS's own principals
 * (`events.amazonaws.com`, CloudFront's access identities, the load balancers that deliver logs)
 * are nobody's accounts.
 */
export function sharedWith(event: TrailEvent, config: Config): readonly string[] | null {
  const read = granteesOf[event.operation];
  if (read === undefined) return null;
  const ours = ownAccounts(event, config);
  const foreign = read(valueAt(event.record, "requestParameters"))
    .map((grantee) => foreignerOf(grantee, ours))
    .filter((account) => account !== null);
  return foreign.length === 0 ? null : [...new Set(foreign)].sort();
}

/** A caller of another account, let in before, does not make that account ours. */
function ownAccounts({ account, principal }: TrailEvent, config: Config): ReadonlySet<string> {
  const caller = principal.kind === "account" ? null : principal.account;
  const declared = config.accounts.map(({ id }) => id);
  const zones = config.zones.flatMap(({ accounts }) => accounts);
  return new Set([account, caller, ...declared, ...zones].filter((id) => id !== null));
}

/** An account id, an organisation's ARN or `public`; null for our own, and for no account. */
function foreignerOf(grantee: string, ours: ReadonlySet<string>): string | null {
  if (grantee === "*" || grantee.toLowerCase() === "all") return "public";
  const isArn = grantee.startsWith("arn:");
  const account = isArn ? (grantee.split(":")[4] ?? "") : grantee;
  // `arn:aws:iam::*:root` and the like.
  if (isArn && account === "*") return "public";
  if (!/^\d{12}$/.test(account) || ours.has(account) || loadBalancerAccounts.has(account)) {
    return null;
  }
  // Its account is the one that manages the organisation, not the one it is opened to.
  return grantee.includes(":organizations::") ? grantee : account;
}

/** Reads, from one operation's request, whom it lets in: account ids, ARNs, `*`, `all`. */
type Grantees = (request: unknown) => readonly string[];

const granteesOf: Readonly<Record<string, Grantees>> = {
  "ec2:ModifySnapshotAttribute": members("createVolumePermission.add", ["userId", "group"]),
  "ec2:ModifyImageAttribute": both(
    members("launchPermission.add", ["userId", "group", "organizationArn"]),
    members("launchPermission.add", ["organizationalUnitArn"]),
    members("attribute.add", ["userId", "group"]),
  ),
  "rds:ModifyDBSnapshotAttribute": at("valuesToAdd"),
  "rds:ModifyDBClusterSnapshotAttribute": at("valuesToAdd"),
  "redshift:AuthorizeSnapshotAccess": at("accountWithRestoreAccess"),
  "redshift:AuthorizeDataShare": at("consumerIdentifier"),
  "s3:PutBucketPolicy": policyAt("bucketPolicy"),
  "s3:PutAccessPointPolicy": policyAt("policy", "PutAccessPointPolicyRequest.Policy"),
  "s3:PutBucketAcl": acl,
  "s3:PutObjectAcl": acl,
  "s3:CreateBucket": acl,
  "s3:PutBucketReplication": members("ReplicationConfiguration.Rule", ["Destination.Account"]),
  "kms:CreateGrant": at("granteePrincipal"),
  "kms:PutKeyPolicy": policyAt("policy"),
  "kms:ReplicateKey": policyAt("policy"),
  "lambda:AddPermission": functionGrant,
  "lambda:AddLayerVersionPermission": functionGrant,
  "sqs:AddPermission": at("aWSAccountIds", "AWSAccountIds"),
  "sqs:CreateQueue": policyAt("attributes.Policy"),
  "sqs:SetQueueAttributes": policyAt("attributes.Policy"),
  "sns:AddPermission": at("aWSAccountId", "AWSAccountId"),
  "sns:CreateTopic": policyAt("attributes.Policy"),
  "sns:SetTopicAttributes": policyAt("attributeValue"),
  "secretsmanager:PutResourcePolicy": policyAt("resourcePolicy"),
  "dynamodb:PutResourcePolicy": policyAt("policy"),
  "elasticfilesystem:PutFileSystemPolicy": policyAt("policy"),
  "ecr:SetRepositoryPolicy": policyAt("policyText"),
  "backup:PutBackupVaultAccessPolicy": policyAt("policy"),
  "ram:CreateResourceShare": at("principals"),
  "ram:AssociateResourceShare": at("principals"),
  "ssm:ModifyDocumentPermission": at("accountIdsToAdd"),
  "logs:PutSubscriptionFilter": at("destinationArn"),
};

function texts(values: readonly unknown[]): readonly string[] {
  return values.filter((value) => typeof value === "string");
}

/** The members of a list, or of EC2's `{items: […]}`. */
function members(path: string, keys: readonly string[]): Grantees {
  return (request) => {
    const list = listAt(request, path);
    const items = list.length > 0 ? list : [valueAt(request, path)];
    return items.flatMap((item) => texts(keys.map((key) => valueAt(item, key))));
  };
}

function at(...paths: string[]): Grantees {
  return (request) =>
    paths.flatMap((path) => texts([valueAt(request, path), ...listAt(request, path)]));
}

function policyAt(...paths: string[]): Grantees {
  return (request) => paths.flatMap((path) => principalsOf(valueAt(request, path)));
}

function both(...readers: Grantees[]): Grantees {
  return (request) => readers.flatMap((read) => read(request));
}

/** A function's permission is a statement in pieces: each of these narrows it. */
function functionGrant(request: unknown): readonly string[] {
  const conditions = ["principalOrgID", "organizationId", "sourceArn", "sourceAccount"];
  if (conditions.some((key) => textAt(request, key) !== null)) return [];
  return texts([valueAt(request, "principal")]);
}

/** A canned ACL, one granted by headers, or one written out: public or not. */
function acl(request: unknown): readonly string[] {
  if (typeof request !== "object" || request === null) return [];
  const isPublic = Object.entries(request).some(([key, value]) => {
    const json = JSON.stringify(value);
    if (key === "x-amz-acl") return /"(?:public-read|authenticated-read)/.test(json);
    const isGrant = key === "AccessControlPolicy" || key.startsWith("x-amz-grant-");
    return isGrant && /\/groups\/global\/(?:All|Authenticated)Users/.test(json);
  });
  return isPublic ? ["*"] : [];
}

/**
 * Elastic Load Balancing's own accounts, one a region, which deliver access logs to buckets.
 * docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
 */
const loadBalancerAccounts: ReadonlySet<string> = new Set([
  ...["127311923021", "033677994240", "027434742980", "797873946194", "098369216593"],
  ...["754344448648", "589379963580", "718504428378", "383597477331", "600734575887"],
  ...["114774131450", "783225319266", "582318560864", "985666609251", "054676820928"],
  ...["156460612806", "652711504416", "635631232127", "009996457667", "897822967062"],
  ...["076674570225", "507241528517", "048591011584", "190560391635", "638102146993"],
  "037604701340",
]);
