import { agentNeverDeclared } from "../../../src/audit/checks/agent-never-declared.ts";
import { daysAgo, judgesAgents } from "../subjects.ts";

const roleArns = ["arn:aws:iam::111122223333:role/dev"];

judgesAgents(agentNeverDeclared, [
  { what: "a declared one", agent: {}, result: "pass", because: "The config declares it." },
  {
    what: "one that came by itself",
    result: "fail",
    agent: { name: "claude-code", isDeclared: false, lastSeenAt: daysAgo(1), roleArns },
    because: "It was last seen on 2026-06-29, and the config does not declare it.",
    remedy:
      'agents:\n  - name: "claude-code"\n' +
      '    roles:\n      - "arn:aws:iam::111122223333:role/dev"\n',
  },
  {
    what: "one that never came",
    agent: { isDeclared: false },
    result: "pass",
    because: "It was never seen.",
  },
]);
