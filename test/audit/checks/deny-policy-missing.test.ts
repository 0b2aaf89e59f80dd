import { denyPolicyMissing } from "../../../src/audit/checks/deny-policy-missing.ts";
import { account, judgesRoles } from "../subjects.ts";

const setting = { denyPolicyName: "AgentSessionDeny" };
const own = `arn:aws:iam::${account}:policy/AgentSessionDeny`;

judgesRoles(denyPolicyMissing, [
  { what: "nothing set up", result: "unknown", because: "No policy for revocations is set up." },
  {
    what: "the policy attached",
    setting,
    role: { attachedPolicyArns: [own] },
    result: "pass",
    because: "AgentSessionDeny is attached.",
  },
  {
    what: "no policy attached",
    setting,
    result: "fail",
    because: "AgentSessionDeny is not attached.",
    remedy: `aws iam attach-role-policy --role-name agent-reader --policy-arn ${own}`,
  },
  {
    what: "another account's policy attached",
    setting,
    result: "fail",
    role: { attachedPolicyArns: [own.replace(account, "999988887777")] },
    because: "AgentSessionDeny is not attached.",
  },
]);
