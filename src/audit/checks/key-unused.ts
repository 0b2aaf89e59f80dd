import { activeKeys, deactivate, keysUnknown } from "../user-keys.ts";
import {
  dayText, daysBetween, failed, passed, unknown, whenText, type UserCheck,
} from "../verdict.ts";

/** An active access key that nothing uses. */
export const keyUnused: UserCheck = {
  name: "key-unused",
  title: "Access key that nothing uses",
  level: "medium",
  judge: ({ user }, { now, keyAgeDays, newDays }) => {
    const keys = activeKeys(user);
    if (keys === null) return keysUnknown(user);
    const unused = keys.find(({ lastUsed, createdAt }) => lastUsed.known &&
      daysBetween(lastUsed.value?.at ?? createdAt, now) >
        (lastUsed.value === null ? newDays : keyAgeDays));
    if (unused !== undefined) {
      const { id, lastUsed, createdAt } = unused;
      const at = lastUsed.known ? (lastUsed.value?.at ?? null) : null;
      return failed(
        at === null ? `${id} was never used since ${dayText(createdAt)}.`
          : `${id} was last used on ${whenText(at, now)}.`,
        { accessKeyId: id, lastUsedAt: at, createdAt },
        deactivate(user, unused),
      );
    }
    const unsure = keys.flatMap(({ lastUsed }) => lastUsed.known ? [] : [lastUsed]);
    if (unsure[0] !== undefined) return unknown(unsure[0].said, { action: unsure[0].action });
    return passed(keys.length === 0 ? "It has no active access key." : "Its active keys are used.");
  },
};
