import { sessionTooLong } from "../../../src/audit/checks/session-too-long.ts";
import { notAsked, knownPart } from "../../../src/audit/part.ts";
import { judgesRoles, now } from "../subjects.ts";

const seconds = (value: number) => ({ maxSessionSeconds: knownPart(value, now) });

judgesRoles(sessionTooLong, [
  {
    what: "the least there is",
    result: "pass",
    because: "Sessions may last 3600 seconds, the least there is.",
  },
  {
    what: "more, where no task was seen",
    role: seconds(43_200),
    observed: {},
    result: "unknown",
    because: "Sessions may last 43200 seconds; no task of it was seen.",
  },
  {
    what: "more than twice the longest task",
    role: seconds(43_200),
    observed: { longestTaskSeconds: 4000.5 },
    result: "fail",
    because:
      "Sessions may last 43200 seconds; its longest task took 4000.5, and twice that is enough.",
    remedy: "aws iam update-role --role-name agent-reader --max-session-duration 8001",
  },
  {
    what: "more than an hour for tasks of minutes",
    role: seconds(7200),
    observed: { longestTaskSeconds: 120 },
    result: "fail",
    because: "Sessions may last 7200 seconds; its longest task took 120, and twice that is enough.",
    remedy: "--max-session-duration 3600",
  },
  {
    what: "what tasks need",
    role: seconds(7200),
    observed: { longestTaskSeconds: 3600 },
    result: "pass",
    because: "Sessions may last 7200 seconds; its longest task took 3600.",
  },
  {
    what: "what nobody was asked for",
    role: { maxSessionSeconds: notAsked("iam:ListRoles") },
    result: "unknown",
    because: "It was not asked for.",
  },
]);
