import { leastPrivilege } from "../least-privilege.ts";
import {
  failed, notWatched, notWhole, passed, policy, unknown, unreadPolicies, watchedDaysOf,
  type RoleCheck,
} from "../verdict.ts";

/** Enough to see what it is about. */
const toldMax = 20;

/**
 * Permissions that were never used, with the policy that is left without them.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
 */
export const permissionsUnused: RoleCheck = {
  name: "permissions-unused",
  title: "Permissions that were never used",
  level: "low",
  judge: ({ permissions, observed }, { watchedDays }) => {
    if (observed === null) return unknown(notWatched);
    if (!observed.isWhole) return unknown(notWhole);
    const unread = unreadPolicies(permissions);
    if (unread !== null) return unread;
    const days = watchedDaysOf(observed);
    if (days < watchedDays) {
      return unknown(`It was watched for ${days} days; ${watchedDays} are needed.`, { days });
    }
    const { statements, removed, keptUnseen } = leastPrivilege(permissions, observed);
    const evidence = {
      days,
      removedCount: removed.length,
      removed: removed.slice(0, toldMax),
      keptUnseen,
      services: servicesOf(removed).slice(0, toldMax),
    };
    if (removed.length === 0) return passed(`It used all that it may, in ${days} days.`, evidence);
    return failed(
      `In ${days} days it never used ${removed.length} of the ${permissions.actions.length} ` +
        "actions that it may do.",
      evidence,
      policy(statements),
    );
  },
};

function servicesOf(actions: readonly string[]): readonly string[] {
  return [...new Set(actions.map((name) => name.slice(0, name.indexOf(":"))))];
}
