import type { HeldStatement } from "../permissions.ts";
import { failed, passed, policy, unreadPolicies, type RoleCheck } from "../verdict.ts";

/**
 * Whoever may pass any role to a service may do all that the mightiest role of the account may.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const passRoleAnything: RoleCheck = {
  name: "pass-role-anything",
  title: "May pass any role to a service",
  level: "high",
  judge: ({ account, partition, permissions }) => {
    const passing = permissions.allowing("iam:PassRole", null);
    const wide = passing.filter(({ statement }) => isWide(statement.resources));
    if (wide.length === 0) {
      return unreadPolicies(permissions) ??
        passed(passing.length === 0 ? "It may pass no role." : "It may pass named roles only.");
    }
    const names = [...new Set(wide.map(({ policy: { name } }) => name))];
    return failed(
      `It may pass any role to a service, by ${names.join(", ")}.`,
      { policies: names },
      policy([
        {
          Effect: "Allow",
          Action: "iam:PassRole",
          Resource: `arn:${partition}:iam::${account}:role/NAME_OF_THE_ROLE`,
          Condition: { StringEquals: { "iam:PassedToService": services(wide) } },
        },
      ]),
    );
  },
};

/** `*`, `arn:aws:iam::*:role/*`; null: all but some. */
function isWide(resources: readonly string[] | null): boolean {
  return (
    resources?.some((resource) =>
      /^(?:\*+|arn:[^:]+:iam::[^:]*:(?:\*|role\/\*))$/.test(resource),
    ) ?? true
  );
}

/** To which services roles may be passed by now, where that is said. */
function services(wide: readonly HeldStatement[]): readonly string[] {
  const named = wide
    .flatMap(({ statement }) => statement.conditions)
    .filter(({ key }) => key === "iam:passedtoservice")
    .flatMap(({ values }) => values);
  return named.length > 0 ? named : ["SERVICE.amazonaws.com"];
}
