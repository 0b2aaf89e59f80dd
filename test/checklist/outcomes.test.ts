import { describe, expect, it } from "vitest";
import { agentUserAgent, keyMade, record, roleIdentity } from "../builders/record.ts";
import { seen, seenOne } from "./whole-program.ts";

const caller = "arn:aws:sts::111111111111:assumed-role/ro-inventory/task-4711";
const nothing = { requestParameters: null, responseElements: null };

describe("a denial", () => {
  it("of AssumeRole with null parameters names the role in its message alone", async () => {
    const event = await seenOne(record({
      eventSource: "sts.amazonaws.com", eventName: "AssumeRole", errorCode: "AccessDenied",
      errorMessage: `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ` +
        "arn:aws:iam::222222222222:role/deploy",
      ...nothing,
    }));
    expect(event).toMatchObject({
      access: "credential", result: "denied",
      denial: { action: "sts:AssumeRole", resource: "arn:aws:iam::222222222222:role/deploy" },
    });
  });

  it("of S3 that says bare Access Denied has no reason, and is one", async () => {
    const event = await seenOne(record({
      eventSource: "s3.amazonaws.com", eventName: "PutBucketPolicy", readOnly: false,
      errorCode: "AccessDenied", errorMessage: "Access Denied",
      requestParameters: { bucketName: "b" },
    }));
    expect(event).toMatchObject({
      result: "denied", denial: { kind: "unknown", policyType: null, policyArn: null },
    });
  });

  it("of EC2 with an encoded message is one", async () => {
    const event = await seenOne(record({
      eventName: "RunInstances", readOnly: false, errorCode: "Client.UnauthorizedOperation",
      errorMessage: "You are not authorized to perform this operation. User: " +
        `${caller} is not authorized to perform: ec2:RunInstances on resource: ` +
        "arn:aws:ec2:eu-west-1:111111111111:instance/* because no identity-based policy allows " +
        "the ec2:RunInstances action. Encoded authorization failure message: 4kQ-9mZ_",
    }));
    expect(event).toMatchObject({
      operation: "ec2:RunInstances", access: "write", result: "denied",
      denial: { kind: "implicit", policyType: "identity-based", action: "ec2:RunInstances" },
    });
  });

  it.each<[string, string, object]>([
    ["explicit without policy ARN", "with an explicit deny in a service control policy",
      { kind: "explicit", policyType: "service control", policyArn: null }],
    ["explicit with policy ARN",
      "with an explicit deny in an identity-based policy: arn:aws:iam::111111111111:policy/NoUsers",
      { kind: "explicit", policyType: "identity-based",
        policyArn: "arn:aws:iam::111111111111:policy/NoUsers" }],
    ["implicit", "because no permissions boundary allows the iam:CreateUser action",
      { kind: "implicit", policyType: "permissions boundary", policyArn: null }],
  ])("%s says so", async (_what, reason, denial) => {
    const event = await seenOne(record({
      eventSource: "iam.amazonaws.com", eventName: "CreateUser", readOnly: false,
      errorCode: "AccessDenied", ...nothing,
      errorMessage: `User: ${caller} is not authorized to perform: iam:CreateUser on resource: ` +
        `arn:aws:iam::111111111111:user/x ${reason}`,
    }));
    expect(event.denial).toMatchObject({ action: "iam:CreateUser", ...denial });
  });

  it("whose message is cut at 1 KB in its resource is one, and no more is claimed", async () => {
    const head = `User: ${caller} is not authorized to perform: s3:PutObject on resource: `;
    const message = `${head}"arn:aws:s3:::${"k".repeat(1024)}`.slice(0, 1024);
    const event = await seenOne(record({
      eventSource: "s3.amazonaws.com", eventName: "PutObject", errorCode: "AccessDenied",
      errorMessage: message,
    }));
    expect(event).toMatchObject({
      result: "denied", denial: { kind: "unknown", action: "s3:PutObject" },
    });
  });

  it.each([
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation",
    "Client.UnauthorizedOperation", "ForbiddenException", "NotAuthorized", "Client.AuthFailure",
    "AuthorizationErrorException", "KMSAccessDeniedException", "VpceAccessDenied",
  ])("has code %s", async (errorCode) => {
    expect((await seenOne(record({ errorCode }))).result).toBe("denied");
  });

  it.each([
    "ThrottlingException", "Client.RequestLimitExceeded", "NoSuchEntityException",
    "ResourceNotFoundException", "ValidationException",
  ])("has not code %s, which is a failure", async (errorCode) => {
    expect((await seenOne(record({ errorCode }))).result).toBe("failed");
  });
});

