import { matchesGlob } from "../sessions/glob.ts";
import { actionsOf, type HeldStatement, type Permissions } from "./permissions.ts";
import { coversAction } from "./policy-document.ts";
import type { Observed } from "./observed.ts";

/** Policies cut down to what was seen in use. */
export interface LeastPrivilege {
  /** Those that are left, conditions and resources as they were. */
  readonly statements: readonly object[];
  /** Known actions that they allowed, and now do not. */
  readonly removed: readonly string[];
  /** Kept without having been seen, since their use leaves no trace here. */
  readonly keptUnseen: readonly string[];
}

/**
 * The least of an identity's own policies that still allows every call it was seen to make: each
 * Allow keeps the actions that were used, and a Deny stays as it is. Whatever allowed a call then
 * allows it still, since neither resources nor conditions change.
 */
export function leastPrivilege(permissions: Permissions, observed: Observed): LeastPrivilege {
  const used = observed.actions
    .filter(({ allowedCount }) => allowedCount > 0)
    .map(({ action }) => action);
  const isUnseen = unseenOf(used, observed.dataServices);
  const kept = permissions.allows.map((held) => keptOf(held, used, isUnseen));
  const left = new Set(kept.flatMap(({ actions }) => actions.map((name) => name.toLowerCase())));
  const names = new Set(used.map((name) => name.toLowerCase()));
  return {
    statements: [
      ...kept.filter(({ actions }) => actions.length > 0).map(reduced),
      ...permissions.denies.map(({ statement }) => statement.source),
    ],
    removed: permissions.actions
      .map(({ name }) => name)
      .filter((name) => !left.has(name.toLowerCase())),
    keptUnseen: [...new Set(kept.flatMap(({ actions }) => actions))]
      .filter((name) => !names.has(name.toLowerCase()))
      .sort(),
  };
}

interface Kept extends HeldStatement {
  readonly actions: readonly string[];
}

function keptOf(
  held: HeldStatement,
  used: readonly string[],
  isUnseen: (action: string) => boolean,
): Kept {
  const seen = used.filter((action) => coversAction(held.statement, action));
  const unseen = actionsOf(held.statement)
    .map(({ name }) => name)
    .filter(isUnseen);
  const byName = new Map([...unseen, ...seen].map((name) => [name.toLowerCase(), name]));
  return { ...held, actions: [...byName.values()].sort() };
}

function reduced({ statement, actions }: Kept): object {
  const others = Object.entries(statement.source).filter(([part]) => part !== "NotAction");
  return { ...Object.fromEntries(others), Action: actions };
}

/**
 * Whether the use of an action may have left no trace. Of a service that it was never seen to use,
 * nothing is kept: who works with objects lists a bucket once.
 */
function unseenOf(
  used: readonly string[],
  dataServices: ReadonlySet<string>,
): (action: string) => boolean {
  const services = new Set(used.map((action) => action.slice(0, action.indexOf(":"))));
  const isWriting = used.some((action) => /:(?:Create|Run|Register|Update|Put|Start)/.test(action));
  return (action) => {
    if (action === "iam:PassRole") return isWriting;
    const service = action.slice(0, action.indexOf(":"));
    if (dataServices.has(service) || !services.has(service)) return false;
    return dataActions.some((pattern) => matchesGlob(pattern, action));
  };
}

/**
 * Actions whose calls are data events: a trail has them only where it is told to. Passing a role is
 * no call at all, but a right that some calls ask for.
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 */
const dataActions: readonly string[] = [
  "s3:*Object*",
  "s3:ListMultipartUploadParts",
  "s3:AbortMultipartUpload",
  "dynamodb:*Item",
  "dynamodb:Query",
  "dynamodb:Scan",
  "dynamodb:PartiQL*",
  "lambda:InvokeFunction",
  "lambda:InvokeFunctionUrl",
  "sqs:*Message*",
  "sns:Publish",
  "kinesis:Get*Record*",
  "kinesis:Put*Record*",
  "bedrock:InvokeAgent",
  "bedrock:Retrieve*",
  "cloudwatch:PutMetricData",
  "ebs:*",
  "execute-api:*",
  "logs:PutLogEvents",
  "rds-data:*",
  "xray:Put*",
];
