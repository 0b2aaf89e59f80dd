import { describe, expect, it } from "vitest";
import { Config } from "../../src/config/schema.ts";
import type { Denial } from "../../src/events/result.ts";
import type { FactValue } from "../../src/facts/fact.ts";
import type { Attribution, RoleMode } from "../../src/sessions/attribution.ts";
import { trailEvent, type EventOverrides } from "../builders/event.ts";
import { factOf, session } from "../builders/fact-context.ts";

const production = "333333333333";
const config = Config.parse({
  agents: [
    {
      name: "inventory",
      roles: ["*"],
      mayAssume: ["arn:aws:iam::*:role/agents/*"],
      allowedSensitiveReads: ["ssm:*"],
      forbiddenZones: ["production", "america", "vault", "keys-abroad", "empty"],
    },
    { name: "free", roles: ["*"] },
  ],
  zones: [
    { name: "production", accounts: [production] },
    { name: "america", regions: ["us-*"] },
    { name: "vault", services: ["secretsmanager"], resources: ["arn:aws:secretsmanager:*:*:v/*"] },
    { name: "keys-abroad", services: ["kms"], regions: ["ap-*"] },
    { name: "eu", regions: ["eu-*"] },
    { name: "empty" },
  ],
});
const inventory: Partial<Attribution> = { agent: "inventory", status: "declared" };

function fact(name: string, event: EventOverrides, attribution = inventory): FactValue {
  const context = { config, event: trailEvent(event), session: session({ attribution }) };
  return factOf(`agent.${name}`, context);
}

function resource(arn: string, account: string | null = null): EventOverrides {
  return { resources: [{ arn, account, type: null }] };
}

function denied(named: string): EventOverrides {
  const denial: Denial = {
    kind: "implicit", policyType: null, policyArn: null, action: null, resource: named,
  };
  return { result: { outcome: "denied", denial } };
}

const sts = { service: "sts", name: "AssumeRole", operation: "sts:AssumeRole" };
const endpoint = (endpointType: string) => ({
  record: { additionalEventData: { RequestDetails: { endpointType } } },
});

describe("agent.zone", () => {
  it.each<[string, EventOverrides, FactValue]>([
    ["an event of a forbidden account", { account: production }, "production"],
    ["a resource whose ARN names it", resource(`arn:aws:kms:eu-west-1:${production}:key/k`),
      "production"],
    ["a bucket, whose account the record names", resource("arn:aws:s3:::ledger", production),
      "production"],
    ["a bucket nobody tells the account of", resource("arn:aws:s3:::ledger"), null],
    ["a denied role of it", { ...sts, ...denied(`arn:aws:iam::${production}:role/r`) },
      "production"],
    ["a forbidden region", { region: "us-west-2" }, "america"],
    ["a region that is not forbidden", { region: "eu-west-1" }, null],
    ["IAM, which is in no region", { region: "us-east-1", service: "iam" }, null],
    ["the list of all buckets",
      { region: "us-east-1", service: "s3", operation: "s3:ListBuckets" }, null],
    ["a bucket there", { region: "us-east-1", service: "s3", operation: "s3:GetObject" },
      "america"],
    ["STS's endpoint for the world", { ...sts, region: "us-east-1", ...endpoint("global") }, null],
    ["STS's endpoint there", { ...sts, region: "us-east-1", ...endpoint("regional") }, "america"],
    ["service and resource together",
      { service: "secretsmanager", ...resource("arn:aws:secretsmanager:eu-west-1:1:v/a") },
      "vault"],
    ["the service without the resource", { service: "secretsmanager" }, null],
    ["the resource by another service",
      { service: "kms", ...resource("arn:aws:secretsmanager:eu-west-1:1:v/a") }, null],
    ["service and region together", { service: "kms", region: "ap-south-1" }, "keys-abroad"],
    ["another service there", { service: "ec2", region: "ap-south-1" }, null],
  ])("%s", (_, event, expected) => {
    expect(fact("zone", event)).toBe(expected);
  });

  it("is nobody's but a declared agent's that may not enter", () => {
    const event = { account: production };
    expect(fact("zone", event, { agent: "free", status: "declared" })).toBeNull();
    expect(fact("zone", event, { agent: "inventory", status: "discovered" })).toBeNull();
    expect(factOf("agent.zone", { config, event: trailEvent(event) })).toBeNull();
  });
});

describe("agent.may_assume_target", () => {
  const assumes = (roleArn: string) => ({ ...sts, record: { requestParameters: { roleArn } } });
  it.each<[string, EventOverrides, FactValue]>([
    ["a role that is listed", assumes("arn:aws:iam::222222222222:role/agents/x"), true],
    ["one that is not", assumes("arn:aws:iam::222222222222:role/deploy"), false],
    ["a listed one, denied", { ...sts, ...denied("arn:aws:iam::222222222222:role/agents/x") },
      true],
    ["no role told", sts, null],
    ["another call", {}, null],
  ])("%s", (_, event, expected) => {
    expect(fact("may_assume_target", event)).toBe(expected);
  });

  it("is false for an agent that nobody declared, whatever its name", () => {
    const event = assumes("arn:aws:iam::222222222222:role/agents/x");
    expect(fact("may_assume_target", event, { agent: "inventory", status: "discovered" }))
      .toBe(false);
  });
});

describe("agent.sensitive_read_allowed", () => {
  it("is true for what the config of a declared agent lists, and for nothing else", () => {
    const parameter = { operation: "ssm:GetParameter" };
    expect(fact("sensitive_read_allowed", parameter)).toBe(true);
    expect(fact("sensitive_read_allowed", { operation: "kms:Decrypt" })).toBe(false);
    expect(fact("sensitive_read_allowed", parameter, { status: "none" })).toBe(false);
    expect(factOf("agent.sensitive_read_allowed", { config })).toBe(false);
  });
});

describe("agent.deploys", () => {
  const mode = (name: RoleMode["mode"], basis: RoleMode["basis"]): RoleMode => ({
    mode: name, basis, isGuessed: basis !== "config",
  });
  it.each<[string, Partial<Attribution>, RoleMode, boolean]>([
    ["a declared agent, a declared role", inventory, mode("deploy", "config"), true],
    ["a role that is called so", inventory, mode("deploy", "role-name"), true],
    ["a tag that the session's opener chose", inventory, mode("deploy", "session-tag"), false],
    ["a role that writes", inventory, mode("readwrite", "config"), false],
    ["an agent that nobody declared", { agent: "codex", status: "discovered" },
      mode("deploy", "config"), false],
  ])("%s", (...[, attribution, roleMode, expected]) => {
    const context = { session: session({ attribution, mode: roleMode }) };
    expect(factOf("agent.deploys", context)).toBe(expected);
  });
});
