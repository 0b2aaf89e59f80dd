import { describe, expect, it } from "vitest";
import type { Denial } from "../../src/events/result.ts";
import type { FactValue } from "../../src/facts/fact.ts";
import { otherPrincipal, rolePrincipal, trailEvent } from "../builders/event.ts";
import type { EventOverrides } from "../builders/event.ts";
import { factOf } from "../builders/fact-context.ts";

function fact(name: string, event: EventOverrides): FactValue {
  return factOf(name, { event: trailEvent(event) });
}

const asked = (requestParameters: unknown): EventOverrides => ({ record: { requestParameters } });

/** A denial as AWS logs it: the request left out, what its message tells kept. */
function denied(resource: string | null, action: string | null = null): EventOverrides {
  const untold: Denial = {
    kind: "implicit", policyType: null, policyArn: null, action, resource,
  };
  return { record: { requestParameters: null }, result: { outcome: "denied", denial: untold } };
}

const own = "arn:aws:iam::111111111111:role/agents/ro-inventory";

describe("event.targets_own_role", () => {
  const attach = { operation: "iam:AttachRolePolicy" };
  it.each<[string, EventOverrides, boolean]>([
    ["its own role by name", { ...attach, ...asked({ roleName: "ro-inventory" }) }, true],
    ["another role", { ...attach, ...asked({ roleName: "deploy" }) }, false],
    ["a longer name", { ...attach, ...asked({ roleName: "ro-inventory-2" }) }, false],
    ["denied, by ARN with a path", { ...attach, ...denied(own) }, true],
    ["denied, by ARN without one",
      { ...attach, ...denied("arn:aws:iam::111111111111:role/ro-inventory") }, true],
    ["denied, in IAM's words", { ...attach, ...denied("role ro-inventory") }, true],
    ["denied, another's", { ...attach, ...denied("role deploy") }, false],
    ["denied, a user of that name", { ...attach, ...denied("user ro-inventory") }, false],
    ["denied, nothing told", { ...attach, ...denied(null) }, false],
    ["a role of that name in another account",
      { ...attach, ...asked({ roleName: "ro-inventory" }), account: "333333333333" }, false],
    ["an account that is not told",
      { ...attach, ...asked({ roleName: "ro-inventory" }), account: null }, true],
    ["reading it", { operation: "iam:GetRole", ...asked({ roleName: "ro-inventory" }) }, false],
    ["no role session",
      {
        ...attach,
        ...asked({ roleName: "ro-inventory" }),
        principal: otherPrincipal({ kind: "iam-user", userName: "ro-inventory" }),
      },
      false],
    ["a role whose path is not told",
      {
        operation: "iam:DeleteRolePolicy",
        ...asked({ roleName: "x" }),
        principal: rolePrincipal({ name: "x", session: "s", createdAt: null, accessKeyId: null }),
      },
      true],
  ])("%s: %#", (_, event, expected) => {
    expect(fact("event.targets_own_role", event)).toBe(expected);
  });
});

describe("event.passed_role", () => {
  const arn = "arn:aws:iam::111111111111:role/node";
  const profile = { IamInstanceProfile: { Name: "node" } };
  it.each<[string, unknown, FactValue]>([
    ["lambda:CreateFunction", { role: arn }, arn],
    ["lambda:UpdateFunctionConfiguration", { timeout: 3 }, null],
    ["ec2:RunInstances", { iamInstanceProfile: { name: "node" } }, "node"],
    ["ec2:RunInstances", { iamInstanceProfile: { arn, name: "node" } }, arn],
    ["ec2:RunInstances", { instanceType: "t3.micro" }, null],
    ["ec2:AssociateIamInstanceProfile", { AssociateIamInstanceProfileRequest: profile }, "node"],
    ["ec2:CreateLaunchTemplate",
      { CreateLaunchTemplateRequest: { LaunchTemplateData: profile } }, "node"],
    ["ecs:RegisterTaskDefinition", { executionRoleArn: arn }, arn],
    ["ecs:RunTask", { overrides: { taskRoleArn: arn } }, arn],
    ["cloudformation:CreateStack", { roleARN: arn }, arn],
    ["cloudformation:CreateStack", { stackName: "s" }, null],
    ["events:PutTargets", { targets: [{ id: "1" }, { id: "2", roleArn: arn }] }, arn],
    ["events:PutTargets", { targets: [{ id: "1" }] }, null],
    ["iam:AddRoleToInstanceProfile", { roleName: "node" }, "node"],
    ["iam:AttachRolePolicy", { roleName: "node" }, null],
    ["lambda:CreateFunction", { role: { toString: arn } }, null],
    ["lambda:CreateFunction", null, null],
  ])("%s %j", (operation, request, expected) => {
    expect(fact("event.passed_role", { operation, ...asked(request) })).toBe(expected);
  });

  it("is what a denial of iam:PassRole names, whatever was called", () => {
    const event = { operation: "ec2:RunInstances", ...denied(arn, "iam:PassRole") };
    expect(fact("event.passed_role", event)).toBe(arn);
  });

  it("is not what another denial names", () => {
    const event = { operation: "ec2:RunInstances", ...denied(arn, "ec2:RunInstances") };
    expect(fact("event.passed_role", event)).toBeNull();
  });
});

describe("event.assumed_role", () => {
  const sts = { service: "sts", name: "AssumeRole" };
  const deploy = "arn:aws:iam::222222222222:role/deploy";
  const resources = [{ arn: deploy, account: "222222222222", type: "AWS::IAM::Role" }];
  it.each<[string, EventOverrides, FactValue]>([
    ["the request's", { ...sts, ...asked({ roleArn: deploy }) }, deploy],
    ["a denial's, the request being left out", { ...sts, ...denied(deploy) }, deploy],
    ["the record's resource, where nothing else tells", { ...sts, resources }, deploy],
    ["none told", { ...sts, ...denied(null) }, null],
    ["a web identity's",
      { ...sts, name: "AssumeRoleWithWebIdentity", ...asked({ roleArn: deploy }) }, deploy],
    ["the account whose root is assumed",
      { ...sts, name: "AssumeRoot", ...asked({ targetPrincipal: "222222222222" }) },
      "222222222222"],
    ["another call of STS", { ...sts, name: "GetCallerIdentity", resources }, null],
    ["another service's call of that name", { ...sts, service: "lakeformation", resources }, null],
  ])("%s", (_, event, expected) => {
    expect(fact("event.assumed_role", event)).toBe(expected);
  });
});
