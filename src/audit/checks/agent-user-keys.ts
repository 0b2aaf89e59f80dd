import { activeKeys, deactivate, keysUnknown } from "../user-keys.ts";
import { failed, passed, type UserCheck } from "../verdict.ts";

/**
 * An agent that works with an IAM user's access key: it has no end, and no session to revoke.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
 */
export const agentUserKeys: UserCheck = {
  name: "agent-user-keys",
  title: "Agent with an IAM user's access keys",
  level: "high",
  judge: ({ user, observed }) => {
    const keys = activeKeys(user);
    if (keys === null) return keysUnknown(user);
    const agents = observed?.agents ?? [];
    const evidence = { agents, accessKeyIds: keys.map(({ id }) => id) };
    const [key] = keys;
    if (key === undefined) return passed("It has no active access key.", evidence);
    if (agents.length === 0) return passed("No agent was seen to use it.", evidence);
    return failed(
      `${agents.join(", ")} works with its access key ${key.id}, which has no end.`, evidence,
      deactivate(user, key),
    );
  },
};
