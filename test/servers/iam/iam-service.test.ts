import {
  AttachRolePolicyCommand, CreateAccessKeyCommand, CreatePolicyCommand, CreatePolicyVersionCommand,
  CreateRoleCommand, CreateServiceLinkedRoleCommand, CreateUserCommand, DeletePolicyVersionCommand,
  DeleteRoleCommand, DeleteRolePolicyCommand, DetachRolePolicyCommand,
  GenerateCredentialReportCommand, GetAccountAuthorizationDetailsCommand, GetAccountSummaryCommand,
  GetCredentialReportCommand, GetPolicyVersionCommand, GetRoleCommand, GetRolePolicyCommand,
  GetUserCommand, ListRolesCommand, PutRolePolicyCommand, TagRoleCommand, UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand, type IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { IamPlace, ownAccount, policy, policyOf, reading, trust } from "./iam-place.ts";

const place = new IamPlace();
let iam: IAMClient;
beforeAll(async () => {
  await place.open();
  iam = place.client();
});
afterAll(() => place.close());

const RoleName = "agent";
const PolicyName = "deny";
/** Each test has roles, users and policies of its own account. */
let accountCount = 0;
let account = place.own;
beforeEach(() => {
  accountCount += 1;
  const id = String(accountCount).padStart(12, "9");
  place.sts.accounts.set("AKIAOURSELVES0000001", id);
  account = place.iam.account(id);
});

const makeRole = (name = RoleName) =>
  iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust }));
const put = (PolicyDocument: string, named = PolicyName) =>
  iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: named, PolicyDocument }));

async function refusal(asking: Promise<unknown>): Promise<string> {
  try {
    await asking;
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  return "not refused";
}

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

  it("of services are AWS's to change", async () => {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: "ssm.amazonaws.com" }));
    const asking = iam.send(new PutRolePolicyCommand({
      RoleName: "AWSServiceRoleForssm", PolicyName, PolicyDocument: reading,
    }));
    expect(await refusal(asking)).toMatch(/^UnmodifiableEntityException: .*only modifiable by AWS$/);
  });

  it("go only when their policies have gone", async () => {
    await makeRole();
    await put(reading);
    expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName })))).toContain("DeleteConflict");
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
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

  it("that are managed have 6,144 characters and five versions, the default one stays", async () => {
    const made = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: reading }));
    const PolicyArn = made.Policy?.Arn ?? "";
    const add = (PolicyDocument: string) => iam.send(new CreatePolicyVersionCommand({
      PolicyArn, PolicyDocument, SetAsDefault: true,
    }));
    expect(await refusal(add(policyOf(6145)))).toContain("Cannot exceed quota for PolicySize: 6144");
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
    const detach = new DetachRolePolicyCommand({ RoleName, PolicyArn: "arn:aws:iam::aws:policy/No" });
    expect(await refusal(iam.send(detach))).toContain("NoSuchEntity");
  });
});

describe("users", () => {
  it("have two access keys at most, which are switched off and on", async () => {
    const UserName = "bot";
    await iam.send(new CreateUserCommand({ UserName }));
    const create = () => iam.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKey } = await create();
    await create();
    expect(await refusal(create())).toContain("Cannot exceed quota for AccessKeysPerUser: 2");
    const AccessKeyId = AccessKey?.AccessKeyId;
    expect(AccessKeyId).toMatch(/^AKIA\w{16}$/);
    await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" }));
    const keys = account.state.users.get(UserName)?.keys.map(({ isActive }) => isActive);
    expect(keys).toEqual([false, true]);
  });
});

describe("reports", () => {
  it("are made first, in time, and expire", async () => {
    const get = () => iam.send(new GetCredentialReportCommand({}));
    const make = () => iam.send(new GenerateCredentialReportCommand({}));
    account.pollCount = 1;
    expect(await refusal(get())).toMatch(/^CredentialReportNotPresentException/);
    expect((await make()).State).toBe("STARTED");
    expect(await refusal(get())).toMatch(/^CredentialReportNotReadyException/);
    expect((await make()).State).toBe("COMPLETE");
    const { Content } = await get();
    expect(Buffer.from(Content ?? []).toString()).toMatch(/^user,arn,.*\n<root_account>,arn:/);
    place.at += 4 * 3_600_000;
    expect(await refusal(get())).toMatch(/^CredentialReportExpiredException/);
  });
});

