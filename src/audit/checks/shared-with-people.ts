import {
  failed, notWatched, notWhole, passed, policy, unknown, type SeenRoleCheck,
} from "../verdict.ts";

/** A role that people and agents use: no baseline, and no revocation, fits both. */
export const sharedWithPeople: SeenRoleCheck = {
  name: "shared-with-people",
  title: "People and agents use the same role",
  level: "medium",
  judge: ({ observed }) => {
    if (observed === null) return unknown(notWatched);
    const { agents, humanSessionCount } = observed;
    const evidence = { agents, humanSessionCount };
    if (agents.length === 0) return passed("No agent uses it.", evidence);
    if (humanSessionCount === 0) {
      return observed.isWhole ? passed(`Only ${agents.join(", ")} uses it.`, evidence)
        : unknown(notWhole, evidence);
    }
    return failed(
      `${agents.join(", ")} uses it, and so do people, in ${humanSessionCount} sessions.`, evidence,
      // Of a role's trust policy: agents bind a source identity, people come with a second factor.
      policy([{
        Effect: "Deny", Principal: { AWS: "*" }, Action: "sts:AssumeRole",
        Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
      }]),
    );
  },
};
