import { activeKeys, deactivate, keysUnknown } from "../user-keys.ts";
import { failed, passed, type UserCheck } from "../verdict.ts";

/** Two active keys are for the days of changing one for the other. */
export const twoActiveKeys: UserCheck = {
  name: "two-active-keys",
  title: "Two active access keys",
  level: "low",
  judge: ({ user }) => {
    const keys = activeKeys(user);
    if (keys === null) return keysUnknown(user);
    const accessKeyIds = keys.map(({ id }) => id);
    const [oldest, second] = keys;
    if (oldest === undefined || second === undefined) {
      return passed(`It has ${keys.length === 0 ? "no" : "one"} active access key.`);
    }
    return failed(
      `Both its access keys are active: ${accessKeyIds.join(", ")}.`, { accessKeyIds },
      deactivate(user, oldest),
    );
  },
};
