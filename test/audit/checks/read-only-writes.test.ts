import { expect } from "vitest";
import { readOnlyWrites } from "../../../src/audit/checks/read-only-writes.ts";
import { account, allow, deny, judgesRoles, permissions, unreadPermissions } from "../subjects.ts";

const mode = { mode: "readonly", basis: "config", isGuessed: false } as const;

judgesRoles(readOnlyWrites, [
  {
    what: "a role for writing",
    permissions: permissions(allow("*")),
    result: "pass",
    because: "It is not said to be for reading only.",
  },
  {
    what: "one that only reads",
    mode,
    permissions: permissions(allow(["ec2:Describe*", "s3:List*"])),
    result: "pass",
    because: "It may not write.",
  },
  {
    what: "one that reads what surprises",
    mode,
    permissions: permissions(allow(["ssm:GetParameter", "ec2:GetPasswordData"])),
    result: "pass",
    because:
      "It may not write, but read more than it seems: ssm:GetParameter, ec2:GetPasswordData.",
  },
  {
    what: "one that writes",
    mode,
    permissions: permissions(allow(["s3:PutObject", "s3:GetObject"])),
    result: "fail",
    because: "It is for reading, and may do 1 writing action: s3:PutObject.",
    remedy: '"Action": [\n        "s3:PutObject"\n      ]',
  },
  {
    what: "one that writes more than a policy could deny",
    mode,
    permissions: permissions(allow("*")),
    result: "fail",
    because:
      "It is for reading, and may do 12420 writing actions: a2c:StartContainerizationJob, " +
      "a2c:StartDeploymentJob, a4b:TagResource, ….",
    remedy: "aws iam put-role-permissions-boundary --role-name agent-reader " +
      "--permissions-boundary arn:aws:iam::aws:policy/ReadOnlyAccess",
  },
  {
    what: "one that tags, gives permissions and makes keys",
    mode,
    result: "fail",
    permissions: permissions(
      allow(["ec2:CreateTags", "s3:PutBucketPolicy", "iam:CreateAccessKey"]),
    ),
    because:
      "It is for reading, and may do 3 writing actions: ec2:CreateTags, s3:PutBucketPolicy, " +
      "iam:CreateAccessKey.",
  },
  {
    what: "one that assumes roles",
    mode,
    permissions: permissions(allow("sts:AssumeRole")),
    result: "pass",
    because: "It may not write.",
  },
  {
    what: "one whose writing is denied",
    mode,
    result: "pass",
    because: "It may not write.",
    permissions: permissions(
      allow("sqs:*Message"),
      deny(["sqs:SendMessage", "sqs:DeleteMessage", "sqs:ReceiveMessage"]),
    ),
  },
  {
    what: "a service's worth of writing",
    mode,
    permissions: permissions(allow("lambda:*")),
    result: "fail",
    remedy: '"lambda:Create*"',
    because: expect.stringMatching(
      /^It is for reading, and may do \d\d writing actions: lambda:/,
    ) as string,
  },
  {
    what: "a policy that nobody knows",
    mode,
    permissions: unreadPermissions,
    result: "unknown",
    because: `arn:aws:iam::${account}:policy/lost is not known.`,
  },
]);
