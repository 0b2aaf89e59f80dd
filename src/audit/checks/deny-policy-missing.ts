import { cli, failed, passed, unknown, type RoleCheck } from "../verdict.ts";

/** Revoking by a policy attached beforehand takes one call, and needs no room of a role's. */
export const denyPolicyMissing: RoleCheck = {
  name: "deny-policy-missing",
  title: "Policy for revocations is not attached",
  level: "low",
  judge: ({ role, account, partition }, { denyPolicyName }) => {
    if (denyPolicyName === null) return unknown("No policy for revocations is set up.");
    const isNamed = (arn: string) =>
      arn.startsWith(`arn:${partition}:iam::${account}:policy/`) &&
      arn.endsWith(`/${denyPolicyName}`);
    if (role.attachedPolicyArns.some(isNamed)) return passed(`${denyPolicyName} is attached.`);
    return failed(
      `${denyPolicyName} is not attached.`,
      { attached: role.attachedPolicyArns },
      cli("iam attach-role-policy", {
        "role-name": role.name,
        "policy-arn": `arn:${partition}:iam::${account}:policy/${denyPolicyName}`,
      }),
    );
  },
};
