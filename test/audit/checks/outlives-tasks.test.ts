import { outlivesTasks } from "../../../src/audit/checks/outlives-tasks.ts";
import { judgesRoles } from "../subjects.ts";

judgesRoles(outlivesTasks, [
  {
    what: "one that is not watched",
    result: "unknown",
    because: "Nothing is known of its calls: its account is not watched.",
  },
  {
    what: "one without tasks",
    observed: {},
    result: "unknown",
    because: "No task of it was seen.",
  },
  {
    what: "credentials that were good for an hour more",
    result: "fail",
    observed: { longestTaskSeconds: 120, outlivedTaskCount: 4, longestOutlivedSeconds: 3480 },
    because: "Of 4 tasks the credentials were good after the end, of one for 3480 seconds.",
    remedy:
      "aws sts assume-role --role-arn arn:aws:iam::111122223333:role/agents/agent-reader " +
      "--role-session-name TASK --duration-seconds 900",
  },
  {
    what: "credentials as short as they can be",
    result: "pass",
    observed: { longestTaskSeconds: 120, outlivedTaskCount: 4, longestOutlivedSeconds: 780 },
    because: "None of its credentials was good long after its task.",
  },
]);
