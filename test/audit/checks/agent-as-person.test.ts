import { agentAsPerson } from "../../../src/audit/checks/agent-as-person.ts";
import { judgesRoles } from "../subjects.ts";

const role = {
  name: "AWSReservedSSO_Developer_0123456789abcdef",
  path: "/aws-reserved/sso.amazonaws.com/eu-west-1/",
};

judgesRoles(agentAsPerson, [
  { what: "an agent's own", observed: {}, result: "pass", because: "People do not sign in to it." },
  {
    what: "a person's, that an agent uses",
    role,
    observed: { agents: ["claude-code"] },
    result: "fail",
    because: "claude-code works under it, which people sign in to.",
    remedy: '- name: "claude-code"\n    roles: ["arn:aws:iam::*:role/A_ROLE_OF_ITS_OWN"]',
  },
  {
    what: "a person's, that none uses",
    role,
    observed: { agents: [] },
    result: "pass",
    because: "No agent was seen with it.",
  },
  {
    what: "a person's, that is not watched",
    role,
    result: "unknown",
    because: "Nothing is known of its calls: its account is not watched.",
  },
]);