describe("under a read-only role", () => {
  const write = "write-under-readonly-role";
  const agent = { userAgent: agentUserAgent };

  it("a write is flagged, allowed or denied", async () => {
    const { flagged, findings } = await seen([[
      keyMade({ eventID: "allowed" }),
      keyMade({ eventID: "denied", errorCode: "AccessDenied", ...nothing,
        userIdentity: roleIdentity({ session: "other", accessKeyId: "ASIAOTHER00000000001" }) }),
    ]]);
    expect(flagged(write)).toEqual(["allowed", "denied"]);
    const levels = findings.filter(({ rule }) => rule === write).map(({ level }) => level);
    expect(levels).toEqual(["critical", "medium"]);
  });

  it("a DryRun write is a permission probe, and no write", async () => {
    const { event, flagged } = await seen([[record({
      eventID: "probe", eventName: "RunInstances", readOnly: false, ...agent,
      errorCode: "Client.DryRunOperation",
      errorMessage: "Request would have succeeded, but DryRun flag is set.",
    })]]);
    expect(event("probe")).toMatchObject({ result: "dry-run", denial: null });
    expect(flagged(write)).toEqual([]);
    expect(flagged("permission-probe")).toEqual(["probe"]);
  });

  it.each<[string, string]>([
    ["sqs.amazonaws.com", "ReceiveMessage"], ["logs.amazonaws.com", "StartQuery"],
    ["logs.amazonaws.com", "StartLiveTail"], ["codecommit.amazonaws.com", "GitPull"],
    ["iam.amazonaws.com", "GenerateCredentialReport"],
    ["iam.amazonaws.com", "SimulatePrincipalPolicy"],
  ])("%s %s looks like a write and is none", async (eventSource, eventName) => {
    const { event, flagged } = await seen([[
      record({ eventID: "read", eventSource, eventName, readOnly: undefined, ...agent }),
    ]]);
    expect(["read", "list"]).toContain(event("read").access);
    expect(flagged(write)).toEqual([]);
  });
});

describe("the readOnly flag", () => {
  it.each<[string, string, boolean, string]>([
    ["sts.amazonaws.com", "AssumeRole", true, "credential"],
    ["sts.amazonaws.com", "AssumeRoleWithSAML", true, "credential"],
    ["sts.amazonaws.com", "AssumeRoleWithWebIdentity", true, "credential"],
    ["sts.amazonaws.com", "GetSessionToken", false, "credential"],
    ["sts.amazonaws.com", "GetFederationToken", false, "credential"],
    ["eks-auth.amazonaws.com", "AssumeRoleForPodIdentity", true, "credential"],
    ["sso.amazonaws.com", "GetRoleCredentials", true, "credential"],
    ["signin.amazonaws.com", "CreateOAuth2Token", true, "credential"],
    ["signin.amazonaws.com", "ConsoleLogin", false, "sign-in"],
    ["signin.amazonaws.com", "CheckMfa", false, "sign-in"],
    ["kms.amazonaws.com", "Decrypt", true, "read"],
    ["ssm.amazonaws.com", "SendCommand", false, "execution"],
    ["ssm.amazonaws.com", "StartSession", false, "execution"],
    ["lambda.amazonaws.com", "Invoke", true, "execution"],
  ])("is not believed for %s %s (%s), which is %s", async (...row) => {
    const [eventSource, eventName, readOnly, access] = row;
    expect((await seenOne(record({ eventSource, eventName, readOnly }))).access).toBe(access);
  });
});
