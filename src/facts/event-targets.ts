import type { TrailEvent } from "../events/event.ts";
import type { Call } from "./fact.ts";
import { textAt, valueAt } from "./fields.ts";

/** IAM calls that change one role, named by `requestParameters.roleName`. */
const roleChanges = new Set([
  "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:PutRolePolicy", "iam:DeleteRolePolicy",
  "iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary",
  "iam:DeleteRolePermissionsBoundary", "iam:UpdateRole", "iam:UpdateRoleDescription",
  "iam:DeleteRole", "iam:TagRole", "iam:UntagRole",
]);

export function changesRole({ operation }: Call): boolean {
  return roleChanges.has(operation);
}

/**
 * Whether the call changes the role it runs under. IAM nulls requestParameters on denial: then the
 * denial's resource (`arn:aws:iam::111111111111:role/agents/x` or `role x`) tells.
 */
export function targetsOwnRole(event: TrailEvent): boolean {
  const { role } = event.principal;
  if (role === null || !changesRole(event)) return false;
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
const passedRoleAt: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
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
  "ec2:CreateLaunchTemplate": launchTemplate("CreateLaunchTemplateRequest"),
  "ec2:CreateLaunchTemplateVersion": launchTemplate("CreateLaunchTemplateVersionRequest"),
  "autoscaling:CreateLaunchConfiguration": ["iamInstanceProfile"],
  "ecs:RegisterTaskDefinition": ["taskRoleArn", "executionRoleArn"],
  "ecs:RunTask": ["overrides.taskRoleArn", "overrides.executionRoleArn"],
  "ecs:StartTask": ["overrides.taskRoleArn", "overrides.executionRoleArn"],
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
  "scheduler:UpdateSchedule": ["target.roleArn"],
  "events:PutTargets": ["targets.roleArn"],
  "emr-serverless:StartJobRun": ["executionRoleArn"],
  "elasticmapreduce:RunJobFlow": ["jobFlowRole", "serviceRole"],
  "apprunner:CreateService": ["instanceConfiguration.instanceRoleArn"],
  "bedrock:CreateAgent": ["agentResourceRoleArn"],
  "bedrock-agentcore:CreateAgentRuntime": ["roleArn"],
  "bedrock-agentcore:CreateCodeInterpreter": ["executionRoleArn"],
  "datapipeline:CreatePipeline": ["pipelineRole"],
  "iam:AddRoleToInstanceProfile": ["roleName"],
}));

/** Logged in the API's own letter case, unlike the rest of EC2. */
function launchTemplate(request: string): readonly string[] {
  const profile = `${request}.LaunchTemplateData.IamInstanceProfile`;
  return [`${profile}.Arn`, `${profile}.Name`];
}

/**
 * The role or instance profile handed to a service: its ARN where logged, else its name; null when
 * none is. Where several are handed over, the first.
 */
export function passedRoleOf(event: TrailEvent): string | null {
  const denial = event.result.denial;
  if (denial?.action === "iam:PassRole") return denial.resource;
  const paths = passedRoleAt.get(event.operation);
  if (paths === undefined) return null;
  const request = valueAt(event.record, "requestParameters");
  for (const path of paths) {
    const role = firstTextAt(request, path.split("."));
    if (role !== null) return role;
  }
  return null;
}

/** As `textAt`, but through lists: a rule's targets each have a role of their own. */
function firstTextAt(value: unknown, [key, ...rest]: readonly string[]): string | null {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      const text = firstTextAt(item, key === undefined ? [] : [key, ...rest]);
      if (text !== null) return text;
    }
    return null;
  }
  if (key !== undefined) return firstTextAt(valueAt(value, key), rest);
  return typeof value === "string" && value !== "" ? value : null;
}

const assumingNames: ReadonlySet<string> = new Set([
  "AssumeRole", "AssumeRoleWithWebIdentity", "AssumeRoleWithSAML", "AssumeRoot",
]);

/**
 * The target of an AssumeRole*, or the account (or its root's ARN) of an AssumeRoot; on denial
 * requestParameters is null and only the message names it.
 */
export function assumedRoleOf(event: TrailEvent): string | null {
  if (event.service !== "sts" || !assumingNames.has(event.name)) return null;
  const asked = event.name === "AssumeRoot" ? "targetPrincipal" : "roleArn";
  const requested = textAt(event.record, `requestParameters.${asked}`);
  return requested ?? event.result.denial?.resource ?? event.resources[0]?.arn ?? null;
}
