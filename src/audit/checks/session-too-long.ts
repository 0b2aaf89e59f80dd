import { cli, failed, passed, unknown, type RoleCheck } from "../verdict.ts";

/**
 * The least that a role can be set to.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 */
const leastSeconds = 3600;
/** What lies above this, of the longest task, is nothing but time for a thief. */
const timesTheLongest = 2;

/** Sessions that may last far longer than any task does. */
export const sessionTooLong: RoleCheck = {
  name: "session-too-long",
  title: "Sessions may last far longer than tasks do",
  level: "low",
  judge: ({ role, observed }) => {
    const max = role.maxSessionSeconds;
    if (!max.known) return unknown(max.said, { action: max.action });
    const longest = observed?.longestTaskSeconds ?? null;
    const evidence = { maxSessionSeconds: max.value, longestTaskSeconds: longest };
    const allowed = `Sessions may last ${max.value} seconds`;
    if (max.value <= leastSeconds) return passed(`${allowed}, the least there is.`, evidence);
    if (longest === null) return unknown(`${allowed}; no task of it was seen.`, evidence);
    const needed = Math.max(leastSeconds, timesTheLongest * longest);
    return max.value <= needed
      ? passed(`${allowed}; its longest task took ${longest}.`, evidence)
      : failed(
        `${allowed}; its longest task took ${longest}, and twice that is enough.`, evidence,
        cli("iam update-role", {
          "role-name": role.name, "max-session-duration": String(Math.ceil(needed)),
        }),
      );
  },
};
