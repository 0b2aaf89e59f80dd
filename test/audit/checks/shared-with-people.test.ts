import { sharedWithPeople } from "../../../src/audit/checks/shared-with-people.ts";
import { judgesRoles } from "../subjects.ts";

judgesRoles(sharedWithPeople, [
  {
    what: "one that is not watched", result: "unknown",
    because: "Nothing is known of its calls: its account is not watched.",
  },
  { what: "an agent's", observed: {}, result: "pass", because: "Only reader uses it." },
  {
    what: "people's", observed: { agents: [], humanSessionCount: 3 }, result: "pass",
    because: "No agent uses it.",
  },
  {
    what: "an agent's and people's", observed: { humanSessionCount: 3 }, result: "fail",
    because: "reader uses it, and so do people, in 3 sessions.", remedy: '"Effect": "Deny"',
  },
  {
    what: "a role of which only some calls are known",
    observed: { isWhole: false, agents: ["reader"] },
    result: "unknown",
    because: "Not all of its calls are known: the store was filled with what may be an agent's " +
      "alone.",
  },
]);
