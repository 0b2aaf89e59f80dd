import type { RoleSubject } from "../subject.ts";
import { failed, passed, policy, unreadPolicies, type RoleCheck } from "../verdict.ts";

/** On the role itself. Each gives it more, or takes away what denies it something. */
const onRole = [
  "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DeleteRolePolicy", "iam:DetachRolePolicy",
  "iam:UpdateAssumeRolePolicy", "iam:PutRolePermissionsBoundary",
  "iam:DeleteRolePermissionsBoundary", "iam:UpdateRole",
];
/** On a managed policy that it has. */
const onPolicy = [
  "iam:CreatePolicyVersion", "iam:SetDefaultPolicyVersion", "iam:DeletePolicyVersion",
];

/**
 * A role that may edit itself may do anything, and undo what revokes it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const editsItself: RoleCheck = {
  name: "edits-itself",
  title: "May edit its own permissions",
  level: "high",
  judge: (subject) => {
    const { role, permissions } = subject;
    const found = abilities(subject);
    if (found.length === 0) {
      return unreadPolicies(permissions) ?? passed("It may not edit itself.");
    }
    const actions = [...new Set(found.map(({ action }) => action))];
    return failed(
      `It may edit itself: ${actions.join(", ")}.`, { actions },
      policy([{
        Sid: "DenyEditingItself",
        Effect: "Deny",
        Action: actions,
        Resource: [...new Set([role.arn, ...found.map(({ resource }) => resource)])],
      }]),
    );
  },
};

interface Ability {
  readonly action: string;
  readonly resource: string;
}

function abilities({ role, permissions, account }: RoleSubject): readonly Ability[] {
  // AWS's own policies nobody edits.
  const own = [role.boundaryArn, ...role.attachedPolicyArns].filter((arn) =>
    arn !== null && arn.includes(`:${account}:`)) as readonly string[];
  const all = [
    ...onRole.map((action) => ({ action, resource: role.arn })),
    ...onPolicy.flatMap((action) => own.map((resource) => ({ action, resource }))),
  ];
  return all.filter(({ action, resource }) => permissions.allowing(action, resource).length > 0);
}
