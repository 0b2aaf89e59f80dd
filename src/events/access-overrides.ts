import type { Access } from "./event.ts";

/**
 * Where IAM's access level, or the record's `readOnly`, does not say what a call does: operation ->
 * access class.
 *
 * AssumeRole is `readOnly: true` and mints a credential; GetSessionToken is `readOnly: false`; IAM
 * calls kms Decrypt a write, although it changes nothing. Measured on real records, see
 * `docs/cloudtrail.md`.
 */
export const accessOverrides: ReadonlyMap<string, Access> = new Map([
  ...classed("credential", [
    "sts: AssumeRole AssumeRoleWithSAML AssumeRoleWithWebIdentity AssumeRoot GetSessionToken",
    "sts: GetFederationToken GetDelegatedAccessToken GetWebIdentityToken GetServiceBearerToken",
    "signin: GetSigninToken CreateOAuth2Token CreateOAuth2TokenWithIAM",
    "sso: GetRoleCredentials CreateToken",
    "sso-oauth: CreateToken CreateTokenWithIAM",
    "eks-auth: AssumeRoleForPodIdentity",
    "rolesanywhere: CreateSession",
    "s3: CreateSession GetDataAccess",
    "s3express: CreateSession",
    "cognito-identity: GetCredentialsForIdentity GetOpenIdToken GetOpenIdTokenForDeveloperIdentity",
    "ecr: GetAuthorizationToken",
    "ecr-public: GetAuthorizationToken",
    "codeartifact: GetAuthorizationToken",
    "redshift: GetClusterCredentials GetClusterCredentialsWithIAM",
    "redshift-serverless: GetCredentials",
    "elasticmapreduce: GetClusterSessionCredentials",
    "emr-containers: GetManagedEndpointSessionCredentials",
    "lakeformation: GetTemporaryGlueTableCredentials GetTemporaryGluePartitionCredentials",
    "lakeformation: AssumeDecoratedRoleWithSAML GetTemporaryDataLocationCredentials",
    "datazone: GetEnvironmentCredentials GetDomainExecutionRoleCredentials",
    "deadline: AssumeFleetRoleForRead AssumeFleetRoleForWorker AssumeQueueRoleForRead",
    "deadline: AssumeQueueRoleForUser AssumeQueueRoleForWorker",
    "iot: AssumeRoleWithCertificate",
    "ssm: GetAccessToken",
    "lightsail: GetInstanceAccessDetails",
    "bedrock-agentcore: GetWorkloadAccessToken GetWorkloadAccessTokenForJWT",
    "bedrock-agentcore: GetWorkloadAccessTokenForUserId GetResourceOauth2Token GetResourceApiKey",
    "iam: CreateAccessKey CreateLoginProfile UpdateLoginProfile CreateServiceSpecificCredential",
    "iam: ResetServiceSpecificCredential UploadSigningCertificate UploadSSHPublicKey",
    "lightsail: CreateBucketAccessKey",
  ]),
  ...classed("execution", [
    "ssm: SendCommand StartSession ResumeSession StartAutomationExecution",
    "ssm: StartChangeRequestExecution StartAssociationsOnce",
    "ecs: ExecuteCommand RunTask StartTask",
    "lambda: Invoke InvokeAsync InvokeFunctionUrl InvokeWithResponseStream",
    "states: StartExecution StartSyncExecution",
    "ec2-instance-connect: SendSSHPublicKey SendSerialConsoleSSHPublicKey OpenTunnel",
    "codebuild: StartBuild StartBuildBatch RetryBuild RetryBuildBatch StartCommandExecution",
    "codebuild: StartSandbox StartSandboxConnection",
    "codepipeline: StartPipelineExecution",
    "glue: StartJobRun RunStatement StartWorkflowRun",
    "batch: SubmitJob SubmitServiceJob",
    "elasticmapreduce: AddJobFlowSteps",
    "emr-serverless: StartJobRun StartSession",
    "emr-containers: StartJobRun",
    "sagemaker: StartSession",
    "cloudshell: CreateSession",
    "bedrock-agentcore: InvokeAgentRuntime InvokeAgentRuntimeCommand InvokeAgentRuntimeForUser",
    "bedrock-agentcore: InvokeAgentRuntimeCommandShell InvokeAgentRuntimeWithWebSocketStream",
    "bedrock-agentcore: InvokeCodeInterpreter StartCodeInterpreterSession StartBrowserSession",
  ]),
  ...classed("sign-in", [
    "signin: ConsoleLogin CheckMfa SwitchRole ExitRole RenewRole Logout Authenticate",
    "signin: UserAuthentication CredentialChallenge CredentialVerification AuthorizeOAuth2Access",
    "signin: PasswordRecoveryRequested PasswordRecoveryCompleted",
    "sso: Authenticate Federate Logout",
    "sso: UserAuthentication CredentialChallenge CredentialVerification",
  ]),
  // They use a key and change nothing; CloudTrail logs them as read-only.
  ...classed("read", [
    "kms: Decrypt Encrypt ReEncrypt GenerateDataKey GenerateDataKeyWithoutPlaintext Sign Verify",
    "kms: GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext GenerateMac VerifyMac",
    "kms: GenerateRandom DeriveSharedSecret",
    "sts: DecodeAuthorizationMessage",
    // Lake's SELECT; IAM calls it a write for the result it may deliver to S3.
    "cloudtrail: StartQuery CancelQuery GenerateQuery",
    "aws-mcp: CallReadOnlyTool",
  ]),
  // A tool call has no effect of its own: the calls it makes are records themselves.
  ...classed("unknown", ["aws-mcp: CallReadWriteTool"]),
]);

/**
 * Whether the operation mints something that outlives the session that asked: a key, a password, a
 * certificate, or a session that its maker's end does not end (GetFederationToken, up to 36 hours).
 */
export function mintsLasting(operation: string): boolean {
  return lastingCredentials.has(operation);
}

const lastingCredentials: ReadonlySet<string> = new Set([
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:CreateServiceSpecificCredential",
  "iam:ResetServiceSpecificCredential",
  "iam:UploadSigningCertificate",
  "iam:UploadSSHPublicKey",
  "lightsail:CreateBucketAccessKey",
  "sts:GetFederationToken",
]);

function classed(access: Access, lines: readonly string[]): readonly (readonly [string, Access])[] {
  return lines.flatMap((line) => {
    const [service = "", names = ""] = line.split(": ");
    return names.split(" ").map((name) => [`${service}:${name}`, access] as const);
  });
}
