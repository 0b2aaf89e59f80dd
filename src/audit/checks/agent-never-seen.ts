import {
  config,
  dayText,
  daysBetween,
  failed,
  passed,
  unknown,
  type AgentCheck,
} from "../verdict.ts";

/** A declared agent that never came: gone, or taken for another. */
export const agentNeverSeen: AgentCheck = {
  name: "agent-never-seen",
  title: "Declared agent that was never seen",
  level: "low",
  judge: ({ name, isDeclared, lastSeenAt, watchedFrom }, { now, watchedDays }) => {
    if (!isDeclared) return passed("The config does not declare it.");
    if (lastSeenAt !== null)
      return passed(`It was last seen on ${dayText(lastSeenAt)}.`, { lastSeenAt });
    const days = watchedFrom === null ? 0 : daysBetween(watchedFrom, now);
    const evidence = { watchedFrom, watchedDays: days };
    if (days < watchedDays) {
      return unknown(`It was not seen yet, in the ${days} days that are watched.`, evidence);
    }
    return failed(
      `In ${days} days it was never seen.`,
      evidence,
      config(`# Remove it from agents, or check what recognises it:\nagents:\n  - name: ${name}\n`),
    );
  },
};
