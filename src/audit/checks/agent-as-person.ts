import { config, failed, notWatched, passed, unknown, type SeenRoleCheck } from "../verdict.ts";

/** Where Identity Center puts the roles that people sign in to. */
const signInPath = "/aws-reserved/sso.amazonaws.com/";

/**
 * An agent that works as the person who started it: what it does is held against the person, and it
 * cannot be stopped alone.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export const agentAsPerson: SeenRoleCheck = {
  name: "agent-as-person",
  title: "Agent works under a person's sign-in",
  level: "medium",
  judge: ({ role, observed }) => {
    if (!role.path.startsWith(signInPath)) return passed("People do not sign in to it.");
    if (observed === null) return unknown(notWatched);
    const { agents } = observed;
    if (agents.length === 0) return passed("No agent was seen with it.");
    const lines = agents.map((name) =>
      `  - name: ${JSON.stringify(name)}\n    roles: ["arn:aws:iam::*:role/A_ROLE_OF_ITS_OWN"]\n`);
    return failed(
      `${agents.join(", ")} works under it, which people sign in to.`, { agents },
      config(`agents:\n${lines.join("")}`),
    );
  },
};
