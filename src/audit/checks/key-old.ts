import { activeKeys, deactivate, keysUnknown } from "../user-keys.ts";
import { cli, daysBetween, failed, inTurn, passed, whenText, type UserCheck } from "../verdict.ts";

/** An access key that was not changed for long. */
export const keyOld: UserCheck = {
  name: "key-old",
  title: "Old access key",
  level: "medium",
  judge: ({ user }, { now, keyAgeDays }) => {
    const keys = activeKeys(user);
    if (keys === null) return keysUnknown(user);
    const [oldest] = keys;
    if (oldest === undefined) return passed("It has no active access key.");
    const evidence = { accessKeyId: oldest.id, createdAt: oldest.createdAt, keyAgeDays };
    const because = `${oldest.id} is from ${whenText(oldest.createdAt, now)}`;
    if (daysBetween(oldest.createdAt, now) <= keyAgeDays) return passed(`${because}.`, evidence);
    return failed(
      `${because}; ${keyAgeDays} are the limit.`, evidence,
      inTurn(cli("iam create-access-key", { "user-name": user.name }), deactivate(user, oldest)),
    );
  },
};
