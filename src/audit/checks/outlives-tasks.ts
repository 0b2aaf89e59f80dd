import { stsMinimumSeconds } from "../../sessions/recommended-lifetime.ts";
import { cli, failed, notWatched, passed, unknown, type SeenRoleCheck } from "../verdict.ts";

/** Credentials that were good long after their task had ended. */
export const outlivesTasks: SeenRoleCheck = {
  name: "outlives-tasks",
  title: "Credentials outlive their tasks",
  level: "medium",
  judge: ({ role, observed }) => {
    if (observed === null) return unknown(notWatched);
    const { outlivedTaskCount, longestOutlivedSeconds, longestTaskSeconds } = observed;
    const evidence = { outlivedTaskCount, longestOutlivedSeconds, longestTaskSeconds };
    if (longestTaskSeconds === null) return unknown("No task of it was seen.", evidence);
    if (longestOutlivedSeconds <= stsMinimumSeconds) {
      return passed("None of its credentials was good long after its task.", evidence);
    }
    const seconds = Math.max(stsMinimumSeconds, Math.ceil(longestTaskSeconds));
    return failed(
      `Of ${outlivedTaskCount} tasks the credentials were good after the end, of one for ` +
        `${longestOutlivedSeconds} seconds.`,
      evidence,
      cli("sts assume-role", {
        "role-arn": role.arn,
        "role-session-name": "TASK",
        "duration-seconds": String(seconds),
      }),
    );
  },
};
