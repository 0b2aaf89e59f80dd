import fc from "fast-check";
import { expect, test } from "vitest";
import { readDenial } from "../../src/events/denial.ts";
import { readResult } from "../../src/events/result.ts";

test.each([
  [undefined, "allowed"],
  ["AccessDenied", "denied"],
  ["AccessDeniedException", "denied"],
  ["Access_Denied", "denied"],
  ["Client.UnauthorizedOperation", "denied"],
  ["UnauthorizedException", "denied"],
  ["ForbiddenException", "denied"],
  ["NotAuthorizedException", "denied"],
  ["AuthorizationErrorException", "denied"],
  ["Client.AuthFailure", "denied"],
  ["KMSAccessDeniedException", "denied"],
  ["VpceAccessDenied", "denied"],
  ["Client.DryRunOperation", "dry-run"],
  ["DryRunOperation", "dry-run"],
  ["DryRunOperationException", "dry-run"],
  ["ThrottlingException", "failed"],
  ["Client.RequestLimitExceeded", "failed"],
  ["NoSuchBucket", "failed"],
  ["Server.InternalError", "failed"],
  ["AuthorizationNotFound", "failed"],
  ["OptInRequired", "failed"],
])("errorCode %s means %s", (errorCode, outcome) => {
  expect(readResult({ errorCode }).outcome).toBe(outcome);
});

test("a dry run that is denied is a denial", () => {
  const record = { errorCode: "Client.UnauthorizedOperation", requestParameters: { dryRun: true } };
  expect(readResult(record).outcome).toBe("denied");
});

const user = "User: arn:aws:sts::1:assumed-role/R/s is not authorized to perform: ";

test.each([
  [
    "an implicit denial",
    `${user}iam:CreateAccessKey on resource: user bob because no identity-based policy ` +
      "allows the iam:CreateAccessKey action",
    ["implicit", "identity-based", null, "iam:CreateAccessKey", "user bob"],
  ],
  [
    "a missing boundary, which is no policy by name",
    `${user}s3:GetObject on resource: "arn:aws:s3:::b/k" because no permissions boundary ` +
      "allows the s3:GetObject action",
    ["implicit", "permissions boundary", null, "s3:GetObject", "arn:aws:s3:::b/k"],
  ],
  [
    "an explicit denial without the policy's ARN",
    `${user}ec2:RunInstances on resource: arn:aws:ec2:eu-west-1:1:instance/* with an ` +
      "explicit deny in a service control policy",
    ["explicit", "service control", null, "ec2:RunInstances", "arn:aws:ec2:eu-west-1:1:instance/*"],
  ],
  [
    "an explicit denial with the policy's ARN",
    `${user}ec2:DescribeInstances with an explicit deny in an identity-based policy: ` +
      "arn:aws:iam::1:policy/AgentSessionDeny",
    [
      "explicit", "identity-based", "arn:aws:iam::1:policy/AgentSessionDeny",
      "ec2:DescribeInstances", null,
    ],
  ],
  [
    "an ARN that ends the sentence",
    `${user}s3:PutObject with an explicit deny in a resource control policy: ` +
      "arn:aws:organizations::1:policy/o-1/p-1. More.",
    [
      "explicit", "resource control", "arn:aws:organizations::1:policy/o-1/p-1", "s3:PutObject",
      null,
    ],
  ],
  [
    "EC2's encoded message behind the reason",
    `You are not authorized to perform this operation. ${user}ec2:GetPasswordData on ` +
      "resource: arn:aws:ec2:us-east-1:1:instance/i-1 because no identity-based policy allows " +
      "the ec2:GetPasswordData action. Encoded authorization failure message: q1-b64",
    [
      "implicit", "identity-based", null, "ec2:GetPasswordData",
      "arn:aws:ec2:us-east-1:1:instance/i-1",
    ],
  ],
  [
    "a trust policy",
    `${user}sts:AssumeRole on resource: arn:aws:iam::1:role/x because no role trust policy ` +
      "allows the sts:AssumeRole action",
    ["implicit", "role trust", null, "sts:AssumeRole", "arn:aws:iam::1:role/x"],
  ],
  [
    "no reason", `${user}sts:AssumeRole on resource: arn:aws:iam::1:role/x`,
    ["unknown", null, null, "sts:AssumeRole", "arn:aws:iam::1:role/x"],
  ],
  ["S3's bare message", "Access Denied", ["unknown", null, null, null, null]],
  [
    "a message cut off in the reason",
    `${user}iam:CreateUser on resource: user bob because no identity-ba`,
    ["unknown", null, null, "iam:CreateUser", "user bob"],
  ],
  ["no message", null, ["unknown", null, null, null, null]],
])("%s is read", (_case, message, [kind, policyType, policyArn, action, resource]) => {
  expect(readDenial(message)).toEqual({ kind, policyType, policyArn, action, resource });
});

