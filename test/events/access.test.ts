import { expect, test } from "vitest";
import { isWriteLike } from "../../src/events/access.ts";
import { mintsLasting } from "../../src/events/access-overrides.ts";
import { call } from "./record-builder.ts";

test.each([
  ["s3", "GetObject", "read"],
  ["s3", "ListBuckets", "list"],
  ["s3", "PutObject", "write"],
  ["s3", "PutBucketPolicy", "permissions"],
  ["s3", "PutBucketTagging", "tagging"],
  ["iam", "PutRolePolicy", "permissions"],
  ["iam", "CreateUser", "write"],
  ["iam", "TagRole", "tagging"],
  ["ec2", "RunInstances", "write"],
  ["ec2", "DescribeInstances", "list"],
])("IAM's level decides: %s %s is %s", (source, name, access) => {
  expect(call(source, name)).toMatchObject({ access, accessBasis: "iam-data" });
});

test.each([
  ["sts", "AssumeRole", true, "credential"],
  ["sts", "AssumeRoleWithSAML", true, "credential"],
  ["sts", "AssumeRoleWithWebIdentity", true, "credential"],
  ["sts", "GetSessionToken", false, "credential"],
  ["sts", "GetFederationToken", false, "credential"],
  ["signin", "GetSigninToken", false, "credential"],
  ["signin", "CreateOAuth2Token", true, "credential"],
  ["eks-auth", "AssumeRoleForPodIdentity", true, "credential"],
  ["sso", "GetRoleCredentials", true, "credential"],
  ["rolesanywhere", "CreateSession", false, "credential"],
  ["ecr", "GetAuthorizationToken", true, "credential"],
  ["iam", "CreateAccessKey", false, "credential"],
  ["ssm", "StartSession", false, "execution"],
  ["ssm", "SendCommand", false, "execution"],
  ["lambda", "Invoke", false, "execution"],
  ["lambda", "Invoke", true, "execution"],
  ["states", "StartExecution", false, "execution"],
  ["signin", "ConsoleLogin", false, "sign-in"],
  ["signin", "CheckMfa", false, "sign-in"],
  ["signin", "SwitchRole", false, "sign-in"],
  ["kms", "Decrypt", true, "read"],
  ["kms", "Encrypt", true, "read"],
  ["kms", "GenerateDataKey20141101", undefined, "read"],
  ["aws-mcp", "CallReadOnlyTool", true, "read"],
  ["aws-mcp", "CallReadWriteTool", false, "unknown"],
])("IAM and readOnly are overruled: %s %s (%s) is %s", (source, name, ...[readOnly, access]) => {
  expect(call(source, name, { readOnly })).toMatchObject({ access, accessBasis: "override" });
});

test.each([
  ["sqs", "ReceiveMessage"],
  ["logs", "StartQuery"],
  ["logs", "StartLiveTail"],
  ["cloudtrail", "StartQuery"],
  ["codecommit", "GitPull"],
  ["iam", "GenerateCredentialReport"],
  ["iam", "GenerateServiceLastAccessedDetails"],
  ["iam", "SimulatePrincipalPolicy"],
])("a read with side effects stays a read, though flagged as a write: %s %s", (source, name) => {
  const event = call(source, name, { readOnly: false });
  expect(event.access).toBe("read");
  expect(isWriteLike(event)).toBe(false);
});

type Row = [string, string, string, boolean | string | undefined, string, string];

test.each<Row>([
  ["an action IAM does not know, flagged", "ec2", "CreateMist", true, "read", "read-only-flag"],
  [
    "IAM's write, flagged read-only", "discovery", "StartExportTask", true, "read",
    "read-only-flag",
  ],
  [
    "IAM's permission management stays so, whatever the flag", "iam", "PutRolePolicy", true,
    "permissions", "iam-data",
  ],
  ["the flag as text", "apigateway", "CreateRestApi", "false", "write", "read-only-flag"],
  ["an unknown service with the flag", "novel", "FrobnicateThing", true, "read", "read-only-flag"],
  ["an unknown service with the flag", "novel", "GetThing", false, "write", "read-only-flag"],
  ["an unknown service without the flag", "novel", "GetThing", undefined, "unknown", "none"],
  ["a known service's verb", "apigateway", "GetRestApis", undefined, "read", "name"],
  ["a known service's verb", "apigateway", "ListThings", undefined, "list", "name"],
  ["a known service's verb", "apigateway", "CreateRestApi", undefined, "write", "name"],
  [
    "names of built-ins are no operations", "constructor", "__proto__", undefined, "unknown",
    "none",
  ],
])("%s: %s %s (readOnly %s)", (_case, source, ...[name, readOnly, access, accessBasis]) => {
  expect(call(source, name, { readOnly })).toMatchObject({ access, accessBasis });
});

test("an event a service logs of itself is not judged by its name", () => {
  const event = call("ec2", "SharedSnapshotVolumeCreated", { eventType: "AwsServiceEvent" });
  expect(event).toMatchObject({ access: "unknown", accessBasis: "none" });
});

test.each([
  ["iam", "CreateAccessKey", true, true],
  ["iam", "CreateLoginProfile", true, true],
  ["iam", "CreateServiceSpecificCredential", true, true],
  ["iam", "UploadSigningCertificate", true, true],
  ["sts", "GetFederationToken", true, true],
  ["sts", "AssumeRole", false, false],
  ["sts", "GetSessionToken", false, false],
  ["s3", "PutObject", false, true],
  ["s3", "PutBucketPolicy", false, true],
  ["s3", "PutBucketTagging", false, true],
  ["s3", "GetObject", false, false],
  ["ssm", "SendCommand", false, false],
  ["signin", "ConsoleLogin", false, false],
])("%s %s: lasting credential %s, like a write %s", (source, name, ...[lasting, writeLike]) => {
  const event = call(source, name);
  expect(mintsLasting(event.operation)).toBe(lasting);
  expect(isWriteLike(event)).toBe(writeLike);
});

test("an EC2 dry run keeps the class of the API; its result tells the probe", () => {
  const event = call(
    "ec2", "RunInstances", { errorCode: "Client.DryRunOperation", readOnly: false },
  );
  expect(event).toMatchObject({ access: "write", result: { outcome: "dry-run" } });
});
