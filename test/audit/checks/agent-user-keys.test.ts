import { agentUserKeys } from "../../../src/audit/checks/agent-user-keys.ts";
import { knownPart, notAsked } from "../../../src/audit/part.ts";
import { judgesUsers, key, now } from "../subjects.ts";

const accessKeys = knownPart([key("AKIAFIRST00000000001")], now);

judgesUsers(agentUserKeys, [
  {
    what: "none without keys",
    observed: {},
    result: "pass",
    because: "It has no active access key.",
  },
  {
    what: "one that an agent uses",
    user: { accessKeys },
    observed: {},
    result: "fail",
    because: "reader works with its access key AKIAFIRST00000000001, which has no end.",
    remedy:
      "aws iam update-access-key --user-name agent-user --access-key-id AKIAFIRST00000000001 " +
      "--status Inactive",
  },
  {
    what: "one that no agent uses",
    user: { accessKeys },
    observed: { agents: [] },
    result: "pass",
    because: "No agent was seen to use it.",
  },
  {
    what: "one whose keys are inactive",
    observed: {},
    result: "pass",
    user: { accessKeys: knownPart([key("AKIAFIRST00000000001", { isActive: false })], now) },
    because: "It has no active access key.",
  },
  {
    what: "one whose keys nobody knows",
    user: { accessKeys: notAsked("iam:ListAccessKeys") },
    result: "unknown",
    because: "It was not asked for.",
  },
]);
