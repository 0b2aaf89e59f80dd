import { config, dayText, failed, passed, type AgentCheck } from "../verdict.ts";

/** An agent that works here, and nobody said so. */
export const agentNeverDeclared: AgentCheck = {
  name: "agent-never-declared",
  title: "Agent that nobody declared",
  level: "medium",
  judge: ({ name, isDeclared, lastSeenAt, roleArns }) => {
    if (isDeclared) return passed("The config declares it.");
    if (lastSeenAt === null) return passed("It was never seen.");
    const roles = roleArns.map((arn) => `      - ${JSON.stringify(arn)}\n`).join("");
    return failed(
      `It was last seen on ${dayText(lastSeenAt)}, and the config does not declare it.`,
      { lastSeenAt, roleArns },
      config(
        `agents:\n  - name: ${JSON.stringify(name)}\n` +
          (roles === "" ? "" : `    roles:\n${roles}`),
      ),
    );
  },
};
