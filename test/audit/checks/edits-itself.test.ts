import { editsItself } from "../../../src/audit/checks/edits-itself.ts";
import { Permissions } from "../../../src/audit/permissions.ts";
import {
  account,
  allow,
  deny,
  document,
  judgesRoles,
  permissions,
  role,
  unreadPermissions,
} from "../subjects.ts";

const self = role().arn;
const ownPolicy = `arn:aws:iam::${account}:policy/own`;
const inline = (...statements: readonly object[]) => ({
  name: "own",
  isInline: true,
  document: document(...statements),
});
const boundary = { name: "boundary", isInline: false, document: document(allow("s3:*")) };

judgesRoles(editsItself, [
  { what: "nothing at all", result: "pass", because: "It may not edit itself." },
  {
    what: "one action on itself",
    result: "fail",
    permissions: permissions(allow("iam:PutRolePolicy", { Resource: self })),
    because: "It may edit itself: iam:PutRolePolicy.",
    remedy: `"Resource": [\n        "${self}"\n`,
  },
  {
    what: "one action on every role of its path",
    result: "fail",
    permissions: permissions(
      allow("iam:AttachRolePolicy", { Resource: `arn:aws:iam::${account}:role/agents/*` }),
    ),
    because: "It may edit itself: iam:AttachRolePolicy.",
  },
  {
    what: "the same on other roles",
    result: "pass",
    because: "It may not edit itself.",
    permissions: permissions(
      allow("iam:AttachRolePolicy", { Resource: `arn:aws:iam::${account}:role/service/*` }),
    ),
  },
  {
    what: "a new version of a policy it has",
    role: { attachedPolicyArns: [ownPolicy] },
    permissions: permissions(allow("iam:CreatePolicyVersion", { Resource: ownPolicy })),
    result: "fail",
    because: "It may edit itself: iam:CreatePolicyVersion.",
    remedy: ownPolicy,
  },
  {
    what: "a new version of a policy of AWS's",
    role: { attachedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] },
    permissions: permissions(allow("iam:CreatePolicyVersion")),
    result: "pass",
    because: "It may not edit itself.",
  },
  {
    what: "everything, but denied on itself",
    result: "pass",
    because: "It may not edit itself.",
    permissions: permissions(allow("*"), deny("iam:*", { Resource: self })),
  },
  {
    what: "everything, but for a boundary",
    result: "pass",
    because: "It may not edit itself.",
    permissions: new Permissions([inline(allow("*"))], boundary),
  },
  {
    what: "everything, denied on a condition",
    result: "fail",
    permissions: permissions(
      allow("iam:UpdateRole"),
      deny("*", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    ),
    because: "It may edit itself: iam:UpdateRole.",
  },
  {
    what: "a policy that nobody knows",
    permissions: unreadPermissions,
    result: "unknown",
    because: `arn:aws:iam::${account}:policy/lost is not known.`,
  },
]);
