import type { TrailEvent } from "../events/event.ts";
import { textAt, valueAt } from "./fields.ts";

/** IAM calls that change one role, named by `requestParameters.roleName`. */
const roleChanges = new Set([
  "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy",
  "iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary", "iam:DeleteRolePermissionsBoundary",
  "iam:UpdateRole", "iam:UpdateRoleDescription", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole",
]);

/**
 * Whether the call changes the role it runs under. IAM nulls requestParameters on denial: then the denial's
 * resource (`arn:aws:iam::111111111111:role/agents/x` or `role x`) tells.
 */
export function targetsOwnRole(event: TrailEvent): boolean {
  const { role } = event.principal;
  if (role === null || !roleChanges.has(event.operation)) return false;
  const named = textAt(event.record, "requestParameters.roleName") ?? deniedRole(event);
  return named !== null && sameAccount(event, role.account) && lastSegment(named) === role.name;
}

function sameAccount(event: TrailEvent, account: string | null): boolean {
  return event.account === null || account === null || event.account === account;
}

/** `arn:aws:iam::111111111111:role/agents/x` or `role x` -> `x`; anything else null. */
function deniedRole(event: TrailEvent): string | null {
  const resource = event.result.denial?.resource ?? null;
  if (resource === null) return null;
  if (resource.includes(":role/")) return lastSegment(resource);
  return resource.startsWith("role ") ? resource.slice("role ".length) : null;
}

function lastSegment(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

/**
 * Where compute services take the role they will run as; each needs iam:PassRole.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
const passedRoleAt: Readonly<Record<string, readonly string[]>> = {
  "lambda:CreateFunction": ["role"],
  "lambda:UpdateFunctionConfiguration": ["role"],
  "ec2:RunInstances": ["iamInstanceProfile.arn", "iamInstanceProfile.name"],
  "ec2:AssociateIamInstanceProfile": [
    "AssociateIamInstanceProfileRequest.IamInstanceProfile.Arn",
    "AssociateIamInstanceProfileRequest.IamInstanceProfile.Name",
    "iamInstanceProfile.arn",
    "iamInstanceProfile.name",
  ],
  "ec2:ReplaceIamInstanceProfileAssociation": [
    "ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Arn",
    "ReplaceIamInstanceProfileAssociationRequest.IamInstanceProfile.Name",
  ],
  "ecs:RegisterTaskDefinition": ["taskRoleArn", "executionRoleArn"],
  "ecs:RunTask": ["overrides.taskRoleArn", "overrides.executionRoleArn"],
  "ecs:CreateService": ["role"],
  "cloudformation:CreateStack": ["roleARN"],
  "cloudformation:UpdateStack": ["roleARN"],
  "cloudformation:CreateChangeSet": ["roleARN"],
  "cloudformation:CreateStackSet": ["administrationRoleARN"],
  "glue:CreateJob": ["role"],
  "glue:UpdateJob": ["jobUpdate.role"],
  "glue:CreateDevEndpoint": ["roleArn"],
  "sagemaker:CreateNotebookInstance": ["roleArn"],
  "sagemaker:CreateTrainingJob": ["roleArn"],
  "sagemaker:CreateProcessingJob": ["roleArn"],
  "sagemaker:CreateModel": ["executionRoleArn"],
  "states:CreateStateMachine": ["roleArn"],
  "states:UpdateStateMachine": ["roleArn"],
  "codebuild:CreateProject": ["serviceRole"],
  "codebuild:UpdateProject": ["serviceRole"],
  "codepipeline:CreatePipeline": ["pipeline.roleArn"],
  "batch:RegisterJobDefinition": ["containerProperties.jobRoleArn"],
  "scheduler:CreateSchedule": ["target.roleArn"],
  "events:PutTargets": ["roleArn"],
  "emr-serverless:StartJobRun": ["executionRoleArn"],
  "elasticmapreduce:RunJobFlow": ["jobFlowRole", "serviceRole"],
  "apprunner:CreateService": ["instanceConfiguration.instanceRoleArn"],
  "bedrock-agentcore:CreateAgentRuntime": ["roleArn"],
  "bedrock-agentcore:CreateCodeInterpreter": ["executionRoleArn"],
  "datapipeline:CreatePipeline": ["pipelineRole"],
  "iam:AddRoleToInstanceProfile": ["roleName"],
};

/** The role or instance profile handed to a service: its ARN where logged, else its name; null when none is. */
export function passedRoleOf(event: TrailEvent): string | null {
  const denial = event.result.denial;
  if (denial?.action === "iam:PassRole") return denial.resource;
  for (const path of passedRoleAt[event.operation] ?? []) {
    const role = textAt(event.record, `requestParameters.${path}`);
    if (role !== null) return role;
  }
  return null;
}

const assumingNames = new Set(["AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "AssumeRoot"]);

/** The target of an AssumeRole*; on denial requestParameters is null and only the message names it. */
export function assumedRoleOf(event: TrailEvent): string | null {
  if (event.service !== "sts" || !assumingNames.has(event.name)) return null;
  const requested = valueAt(event.record, "requestParameters.roleArn");
  if (typeof requested === "string") return requested;
  return event.result.denial?.resource ?? event.resources[0]?.arn ?? null;
}
