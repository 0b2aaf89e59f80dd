import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastPrivilege } from "../../src/audit/least-privilege.ts";
import { isAllowed, type Call } from "../iam/decide.ts";
import { allow, deny, document, observed, permissions, used } from "./subjects.ts";

const actions = [
  "s3:GetObject", "s3:PutObject", "s3:ListBucket", "ec2:RunInstances", "kms:Decrypt",
];
const resources = [
  "arn:aws:s3:::logs/a", "arn:aws:s3:::other", "arn:aws:ec2:eu-west-1:1:instance/i",
];
const contexts = [{}, { "aws:SourceIdentity": "ann" }];

const patterns = fc.subarray(
  [...actions, "*", "s3:*", "S3:get*", "ec2:Run?nstances"], { minLength: 1 });
const places = fc.subarray(["*", "arn:aws:s3:::logs/*", "arn:aws:ec2:*"], { minLength: 1 });
const Condition = { StringEquals: { "aws:SourceIdentity": "ann" } };
const statement = fc.record({
  Action: patterns, Resource: places, isNot: fc.boolean(), isBound: fc.boolean(),
}).map(({ Action, Resource, isNot, isBound }) => ({
  Effect: "Allow", Resource, ...(isNot ? { NotAction: Action } : { Action }),
  ...(isBound ? { Condition } : {}),
}));
const call = fc.record<Call>({
  action: fc.constantFrom(...actions), resource: fc.constantFrom(...resources),
  context: fc.constantFrom(...contexts),
});

describe("the least of a role's policies, as IAM decides", () => {
  it("allows every call that was observed, and no other action", () => {
    const statements = fc.array(statement, { minLength: 1, maxLength: 3 });
    const denied = fc.array(patterns.map((Action) => deny(Action)), { maxLength: 1 });
    const calls = fc.array(call, { maxLength: 6 });
    fc.assert(fc.property(statements, denied, calls, (has, lacks, made) => {
      const before = [document(...has, ...lacks)];
      const seen = made.filter((one) => isAllowed(before, one));
      const calledActions = new Set(seen.map(({ action }) => action));
      const { statements: left } = leastPrivilege(
        permissions(...has, ...lacks),
        observed({ actions: [...calledActions].map((action) => used(action)) }),
      );
      const after = [document(...left as object[])];
      expect(seen.filter((one) => !isAllowed(after, one))).toEqual([]);
      for (const action of actions.filter((one) => !calledActions.has(one))) {
        for (const resource of resources) {
          const isLeft = contexts.some((context) =>
            isAllowed(after, { action, resource, context }));
          expect({ action, resource, isLeft }).toEqual({ action, resource, isLeft: false });
        }
      }
    }), { numRuns: 60 });
  });

  it("has a permission that was never used no more", () => {
    const has = [allow(["s3:GetObject", "s3:DeleteObject"], { Resource: "arn:aws:s3:::logs/*" })];
    const { statements, removed } = leastPrivilege(
      permissions(...has), observed({ actions: [used("s3:GetObject")] }));
    const after = [document(...statements)];
    const resource = "arn:aws:s3:::logs/a";
    expect(isAllowed(after, { action: "s3:GetObject", resource })).toBe(true);
    expect(isAllowed([document(...has)], { action: "s3:DeleteObject", resource })).toBe(true);
    expect(isAllowed(after, { action: "s3:DeleteObject", resource })).toBe(false);
    expect(removed).toEqual(["s3:DeleteObject"]);
  });
});
