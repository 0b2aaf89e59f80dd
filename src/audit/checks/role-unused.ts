import { disarm } from "../trust.ts";
import { dayText, daysBetween, failed, passed, whenText, type RoleCheck } from "../verdict.ts";

/**
 * A role that nothing uses can only be misused. IAM counts 400 days back, hours late, and denied
 * calls too; our own history is newer.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleLastUsed.html
 */
export const roleUnused: RoleCheck = {
  name: "role-unused",
  title: "Role that nothing uses",
  level: "medium",
  judge: ({ role, observed }, { now, unusedDays, newDays }) => {
    const uses = [role.lastUsed?.at ?? null, observed?.lastSessionAt ?? null];
    const lastAt = uses.reduce((a, b) => (a !== null && (b === null || a > b) ? a : b));
    const ageDays = daysBetween(role.createdAt, now);
    const evidence = { lastUsedAt: lastAt, createdAt: role.createdAt, unusedDays };
    const remedy = disarm(role.name);
    if (lastAt === null) {
      return ageDays <= newDays
        ? passed(`It is from ${whenText(role.createdAt, now)}, and may wait for a use.`, evidence)
        : failed(`It was never used since ${dayText(role.createdAt)}.`, evidence, remedy);
    }
    const last = `It was last used on ${whenText(lastAt, now)}`;
    return daysBetween(lastAt, now) > unusedDays
      ? failed(`${last}; ${unusedDays} are the limit.`, evidence, remedy)
      : passed(`${last}.`, evidence);
  },
};
