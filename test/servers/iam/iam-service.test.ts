import {
  AttachRolePolicyCommand, CreatePolicyCommand, CreatePolicyVersionCommand, CreateRoleCommand,
  CreateServiceLinkedRoleCommand, DeletePolicyVersionCommand, DeleteRoleCommand,
  DeleteRolePolicyCommand, DetachRolePolicyCommand, GetPolicyVersionCommand, GetRoleCommand,
  GetRolePolicyCommand, ListRolesCommand, PutRolePolicyCommand, UpdateAssumeRolePolicyCommand,
  type IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { IamAccount } from "./account.ts";
import { IamPlace, policy, policyOf, reading, refusal, trust } from "./iam-place.ts";

const place = new IamPlace();
let iam: IAMClient;
let account: IamAccount;
beforeAll(async () => {
  await place.open();
  iam = place.client();
});
beforeEach(() => {
  account = place.fresh();
});
afterAll(() => place.close());

const RoleName = "agent";
const PolicyName = "deny";
const makeRole = (name = RoleName) =>
  iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
const put = (PolicyDocument: string, named = PolicyName) =>
  iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: named, PolicyDocument }));

describe("roles", () => {
  it("are told as they were made, with their trust as a part of an address", async () => {
    await iam.send(new CreateRoleCommand({
      RoleName, Path: "/agents/", AssumeRolePolicyDocument: trust, MaxSessionDuration: 7200,
      Tags: [{ Key: "owner", Value: "payments <&>" }],
    }));
    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(Role).toMatchObject({
      RoleName, Path: "/agents/", MaxSessionDuration: 7200,
      Arn: `arn:aws:iam::${account.state.id}:role/agents/agent`,
      Tags: [{ Key: "owner", Value: "payments <&>" }], CreateDate: new Date(place.at),
    });
    expect(Role?.RoleId).toMatch(/^AROA\w{17}$/);
    expect(Role?.AssumeRolePolicyDocument).toContain("%22sts%3AAssumeRole%22");
    expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? "")).toBe(trust);
  });

  it("are listed by pages without tags, boundary or last use", async () => {
    for (const name of ["a", "b", "c"]) await makeRole(name);
    account.pageSize = 2;
    const first = await iam.send(new ListRolesCommand({}));
    expect(first.Roles?.map((role) => role.RoleName)).toEqual(["a", "b"]);
    expect(first.Roles?.[0]).toMatchObject({ MaxSessionDuration: 3600 });
    expect(Object.keys(first.Roles?.[0] ?? {})).not.toContain("RoleLastUsed");
    const rest = await iam.send(new ListRolesCommand({ Marker: first.Marker }));
    expect(rest.Roles?.map((role) => role.RoleName)).toEqual(["c"]);
    expect(rest.IsTruncated).toBe(false);
  });

  it("of services and of IAM Identity Center are AWS's to change", async () => {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "ssm.amazonaws.com" }));
    const { name } = account.addReservedRole("AWSReservedSSO_Admin_0123456789abcdef", trust);
    for (const protectedRole of ["AWSServiceRoleForssm", name]) {
      const asking = iam.send(new PutRolePolicyCommand({
        RoleName: protectedRole, PolicyName, PolicyDocument: reading,
      }));
      expect(await refusal(asking))
        .toMatch(/^UnmodifiableEntityException: .*only modifiable by AWS$/);
    }
  });

  it("go only when their policies have gone", async () => {
    await makeRole();
    await put(reading);
    const remove = () => iam.send(new DeleteRoleCommand({ RoleName }));
    expect(await refusal(remove())).toContain("DeleteConflict");
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await remove();
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName })))).toContain("NoSuchEntity");
  });
});

