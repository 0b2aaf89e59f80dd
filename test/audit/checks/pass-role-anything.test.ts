import { passRoleAnything } from "../../../src/audit/checks/pass-role-anything.ts";
import { account, allow, deny, judgesRoles, permissions, unreadPermissions } from "../subjects.ts";

const wide = { result: "fail", because: "It may pass any role to a service, by own." } as const;
const named = `arn:aws:iam::${account}:role/worker`;

judgesRoles(passRoleAnything, [
  { what: "nothing at all", result: "pass", because: "It may pass no role." },
  {
    what: "everything",
    permissions: permissions(allow("*")),
    ...wide,
    remedy: "role/NAME_OF_THE_ROLE",
  },
  { what: "all of IAM", permissions: permissions(allow("iam:*")), ...wide },
  { what: "any case", permissions: permissions(allow("IAM:passrole")), ...wide },
  {
    what: "every role of an account",
    ...wide,
    permissions: permissions(allow("iam:PassRole", { Resource: `arn:aws:iam::${account}:role/*` })),
  },
  {
    what: "any role to one service",
    ...wide,
    remedy: '"iam:PassedToService": [',
    permissions: permissions(
      allow("iam:PassRole", {
        Condition: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } },
      }),
    ),
  },
  {
    what: "all but one role",
    permissions: permissions({ Effect: "Allow", Action: "*", NotResource: named }),
    ...wide,
  },
  {
    what: "a named role",
    permissions: permissions(allow("iam:PassRole", { Resource: named })),
    result: "pass",
    because: "It may pass named roles only.",
  },
  {
    what: "everything but that",
    permissions: permissions(allow("*"), deny("iam:PassRole")),
    result: "pass",
    because: "It may pass no role.",
  },
  {
    what: "a policy that nobody knows",
    permissions: unreadPermissions,
    result: "unknown",
    because: `arn:aws:iam::${account}:policy/lost is not known.`,
  },
]);
