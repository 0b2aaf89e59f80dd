import { disarm } from "../trust.ts";
import { failed, notWatched, notWhole, passed, unknown, type SeenRoleCheck } from "../verdict.ts";

/** A role whose every call is denied does no work: it is broken, or somebody tries what it may. */
export const roleOnlyDenied: SeenRoleCheck = {
  name: "role-only-denied",
  title: "Role whose only use is denied",
  level: "medium",
  judge: ({ role, observed }) => {
    if (observed === null) return unknown(notWatched);
    const { actions } = observed;
    const count = (of: "allowedCount" | "deniedCount") =>
      actions.reduce((sum, action) => sum + action[of], 0);
    const [allowedCount, deniedCount] = [count("allowedCount"), count("deniedCount")];
    const evidence = { allowedCount, deniedCount, actions: actions.map(({ action }) => action) };
    if (allowedCount > 0) return passed(`${allowedCount} of its calls were allowed.`, evidence);
    if (!observed.isWhole) return unknown(notWhole, evidence);
    if (deniedCount === 0) return passed("It made no calls.", evidence);
    const because = `All of its ${deniedCount} calls were denied.`;
    return failed(because, evidence, disarm(role.name));
  },
};
