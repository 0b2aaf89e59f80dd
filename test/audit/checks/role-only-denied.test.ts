import { roleOnlyDenied } from "../../../src/audit/checks/role-only-denied.ts";
import { judgesRoles, used } from "../subjects.ts";

judgesRoles(roleOnlyDenied, [
  {
    what: "one that is not watched", result: "unknown",
    because: "Nothing is known of its calls: its account is not watched.",
  },
  {
    what: "one whose calls are all denied",
    observed: { actions: [used("s3:GetObject", 0, 3), used("kms:Decrypt", 0, 2)] },
    result: "fail", because: "All of its 5 calls were denied.",
    remedy: "aws iam update-assume-role-policy --role-name agent-reader",
  },
  {
    what: "one that does something", observed: { actions: [used("s3:GetObject", 1, 300)] },
    result: "pass", because: "1 of its calls were allowed.",
  },
  { what: "one that makes no calls", observed: {}, result: "pass", because: "It made no calls." },
  {
    what: "a role of which only some calls are known",
    observed: { isWhole: false, actions: [used("s3:PutObject", 0, 3)] },
    result: "unknown",
    because: "Not all of its calls are known: the store was filled with what may be an agent's " +
      "alone.",
  },
]);
