import { trustIn } from "../trust.ts";
import { failed, passed, policy, unknown, type RoleCheck } from "../verdict.ts";

/** Keys that bind a session to whoever opened it. */
const naming = /^(?:sts:rolesessionname|sts:sourceidentity|aws:sourceidentity|aws:requesttag\/.+)$/;

/**
 * Whoever assumes a role chooses the session's name, unless the trust policy says otherwise: then
 * nobody can tell one agent's calls from another's.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
export const trustUnattributable: RoleCheck = {
  name: "trust-unattributable",
  title: "Sessions may be called anything",
  level: "medium",
  judge: ({ role }) => {
    const statements = trustIn(role.trust);
    if (statements === null) return unknown("Its trust policy cannot be read.");
    const byPrincipals = statements.filter(({ principals }) =>
      principals.some(({ kind }) => kind === "AWS"),
    );
    const open = byPrincipals.filter(
      ({ conditions }) => !conditions.some(({ key }) => naming.test(key)),
    );
    if (open.length === 0) {
      return passed(
        byPrincipals.length === 0
          ? "No AWS principal may assume it: services and providers name sessions themselves."
          : "It binds a session's name, source identity or tags.",
      );
    }
    const principals = open.flatMap((statement) => statement.principals.map(({ value }) => value));
    return failed(
      "It asks for no session name, source identity or tag: sessions may be called anything.",
      { principals },
      policy(
        statements.map((statement) =>
          open.includes(statement) ? withSourceIdentity(statement.source) : statement.source,
        ),
      ),
    );
  },
};

/** A source identity stays with a session through every role it goes on to. */
function withSourceIdentity(source: Readonly<Record<string, unknown>>): object {
  const condition = (source["Condition"] ?? {}) as Record<string, object>;
  const actions = new Set([source["Action"], "sts:SetSourceIdentity"].flat());
  return {
    ...source,
    Action: [...actions],
    Condition: {
      ...condition,
      StringLike: { ...condition["StringLike"], "sts:SourceIdentity": "?*" },
    },
  };
}