test("a resource named like a reason does not become the reason", () => {
  const name = "because no resource-based policy allows with an explicit deny in a session policy";
  const reason = "because no identity-based policy allows the iam:GetUser action";
  const message = `${user}iam:GetUser on resource: user ${name} ${reason}`;
  expect(readDenial(message)).toMatchObject({
    kind: "implicit",
    policyType: "identity-based",
    action: "iam:GetUser",
  });
  const arn = `arn:aws:s3:::is-not-authorized-to-perform:`;
  const spoofed = `${user}s3:GetObject on resource: ${arn} is not authorized to perform: iam:X`;
  expect(readDenial(spoofed).action).toBe("s3:GetObject");
});

test("the error is read from the response where a service puts it there", () => {
  const detector = "arn:aws:guardduty:us-east-1:1:detector/d";
  const message = `${user}guardduty:DeleteDetector on resource: ${detector}`;
  const inMessage = { errorCode: "AccessDenied", responseElements: { message } };
  expect(readResult(inMessage)).toMatchObject({
    outcome: "denied",
    errorMessage: message,
    denial: { action: "guardduty:DeleteDetector" },
  });
  const both = { responseElements: { errorCode: "AccessDeniedException", errorMessage: "No." } };
  expect(readResult(both)).toMatchObject({ outcome: "denied", errorMessage: "No." });
});

test.each([
  ["ConsoleLogin", { responseElements: { ConsoleLogin: "Failure" } }, "failed"],
  [
    "ConsoleLogin",
    { responseElements: { ConsoleLogin: "Failure" }, errorMessage: "Failed authentication" },
    "failed",
  ],
  ["ConsoleLogin", { responseElements: { ConsoleLogin: "Success" } }, "allowed"],
  ["CreateOAuth2Token", { additionalEventData: { success: "false" } }, "failed"],
  ["CreateOAuth2Token", { additionalEventData: { success: "true" } }, "allowed"],
  ["constructor", { responseElements: {} }, "allowed"],
])("a sign-in's own answer decides: %s %j", (eventName, fields, outcome) => {
  const record = { eventSource: "signin.amazonaws.com", eventName, ...fields };
  expect(readResult(record).outcome).toBe(outcome);
});

test("messages are cut at 1 KB", () => {
  const { errorMessage } = readResult({ errorCode: "X", errorMessage: "m".repeat(5000) });
  expect(errorMessage).toHaveLength(1024);
});

test("hostile messages are read in no time and never throw", () => {
  const piece = fc.constantFrom(
    ...[
      "is not authorized to perform: ", " on resource: ", "because no ",
      " with an explicit deny in ",
    ],
    ...["a ", " policy", ": arn:", "a:b", " ".repeat(100), "x".repeat(200), "-_ ", "\n", '"', "."],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const errorMessage = pieces.join("");
      expect(readResult({ errorCode: "AccessDenied", errorMessage }).outcome).toBe("denied");
    }),
    { numRuns: 500 },
  );
});
