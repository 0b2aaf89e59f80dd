import {
  AttachRolePolicyCommand, CreateAccessKeyCommand, CreateRoleCommand, CreateUserCommand,
  GenerateCredentialReportCommand, GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand, GetCredentialReportCommand, GetRoleCommand, GetUserCommand,
  ListRolesCommand, PutRolePolicyCommand, TagRoleCommand, UpdateAccessKeyCommand, type IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ownAccount } from "../../aws/sts-service.ts";
import type { IamAccount } from "./account.ts";
import { IamPlace, reading, refusal, trust } from "./iam-place.ts";

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
