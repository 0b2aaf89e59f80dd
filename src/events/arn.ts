import { memoise } from "./memo.ts";

/**
 * An Amazon Resource Name, taken apart. Region and account are "" where the kind of resource has
 * none.
 *
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export interface Arn {
  /** `aws`, `aws-cn`, `aws-us-gov`, `aws-iso`, `aws-iso-b`, `aws-eusc`, … */
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** All that follows, colons and slashes included: `role/agents/ro`, `function:f:1`. */
  readonly resource: string;
}

/**
 * The role and session of `arn:aws:sts::<account>:assumed-role/<role>/<session>`, which drops the
 * role's path.
 */
export interface AssumedRole {
  readonly partition: string;
  readonly account: string;
  readonly roleName: string;
  /** Chosen by the caller: untrusted text. */
  readonly sessionName: string;
}

/** `arn:aws:iam::<account>:role/<path><name>`. */
export interface RoleArn {
  readonly partition: string;
  readonly account: string;
  /** `/` or `/agents/`, with both slashes. */
  readonly path: string;
  readonly name: string;
}

/** Each is some 300 bytes; a busy organisation has a few thousand principals at a time. */
const rememberedMax = 4096;

export const readArn: (text: string) => Arn | null = memoise(rememberedMax, parseArn);

export const readAssumedRole: (text: string) => AssumedRole | null = memoise(
  rememberedMax,
  parseAssumedRole,
);

export const readRoleArn: (text: string) => RoleArn | null = memoise(rememberedMax, parseRoleArn);

const partitionShape = /^aws(?:-[a-z]+){0,3}$/;

function parseArn(text: string): Arn | null {
  if (!text.startsWith("arn:")) return null;
  const [, partition = "", service = "", region = "", account = ""] = text.split(":", 5);
  const prefixLength = 4 + partition.length + service.length + region.length + account.length + 4;
  const resource = text.slice(prefixLength);
  if (!partitionShape.test(partition) || service === "" || resource === "") return null;
  return { partition, service, region, account, resource };
}

function parseAssumedRole(text: string): AssumedRole | null {
  const arn = readArn(text);
  if (arn?.service !== "sts" || !arn.resource.startsWith(assumedRolePrefix)) return null;
  const slash = arn.resource.indexOf("/", assumedRolePrefix.length);
  if (slash < 0) return null;
  const roleName = arn.resource.slice(assumedRolePrefix.length, slash);
  const sessionName = arn.resource.slice(slash + 1);
  if (roleName === "" || sessionName === "") return null;
  return { partition: arn.partition, account: arn.account, roleName, sessionName };
}
const assumedRolePrefix = "assumed-role/";

function parseRoleArn(text: string): RoleArn | null {
  const arn = readArn(text);
  if (arn?.service !== "iam" || !arn.resource.startsWith("role/")) return null;
  const lastSlash = arn.resource.lastIndexOf("/");
  const name = arn.resource.slice(lastSlash + 1);
  if (name === "") return null;
  const path = arn.resource.slice("role".length, lastSlash + 1);
  return { partition: arn.partition, account: arn.account, path, name };
}
