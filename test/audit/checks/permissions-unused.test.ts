import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { permissionsUnused } from "../../../src/audit/checks/permissions-unused.ts";
import { leastPrivilege } from "../../../src/audit/least-privilege.ts";
import {
  account,
  allow,
  daysAgo,
  deny,
  document,
  judgesRoles,
  observed,
  permissions,
  unreadPermissions,
  used,
} from "../subjects.ts";
import { Permissions } from "../../../src/audit/permissions.ts";

const two = permissions(
  allow(["s3:GetObject", "s3:PutObject"], { Resource: "arn:aws:s3:::logs/*" }),
);

judgesRoles(permissionsUnused, [
  {
    what: "one that is not watched",
    permissions: two,
    result: "unknown",
    because: "Nothing is known of its calls: its account is not watched.",
  },
  {
    what: "one that is watched too shortly",
    permissions: two,
    observed: { from: daysAgo(29) },
    result: "unknown",
    because: "It was watched for 29 days; 30 are needed.",
  },
  {
    what: "one that uses one of two",
    permissions: two,
    result: "fail",
    observed: { actions: [used("s3:GetObject"), used("s3:PutObject", 0, 9)] },
    because: "In 60 days it never used 1 of the 2 actions that it may do.",
    remedy:
      '"Action": [\n        "s3:GetObject"\n      ],\n      "Resource": "arn:aws:s3:::logs/*"',
  },
  {
    what: "one that uses both",
    permissions: two,
    result: "pass",
    observed: { actions: [used("s3:GetObject"), used("s3:PutObject")] },
    because: "It used all that it may, in 60 days.",
  },
  {
    what: "objects that leave no trace, of a service that is used",
    permissions: two,
    result: "pass",
    observed: { dataServices: new Set(), actions: [used("s3:PutObject")] },
    because: "It used all that it may, in 60 days.",
  },
  {
    what: "objects that leave no trace, of a service that is not",
    permissions: two,
    result: "fail",
    observed: { dataServices: new Set(), actions: [] },
    because: "In 60 days it never used 2 of the 2 actions that it may do.",
  },
  {
    what: "a policy that nobody knows",
    permissions: unreadPermissions,
    observed: {},
    result: "unknown",
    because: `arn:aws:iam::${account}:policy/lost is not known.`,
  },
  {
    what: "a role of which only some calls are known",
    observed: { isWhole: false },
    result: "unknown",
    because: "Not all of its calls are known: the store was filled with what may be an agent's " +
      "alone.",
  },
]);

describe("the least of a role's policies", () => {
  const actions = [
    "s3:GetObject",
    "s3:ListBucket",
    "ec2:RunInstances",
    "iam:PassRole",
    "kms:Decrypt",
  ];
  const patterns = [...actions, "*", "s3:*", "S3:get*", "ec2:Run?nstances", "iam:*"];
  const statement = fc
    .record({
      Action: fc.subarray(patterns, { minLength: 1 }),
      isNot: fc.boolean(),
    })
    .map(({ Action, isNot }) =>
      isNot ? { Effect: "Allow", NotAction: Action, Resource: "*" } : allow(Action),
    );
  const calls = fc.subarray(actions).map((list) => list.map((action) => used(action)));

  it("allows every call that was seen and was allowed, and nothing that was not allowed", () => {
    const statements = fc.array(statement, { minLength: 1, maxLength: 3 });
    const denies = fc.subarray(actions, { maxLength: 2 });
    fc.assert(
      fc.property(statements, denies, calls, (allows, denied, seen) => {
        const before = permissions(...allows, ...denied.map((action) => deny(action)));
        const { statements: left, removed } = leastPrivilege(before, observed({ actions: seen }));
        const after = new Permissions([
          { name: "new", isInline: true, document: document(...left) },
        ]);
        const may = (who: Permissions, action: string) => who.allowing(action, null).length > 0;
        for (const { action } of seen) expect(may(after, action)).toBe(may(before, action));
        for (const action of removed) expect(may(after, action)).toBe(false);
        for (const { name } of after.actions) expect(may(before, name)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps resources, conditions and denials as they were", () => {
    const Condition = { StringEquals: { "aws:PrincipalTag/team": "a" } };
    const held = permissions(
      allow("s3:*", { Sid: "Logs", Resource: "arn:aws:s3:::logs/*", Condition }),
      allow("ec2:*"),
      deny("s3:DeleteObject"),
    );
    const { statements, keptUnseen } = leastPrivilege(
      held,
      observed({ actions: [used("s3:getobject"), used("sqs:SendMessage")] }),
    );
    expect(statements).toEqual([
      {
        ...allow("x"),
        Sid: "Logs",
        Action: ["s3:getobject"],
        Resource: "arn:aws:s3:::logs/*",
        Condition,
      },
      deny("s3:DeleteObject"),
    ]);
    expect(keptUnseen).toEqual([]);
  });

  it("keeps iam:PassRole for who makes things, and says so", () => {
    const held = permissions(allow(["iam:PassRole", "ec2:RunInstances"]));
    const of = (action: string) => leastPrivilege(held, observed({ actions: [used(action)] }));
    expect(of("ec2:RunInstances")).toMatchObject({ removed: [], keptUnseen: ["iam:PassRole"] });
    expect(of("ec2:DescribeInstances").removed).toEqual(["iam:PassRole", "ec2:RunInstances"]);
  });
});