describe("the whole account", () => {
  it("comes in pages over users, roles and policies, in one order", async () => {
    await makeRole();
    await iam.send(new CreateUserCommand({ UserName: "bot" }));
    const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
    const before = await iam.send(new GetAccountAuthorizationDetailsCommand({}));
    expect(before.Policies).toEqual([]);
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    account.pageSize = 1;
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await iam.send(new GetAccountAuthorizationDetailsCommand({ Marker }));
      seen.push(...[
        ...page.UserDetailList ?? [], ...page.RoleDetailList ?? [], ...page.Policies ?? [],
      ].map(({ Arn }) => Arn?.split(":").at(-1) ?? ""));
      ({ Marker } = page);
    } while (Marker !== undefined);
    expect(seen).toEqual(["user/bot", "role/agent", "policy/AdministratorAccess"]);
    const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
    expect(SummaryMap).toMatchObject({ Users: 1, Roles: 1, Policies: 0 });
  });
});

describe("what goes wrong on demand", () => {
  it("a denied action, named as AWS names it", async () => {
    account.denied.add("iam:ListRoles");
    const { id } = account.state;
    expect(await refusal(iam.send(new ListRolesCommand({})))).toBe(
      `AccessDenied: User: arn:aws:iam::${id}:user/caller is not authorized to perform: ` +
      `iam:ListRoles on resource: arn:aws:iam::${id}:role/ because no identity-based policy ` +
      "allows the iam:ListRoles action",
    );
  });

  it("throttling, for so many calls", async () => {
    account.throttleCount = 2;
    const list = () => iam.send(new ListRolesCommand({}));
    expect(await refusal(list())).toBe("Throttling: Rate exceeded");
    expect(await refusal(list())).toBe("Throttling: Rate exceeded");
    expect((await list()).Roles).toEqual([]);
  });

  it("stale reads, for so many of them after a write", async () => {
    account.staleReads = 2;
    await makeRole();
    const get = () => refusal(iam.send(new GetRoleCommand({ RoleName })));
    expect(await get()).toContain("NoSuchEntity");
    expect(await get()).toContain("NoSuchEntity");
    expect(await get()).toBe("not refused");
  });

  it("somebody else's write between a read and a write", async () => {
    await makeRole();
    account.before = ({ action }) => {
      if (action !== "PutRolePolicy") return;
      account.act("PutRolePolicy", { RoleName, PolicyName: "theirs", PolicyDocument: reading });
    };
    await put(reading);
    expect([...account.state.roles.get(RoleName)?.inline.keys() ?? []]).toEqual(["theirs", "deny"]);
  });
});

describe("strictness", () => {
  it.each<[string, Record<string, string>, string]>([
    ["a parameter it does not know", { RoleName, Colour: "red" }, "ValidationError"],
    ["a parameter that is missing", {}, "ValidationError"],
    ["a name with a space", { RoleName: "a b" }, "ValidationError"],
  ])("refuses %s", (_what, asked, code) => {
    expect(() => account.act("GetRole", asked)).toThrow(expect.objectContaining({ code }));
  });

  it("says which value does not fit", async () => {
    expect(await refusal(iam.send(new GetUserCommand({ UserName: "a b" })))).toBe(
      "ValidationError: 1 validation error detected: Value 'a b' at 'userName' failed to satisfy " +
      "constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+",
    );
  });

  it("keeps accounts apart", async () => {
    await makeRole();
    const other = place.iam.account(ownAccount);
    expect([...other.state.roles.keys()]).toEqual([]);
    await iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key: "a", Value: "1" }] }));
    expect([...account.state.roles.get(RoleName)?.tags ?? []]).toEqual([["a", "1"]]);
  });
});
