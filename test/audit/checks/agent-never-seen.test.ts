import { agentNeverSeen } from "../../../src/audit/checks/agent-never-seen.ts";
import { daysAgo, judgesAgents } from "../subjects.ts";

judgesAgents(agentNeverSeen, [
  {
    what: "one that was seen", agent: { lastSeenAt: daysAgo(3) }, result: "pass",
    because: "It was last seen on 2026-06-27.",
  },
  {
    what: "one that was not, in long", agent: {}, result: "fail",
    because: "In 60 days it was never seen.", remedy: "- name: coder",
  },
  {
    what: "one that was not, yet", agent: { watchedFrom: daysAgo(29) }, result: "unknown",
    because: "It was not seen yet, in the 29 days that are watched.",
  },
  {
    what: "one where nothing is watched", agent: { watchedFrom: null }, result: "unknown",
    because: "It was not seen yet, in the 0 days that are watched.",
  },
  {
    what: "one that nobody declared", agent: { isDeclared: false }, result: "pass",
    because: "The config does not declare it.",
  },
]);
