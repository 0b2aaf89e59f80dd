import { iamActions } from "./iam-actions.ts";

/** What was called, in the words IAM uses for it. */
export interface Operation {
  /** The IAM prefix: `lambda`, `cloudwatch`. */
  readonly service: string;
  /** `lambda:CreateFunction`; the name without its version suffix. */
  readonly operation: string;
  /**
   * The IAM action the call needs, where the names differ: `s3:ListAllMyBuckets` for
   * `s3:ListBuckets`.
   */
  readonly action: string;
}

/**
 * The operation of a record's `eventSource` and `eventName`.
 *
 * Lambda and CloudFront log the API's version with the name (`CreateFunction20150331`,
 * `UpdateFunctionCode20150331v2`, `CreateDistribution2020_05_31`); policies and people do not.
 */
export function readOperation(source: string, name: string): Operation {
  const service = serviceOf(source);
  const operation = `${service}:${name.replace(versionSuffix, "")}`;
  return { service, operation, action: iamActions.get(operation) ?? operation };
}

const versionSuffix = /(?<=.)(?:\d{8}|\d{4}_\d{2}_\d{2})(?:v\d{1,3})?$/;

/** The IAM prefix of `eventSource`: `monitoring.amazonaws.com` is `cloudwatch`. */
export function serviceOf(source: string): string {
  const host = source.toLowerCase().replace(sourceSuffix, "");
  return prefixes.get(host) ?? host;
}

const sourceSuffix = /\.(?:amazonaws\.(?:com|com\.cn|eu)|api\.aws)$/;

/**
 * Where `eventSource` is not the IAM prefix. Collected from AWS's service authorization reference
 * and real records.
 */
const prefixes: ReadonlyMap<string, string> = new Map([
  ["monitoring", "cloudwatch"],
  ["email", "ses"],
  ["tagging", "tag"],
  ["rdsdata", "rds-data"],
  ["amazonmq", "mq"],
  ["appstream2", "appstream"],
  ["bedrock-agent", "bedrock"],
  ["bedrock-agent-runtime", "bedrock"],
  ["bedrock-runtime", "bedrock"],
  ["cloudhsmv2", "cloudhsm"],
  ["dynamodbstreams", "dynamodb"],
  ["streams.dynamodb", "dynamodb"],
  ["iotdata", "iot"],
  ["models.lex", "lex"],
  ["runtime.lex", "lex"],
  ["models-v2-lex", "lex"],
  ["runtime-v2-lex", "lex"],
  ["pinpoint", "mobiletargeting"],
  ["servicecatalog-appregistry", "servicecatalog"],
  ["transcribestreaming", "transcribe"],
  ["agreement-marketplace", "aws-marketplace"],
  ["catalog-marketplace", "aws-marketplace"],
  ["discovery-marketplace", "aws-marketplace"],
  ["metering-marketplace", "aws-marketplace"],
  ["entitlement-marketplace", "aws-marketplace"],
  ["sso-oidc", "sso-oauth"],
  ["ssooidc", "sso-oauth"],
  ["sign-in", "signin"],
]);
