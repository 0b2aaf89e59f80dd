import { expect } from "vitest";
import { boundaryMissing } from "../../../src/audit/checks/boundary-missing.ts";
import { account, allow, judgesRoles, permissions, unreadPermissions } from "../subjects.ts";

const boundaryArn = `arn:aws:iam::${account}:policy/boundary`;

judgesRoles(boundaryMissing, [
  {
    what: "one that reads IAM",
    permissions: permissions(allow(["iam:Get*", "iam:List*"])),
    result: "pass",
    because: "It may not write IAM.",
  },
  {
    what: "one that writes IAM",
    permissions: permissions(allow("iam:CreateRole")),
    result: "fail",
    because:
      "It may do 1 writing action of IAM, such as iam:CreateRole, and has no permissions " +
      "boundary.",
    remedy:
      "aws iam put-role-permissions-boundary --role-name agent-reader --permissions-boundary " +
      `arn:aws:iam::${account}:policy/NAME_OF_THE_BOUNDARY`,
  },
  {
    what: "an administrator",
    permissions: permissions(allow("*")),
    result: "fail",
    because: expect.stringMatching(/^It may do \d{2,3} writing actions of IAM/) as string,
  },
  {
    what: "one with a boundary",
    role: { boundaryArn },
    permissions: permissions(allow("iam:*")),
    result: "pass",
    because: `Its boundary is ${boundaryArn}.`,
  },
  {
    what: "a policy that nobody knows",
    permissions: unreadPermissions,
    result: "unknown",
    because: `arn:aws:iam::${account}:policy/lost is not known.`,
  },
]);
