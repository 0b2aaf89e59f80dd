import { expect, it } from "vitest";
import { zoneOpen } from "../../../src/audit/checks/zone-open.ts";
import { Config, type ZoneConfig } from "../../../src/config/schema.ts";
import {
  account, allow, deny, judgesRoles, permissions, roleSubject, unreadPermissions, usualSetting, now,
} from "../subjects.ts";

function zone(limits: object): readonly ZoneConfig[] {
  return Config.parse({ zones: [{ name: "prod", ...limits }] }).zones;
}

const buckets = zone({ resources: ["arn:aws:s3:::prod-*"] });
const queues = zone({ services: ["sqs"] });
const region = zone({ regions: ["eu-*"], services: ["sqs"] });
const other = zone({ accounts: ["444455556666"], services: ["sqs"] });
const get = (Resource: string) => permissions(allow("s3:GetObject", { Resource }));
const inRegion = (operator: string, value: string) =>
  ({ Condition: { [operator]: { "aws:RequestedRegion": value } } });
const send = "sqs:SendMessage";
const one = (action: string) => `It may do 1 action in prod, such as ${action}.`;
const nothing = "It may do nothing in prod.";

judgesRoles(zoneOpen, [
  { what: "one to which no zone is forbidden", result: "pass", permissions: permissions(allow("*")),
    because: "No zone is forbidden to it." },
  { what: "a bucket of the zone", forbiddenZones: buckets, result: "fail",
    permissions: get("arn:aws:s3:::prod-a/*"), because: one("s3:GetObject"),
    remedy: '"Sid": "KeepOutOfprod"' },
  { what: "every bucket there is", forbiddenZones: buckets, permissions: get("*"),
    result: "fail", because: one("s3:GetObject") },
  { what: "another bucket", forbiddenZones: buckets, permissions: get("arn:aws:s3:::dev/*"),
    result: "pass", because: nothing },
  { what: "a bucket that is denied", forbiddenZones: buckets, result: "pass", because: nothing,
    permissions: permissions(allow("s3:GetObject"), deny("s3:*", {
      Resource: "arn:aws:s3:::prod-*",
    })) },
  { what: "a service of the zone", forbiddenZones: queues, permissions: permissions(allow(send)),
    result: "fail", because: one(send), remedy: '"sqs:*"' },
  { what: "another service", forbiddenZones: queues, permissions: permissions(allow("s3:Get*")),
    result: "pass", because: nothing },
  { what: "a region of the zone", forbiddenZones: region, result: "fail", because: one(send),
    permissions: permissions(allow(send, inRegion("StringEquals", "eu-west-1"))),
    remedy: '"aws:RequestedRegion"' },
  { what: "another region", forbiddenZones: region, result: "pass", because: nothing,
    permissions: permissions(allow(send, inRegion("StringEquals", "us-east-1"))) },
  { what: "a region that is denied", forbiddenZones: region, result: "pass", because: nothing,
    permissions: permissions(allow(send), deny("*", inRegion("StringNotEquals", "us-east-1"))) },
  { what: "only some of the region denied", forbiddenZones: region, result: "fail",
    because: one(send),
    permissions: permissions(allow(send), deny("*", inRegion("StringEquals", "eu-west-1"))) },
  { what: "a service of no region", forbiddenZones: zone({ regions: ["eu-*"] }), result: "pass",
    because: nothing, permissions: permissions(allow("iam:GetUser")) },
  { what: "its own account", forbiddenZones: zone({ accounts: [account] }), result: "fail",
    because: one(send), permissions: permissions(allow(send)) },
  { what: "another account, by name", forbiddenZones: other, result: "fail", because: one(send),
    permissions: permissions(allow(send, { Resource: "arn:aws:sqs:*:444455556666:q" })) },
  { what: "another account, by nothing that names it", forbiddenZones: other, result: "pass",
    because: nothing, permissions: permissions(allow(send)) },
  { what: "a policy that nobody knows", forbiddenZones: queues, permissions: unreadPermissions,
    result: "unknown", because: `arn:aws:iam::${account}:policy/lost is not known.` },
]);

it.each([buckets, queues, region, zone({ accounts: [account] }), zone({ regions: ["*"] })])(
  "what mends it keeps the agent out of %j", (only) => {
    const everything = [allow("*")];
    const of = (...statements: readonly object[]) => zoneOpen.judge(
      roleSubject({ forbiddenZones: [only], permissions: permissions(...statements) }),
      { ...usualSetting, now });
    const { result, remedy } = of(...everything);
    expect(result).toBe("fail");
    const { Statement } = JSON.parse(remedy?.text ?? "") as { readonly Statement: object[] };
    expect(of(...everything, ...Statement).result).toBe("pass");
  });
