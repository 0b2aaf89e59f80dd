import { trustUnattributable } from "../../../src/audit/checks/trust-unattributable.ts";
import { account, judgesRoles, trust, type RoleCase } from "../subjects.ts";

const runner = { AWS: `arn:aws:iam::${account}:role/runner` };
const bound = (key: string): RoleCase => ({
  what: `one that binds ${key}`,
  result: "pass",
  role: { trust: trust(runner, { Condition: { StringLike: { [key]: "agent-*" } } }) },
  because: "It binds a session's name, source identity or tags.",
});

judgesRoles(trustUnattributable, [
  {
    what: "one that asks for nothing",
    result: "fail",
    because:
      "It asks for no session name, source identity or tag: sessions may be called anything.",
    remedy: '"sts:SourceIdentity": "?*"',
  },
  {
    what: "one that only asks for an external id",
    result: "fail",
    role: { trust: trust(runner, { Condition: { StringEquals: { "sts:ExternalId": "x1" } } }) },
    because:
      "It asks for no session name, source identity or tag: sessions may be called anything.",
    remedy: '"sts:SetSourceIdentity"',
  },
  bound("sts:RoleSessionName"),
  bound("STS:SourceIdentity"),
  bound("aws:RequestTag/task"),
  {
    what: "a service's",
    role: { trust: trust({ Service: "lambda.amazonaws.com" }) },
    result: "pass",
    because: "No AWS principal may assume it: services and providers name sessions themselves.",
  },
  {
    what: "a trust policy that is none",
    role: { trust: "[]" },
    result: "unknown",
    because: "Its trust policy cannot be read.",
  },
]);
