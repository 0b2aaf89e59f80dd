import type { OperationName } from "../operations/catalogue.ts";
import { Weighted } from "../random.ts";

type Habit = readonly (readonly [OperationName, number])[];

/** A coding agent that looks around to answer a question. */
const lookAround: Habit = [
  ["ec2:DescribeInstances", 14],
  ["ec2:DescribeSecurityGroups", 8],
  ["ec2:DescribeSubnets", 4],
  ["ec2:DescribeVpcs", 3],
  ["ec2:DescribeVolumes", 3],
  ["lambda:ListFunctions", 6],
  ["lambda:GetFunctionConfiguration", 9],
  ["ecs:ListServices", 4],
  ["ecs:DescribeServices", 7],
  ["ecs:DescribeTasks", 4],
  ["cloudformation:DescribeStacks", 8],
  ["cloudformation:DescribeStackEvents", 4],
  ["s3:ListBuckets", 4],
  ["s3:GetBucketLocation", 4],
  ["s3:GetBucketTagging", 2],
  ["dynamodb:ListTables", 2],
  ["dynamodb:DescribeTable", 5],
  ["sqs:GetQueueAttributes", 3],
  ["sns:ListTopics", 1],
  ["rds:DescribeDBInstances", 4],
  ["sts:GetCallerIdentity", 5],
];

const readLogs: Habit = [
  ["logs:DescribeLogGroups", 6],
  ["logs:DescribeLogStreams", 5],
  ["logs:FilterLogEvents", 14],
  ["logs:StartQuery", 4],
  ["logs:GetQueryResults", 6],
  ["cloudwatch:DescribeAlarms", 5],
  ["cloudwatch:GetMetricData", 8],
];

const audit: Habit = [
  ["iam:ListRoles", 6],
  ["iam:GetRole", 12],
  ["iam:ListRolePolicies", 9],
  ["iam:ListAttachedRolePolicies", 9],
  ["iam:ListUsers", 3],
  ["iam:ListAccessKeys", 4],
  ["iam:GetAccountSummary", 2],
  ["iam:GetAccountPasswordPolicy", 1],
  ["iam:GenerateCredentialReport", 2],
  ["iam:GenerateServiceLastAccessedDetails", 4],
  ["s3:ListBuckets", 2],
  ["s3:GetBucketPolicy", 6],
  ["s3:GetBucketEncryption", 6],
  ["s3:GetBucketAcl", 5],
  ["ec2:DescribeSecurityGroups", 6],
  ["ec2:DescribeSnapshots", 3],
  ["kms:ListAliases", 2],
  ["kms:DescribeKey", 5],
  ["cloudtrail:DescribeTrails", 2],
  ["cloudtrail:GetTrailStatus", 2],
  ["config:DescribeConfigRules", 2],
  ["config:GetComplianceSummaryByConfigRule", 1],
  ["securityhub:GetFindings", 3],
  ["guardduty:ListDetectors", 1],
  ["guardduty:ListFindings", 2],
  ["access-analyzer:ListAnalyzers", 1],
];

const plan: Habit = [
  ["sts:GetCallerIdentity", 4],
  ["ec2:DescribeInstances", 8],
  ["ec2:DescribeSecurityGroups", 12],
  ["ec2:DescribeSubnets", 8],
  ["ec2:DescribeVpcs", 8],
  ["ec2:DescribeTags", 6],
  ["ec2:DescribeNetworkInterfaces", 3],
  ["s3:GetBucketLocation", 8],
  ["s3:GetBucketPolicy", 6],
  ["s3:GetBucketEncryption", 6],
  ["s3:GetBucketTagging", 6],
  ["route53:ListHostedZones", 3],
  ["route53:ListResourceRecordSets", 6],
  ["iam:GetRole", 8],
  ["iam:ListRolePolicies", 5],
  ["iam:ListAttachedRolePolicies", 5],
  ["dynamodb:DescribeTable", 5],
  ["rds:ListTagsForResource", 3],
  ["lambda:ListTags", 4],
  ["kms:DescribeKey", 4],
];

const apply: Habit = [
  ["ec2:CreateTags", 8],
  ["ec2:AuthorizeSecurityGroupIngress", 3],
  ["ec2:CreateSecurityGroup", 2],
  ["s3:PutBucketTagging", 4],
  ["s3:PutBucketLifecycle", 2],
  ["route53:ChangeResourceRecordSets", 4],
  ["cloudwatch:PutMetricAlarm", 4],
  ["dynamodb:UpdateTable", 1],
];

const deploy: Habit = [
  ["sts:GetCallerIdentity", 4],
  ["ecr:DescribeRepositories", 3],
  ["ecr:BatchCheckLayerAvailability", 12],
  ["ecr:PutImage", 4],
  ["ecs:DescribeServices", 10],
  ["ecs:UpdateService", 3],
  ["ecs:DescribeTasks", 5],
  ["lambda:GetFunctionConfiguration", 5],
  ["lambda:UpdateFunctionCode", 3],
  ["cloudformation:DescribeStacks", 8],
  ["cloudformation:CreateChangeSet", 2],
  ["cloudformation:ExecuteChangeSet", 2],
  ["cloudformation:DescribeStackEvents", 8],
  ["s3:PutObject", 6],
];

const configure: Habit = [
  ["sts:GetCallerIdentity", 3],
  ["ec2:DescribeInstances", 14],
  ["ec2:DescribeInstanceStatus", 6],
  ["ec2:DescribeTags", 5],
  ["ssm:DescribeInstanceInformation", 6],
  ["ssm:SendCommand", 6],
  ["ec2:CreateTags", 5],
  ["s3:GetObject", 4],
];

const triage: Habit = [
  ["sqs:ReceiveMessage", 30],
  ["sqs:GetQueueAttributes", 5],
  ["secretsmanager:GetSecretValue", 1],
  ["logs:FilterLogEvents", 12],
  ["logs:StartQuery", 3],
  ["logs:GetQueryResults", 5],
  ["ecs:DescribeServices", 5],
  ["cloudwatch:GetMetricData", 8],
];

const report: Habit = [
  ["ce:GetCostAndUsage", 5],
  ["cloudwatch:GetMetricData", 10],
  ["tagging:GetResources", 6],
  ["dynamodb:DescribeTable", 3],
  ["s3:GetObject", 8],
  ["s3:PutObject", 6],
];

const edit: Habit = [
  ["lambda:UpdateFunctionCode", 4],
  ["ec2:CreateTags", 2],
  ["cloudwatch:PutMetricAlarm", 2],
  ["ecs:UpdateService", 2],
];

export const habits = {
  exploring: new Weighted([...lookAround, ...readLogs]),
  developing: new Weighted([...lookAround, ...readLogs, ...edit]),
  debugging: new Weighted([...readLogs, ...readLogs, ...lookAround]),
  auditing: new Weighted(audit),
  planning: new Weighted(plan),
  applying: new Weighted([...plan, ...apply, ...apply]),
  deploying: new Weighted(deploy),
  configuring: new Weighted(configure),
  triaging: new Weighted(triage),
  reporting: new Weighted(report),
} as const;