describe("policies", () => {
  it.each<[string, string]>([
    ["no JSON", "{"],
    ["no statement", '{"Version":"2012-10-17","Statement":[]}'],
    ["another version", '{"Version":"2026-01-01","Statement":[]}'],
    ["an effect that is none", policy({ Effect: "Maybe", Action: "*", Resource: "*" })],
    ["an action without a service", policy({ Action: "GetObject", Resource: "*" })],
    ["a resource that is no ARN", policy({ Action: "s3:*", Resource: "bucket" })],
    ["no resource", policy({ Action: "s3:*" })],
    ["a principal", policy({ Action: "s3:*", Resource: "*", Principal: "*" })],
    ["an operator that is none", policy({
      Action: "*", Resource: "*", Condition: { StringSame: { "aws:userid": "x" } },
    })],
    ["a date that is none", policy({
      Action: "*", Resource: "*", Condition: { DateLessThan: { "aws:TokenIssueTime": "soon" } },
    })],
    ["an element that is none", policy({ Action: "*", Resource: "*", Reason: "x" })],
    ["a Sid with a space", policy({ Sid: "a b", Action: "*", Resource: "*" })],
  ])("with %s are refused", async (_what, document) => {
    await makeRole();
    expect(await refusal(put(document))).toMatch(/^MalformedPolicyDocument/);
  });

  it("that trust need a principal, and no resource", async () => {
    await makeRole();
    const asking = (PolicyDocument: string) =>
      refusal(iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument })));
    expect(await asking(reading)).toMatch(/^MalformedPolicyDocument/);
    expect(await asking(policy({ Action: "sts:AssumeRole", Principal: { AWS: "bob" } })))
      .toContain('Invalid principal in policy: "AWS":"bob"');
    expect(await asking(trust)).toBe("not refused");
  });

  it("of a role are 10,240 characters together, white space not counted", async () => {
    await makeRole();
    await put(policyOf(6000), "other");
    await put(policyOf(4240));
    await put(JSON.stringify(JSON.parse(policyOf(4240)), null, 4));
    expect(await refusal(put(policyOf(4241)))).toBe(
      "LimitExceededException: Maximum policy size of 10240 bytes exceeded for role agent",
    );
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
    expect(decodeURIComponent(PolicyDocument ?? "")).toContain("    ");
  });

  it("that are managed have 6,144 characters and five versions; the default stays", async () => {
    const made = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: reading }));
    const PolicyArn = made.Policy?.Arn ?? "";
    const add = (PolicyDocument: string) => iam.send(new CreatePolicyVersionCommand({
      PolicyArn, PolicyDocument, SetAsDefault: true,
    }));
    expect(await refusal(add(policyOf(6145))))
      .toContain("Cannot exceed quota for PolicySize: 6144");
    for (let n = 2; n <= 5; n += 1) await add(policyOf(6144));
    expect(await refusal(add(reading))).toContain("A managed policy can have up to 5 versions.");
    const remove = (VersionId: string) =>
      iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    expect(await refusal(remove("v5"))).toContain("DeleteConflict");
    await remove("v1");
    expect((await add(reading)).PolicyVersion).toMatchObject({ VersionId: "v6" });
    const read = new GetPolicyVersionCommand({ PolicyArn, VersionId: "v6" });
    const { PolicyVersion } = await iam.send(read);
    expect(decodeURIComponent(PolicyVersion?.Document ?? "")).toBe(reading);
  });

  it("are attached to a role up to ten, and not when they are not there", async () => {
    await makeRole();
    const attach = (PolicyArn: string) =>
      iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    for (let n = 1; n <= 10; n += 1) await attach(account.addAwsPolicy(`P${n}`, []));
    expect(await refusal(attach(account.addAwsPolicy("P11", []))))
      .toBe("LimitExceededException: Cannot exceed quota for PoliciesPerRole: 10");
    expect(await refusal(attach("arn:aws:iam::aws:policy/Absent"))).toContain("NoSuchEntity");
    const PolicyArn = "arn:aws:iam::aws:policy/No";
    const detach = new DetachRolePolicyCommand({ RoleName, PolicyArn });
    expect(await refusal(iam.send(detach))).toContain("NoSuchEntity");
  });
});
