import { trustDangling } from "../../../src/audit/checks/trust-dangling.ts";
import { account, judgesRoles, trust } from "../subjects.ts";

const gone = "AROAEXAMPLEGONE00001";
const there = `arn:aws:iam::${account}:role/runner`;

judgesRoles(trustDangling, [
  {
    what: "an ARN", result: "pass",
    because: "All whom it trusts are there, or were never named.",
  },
  {
    what: "an id beside an ARN", role: { trust: trust({ AWS: [gone, there] }) }, result: "fail",
    because: `It trusts ${gone}, of a user or role that was deleted.`,
    remedy: `"AWS": [\n          "${there}"\n        ]`,
  },
  {
    what: "an id alone", role: { trust: trust({ AWS: "AIDAEXAMPLEGONE00001" }) }, result: "fail",
    because: "It trusts AIDAEXAMPLEGONE00001, of a user or role that was deleted.",
    remedy: '"Effect": "Deny"',
  },
  {
    what: "a trust policy that is none", role: { trust: "" }, result: "unknown",
    because: "Its trust policy cannot be read.",
  },
]);
