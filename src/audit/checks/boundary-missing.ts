import { cli, counted, failed, passed, unreadPolicies, type RoleCheck } from "../verdict.ts";

/**
 * A role that writes IAM makes new roles, mightier than itself, unless a boundary is asked of them
 * and of itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export const boundaryMissing: RoleCheck = {
  name: "boundary-missing",
  title: "Writes IAM, and has no permissions boundary",
  level: "medium",
  judge: ({ role, account, partition, permissions }) => {
    if (role.boundaryArn !== null) return passed(`Its boundary is ${role.boundaryArn}.`);
    const writes = permissions.actions.filter(({ name, isWriteLike }) =>
      isWriteLike && name.startsWith("iam:")).map(({ name }) => name);
    if (writes.length === 0) return unreadPolicies(permissions) ?? passed("It may not write IAM.");
    return failed(
      `It may do ${counted(writes.length, "writing action")} of IAM, such as ${writes[0] ?? ""}, ` +
        "and has no permissions boundary.",
      { actions: writes.slice(0, 20) },
      cli("iam put-role-permissions-boundary", {
        "role-name": role.name,
        "permissions-boundary": `arn:${partition}:iam::${account}:policy/NAME_OF_THE_BOUNDARY`,
      }),
    );
  },
};
