import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { notAsked, type Part } from "../../src/audit/part.ts";
import { ownAccount } from "../aws/sts-service.ts";
import type { IamAccount } from "../servers/iam/account.ts";
import { reading, startedAt, trust } from "../servers/iam/iam-place.ts";
import { Asked, populate, usedAt } from "./asked-account.ts";

let asked: Asked;
let account: IamAccount;
beforeEach(async () => {
  asked = new Asked();
  await asked.place.open();
  account = asked.place.own;
  populate(account);
});
afterEach(() => asked.place.close());

const arn = (rest: string): string => `arn:aws:iam::${ownAccount}:${rest}`;
const known = <T>(value: T): Part<T> => ({ known: true, at: startedAt, value });
/** After the credential report, which is waited for once. */
const knownLater = <T>(value: T): Part<T> => ({ known: true, at: startedAt + 2000, value });
const noUse = notAsked("iam:GenerateServiceLastAccessedDetails");

describe("an account", () => {
  it("is read whole, however small IAM's pages are", async () => {
    account.pageSize = 1;
    const read = await asked.account();
    const { identities, ...rest } = read;
    const ids = (name: string): string => account.state.roles.get(name)?.id ?? "";
    const common = { createdAt: startedAt, inlinePolicies: [], attachedPolicyArns: [] };
    expect(identities.known && identities.value.roles).toEqual([
      {
        ...common, name: "aider", id: ids("aider"), arn: arn("role/agents/aider"),
        path: "/agents/", trust, tags: [{ key: "agent", value: "aider" }],
        inlinePolicies: [{ name: "read", document: reading }],
        attachedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
        boundaryArn: arn("policy/our/Bounds"), maxSessionSeconds: knownLater(7200),
        lastUsed: { at: usedAt, region: "eu-west-1" },
        serviceUse: knownLater([
          {
            service: "s3", lastUsedAt: usedAt, region: "eu-west-1",
            actions: [
              { name: "GetObject", lastUsedAt: usedAt, region: "eu-west-1" },
              { name: "ListBuckets", lastUsedAt: null, region: null },
            ],
          },
          { service: "ec2", lastUsedAt: null, region: null, actions: [] },
        ]),
      },
      {
        ...common, name: "idle", id: ids("idle"), arn: arn("role/idle"), path: "/", trust,
        tags: [], boundaryArn: null, maxSessionSeconds: knownLater(3600), lastUsed: null,
        serviceUse: noUse,
      },
    ]);
    const keys = account.state.users.get("bot")?.keys ?? [];
    expect(identities.known && identities.value.users).toMatchObject([
      {
        name: "bot", groupNames: ["bots"],
        accessKeys: knownLater([
          {
            id: keys[0]?.id, isActive: true, createdAt: startedAt,
            lastUsed: knownLater({ at: usedAt, service: "s3", region: "eu-west-1" }),
          },
          { id: keys[1]?.id, isActive: true, createdAt: startedAt, lastUsed: knownLater(null) },
        ]),
      },
      { name: "ann,lee", groupNames: [], accessKeys: known([]) },
    ]);
    expect(identities.known && identities.value.groups).toMatchObject([
      { name: "bots", inlinePolicies: [{ name: "read", document: reading }] },
    ]);
    expect(identities.known && identities.value.policies).toMatchObject([
      { name: "AdministratorAccess", attachmentCount: 1 },
      {
        name: "Bounds", path: "/our/", document: reading, versionCount: 1, boundaryCount: 1,
        attachmentCount: 0, defaultVersionId: "v1",
      },
    ]);
    expect(rest).toMatchObject({
      id: ownAccount, partition: "aws", isManagement: null,
      oidcProviders: known([{
        arn: arn("oidc-provider/token.actions.githubusercontent.com"),
        url: "token.actions.githubusercontent.com", clientIds: ["sts.amazonaws.com"],
        createdAt: startedAt,
      }]),
      samlProviders: { known: true, value: [{ arn: arn("saml-provider/idp") }] },
      summary: { known: true, value: { Users: 2, Roles: 2, Groups: 1, Providers: 2 } },
      credentialReport: { known: true, value: { generatedAt: startedAt, users: [
        { name: "<root_account>", hasPassword: null, hasMfa: true, accessKeys: [] },
        { name: "bot", hasPassword: false, accessKeys: [
          { isActive: true, lastUsedAt: usedAt, lastUsedService: "s3" },
          { isActive: true, lastUsedAt: null, lastUsedService: null },
        ] },
        { name: "ann,lee", hasPassword: true, hasMfa: false, passwordLastUsedAt: null },
      ] } },
    });
  });

  it("is the same under throttling, which is waited out longer and longer", async () => {
    const calm = await asked.account();
    expect(asked.clock.waits).toEqual([2000]);
    account.throttleCount = 5;
    const throttled = await asked.account();
    expect(asked.faults).toEqual(Array.from({ length: 5 }, () => "throttled"));
    const waits = asked.clock.waits.slice(1);
    expect(waits.every((ms, i) => ms >= 100 * 2 ** i && ms <= 200 * 2 ** i)).toBe(true);
    const timeless = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value, (key, one: unknown) => key === "at" ? null : one));
    expect(timeless(throttled)).toEqual(timeless(calm));
  });

  it("waits for reports and jobs that take their time", async () => {
    account.pollCount = 3;
    const { credentialReport, identities } = await asked.account();
    expect(credentialReport).toMatchObject({ known: true });
    expect(identities.known && identities.value.roles[0]?.serviceUse)
      .toMatchObject({ known: true, value: [{ service: "s3" }, { service: "ec2" }] });
  });

  it("does not wait for a job that failed", async () => {
    account.jobsFail = true;
    const { identities } = await asked.account();
    const use = identities.known ? identities.value.roles[0]?.serviceUse : undefined;
    expect(use).toMatchObject({ reason: "failed", action: "iam:GetServiceLastAccessedDetails" });
    expect(use?.known === false && use.said).toContain("The service failed");
    expect(account.count("GetServiceLastAccessedDetails")).toBe(1);
  });

  it("asks for keys only of users whom the report gives some", async () => {
    await asked.account();
    expect(account.count("ListAccessKeys")).toBe(1);
    account.denied.add("iam:GetCredentialReport");
    await asked.account();
    expect(account.count("ListAccessKeys")).toBe(3);
  });
});

describe("a permission that is missing", () => {
  it.each<[string, readonly string[]]>([
    ["GetAccountAuthorizationDetails", ["identities"]],
    ["ListRoles", ["maxSessionSeconds"]],
    ["GenerateCredentialReport", ["credentialReport"]],
    ["GetCredentialReport", ["credentialReport"]],
    ["ListAccessKeys", ["accessKeys"]],
    ["GetAccessKeyLastUsed", ["lastUsed"]],
    ["GenerateServiceLastAccessedDetails", ["serviceUse"]],
    ["GetServiceLastAccessedDetails", ["serviceUse"]],
    ["ListOpenIDConnectProviders", ["oidcProviders"]],
    ["GetOpenIDConnectProvider", ["oidcProviders"]],
    ["ListSAMLProviders", ["samlProviders"]],
    ["GetAccountSummary", ["summary"]],
  ])("for %s leaves that part unknown, and why; the rest goes on", async (action, expected) => {
    account.denied.add(`iam:${action}`);
    const read = await asked.account();
    const denied: string[] = [];
    JSON.stringify(read, (key, value: Part<unknown> | null) => {
      if (value?.known !== false || value.reason === "not-asked") return value;
      expect(value).toMatchObject({ reason: "denied", action: `iam:${action}` });
      expect(value.said).toContain(`the credentials may not do iam:${action} on it`);
      denied.push(key);
      return value;
    });
    expect([...new Set(denied)]).toEqual(expected);
  });

  it("is not the only thing that hides a part: what goes meanwhile is told as it is", async () => {
    account.before = ({ action }) => {
      if (action !== "ListAccessKeys") return;
      account.state.users.delete("bot");
    };
    const { identities } = await asked.account();
    expect(identities.known && identities.value.users[0]?.accessKeys).toMatchObject({
      known: false, reason: "failed", action: "iam:ListAccessKeys",
    });
    expect(identities.known && identities.value.users[1]?.accessKeys).toEqual(known([]));
  });

  it.each<[string, () => void, string, number]>([
    ["denied", () => account.denied.add("iam:ListAccessKeys"), "denied", 10],
    ["not answered", () => {
      account.before = ({ action }) => {
        if (action === "ListAccessKeys") account.throttleCount = Number.POSITIVE_INFINITY;
      };
    }, "failed", 100],
  ])("is not asked for by each of a hundred users when %s", async (...[, broken, reason, most]) => {
    for (let n = 0; n < 100; n += 1) {
      account.act("CreateUser", { UserName: `bot-${n}` });
      account.act("CreateAccessKey", { UserName: `bot-${n}` });
    }
    broken();
    const { identities } = await asked.account();
    expect(account.count("ListAccessKeys")).toBeLessThan(most);
    const users = identities.known ? identities.value.users : [];
    const unknown = users.map(({ accessKeys }) => accessKeys.known ? null : accessKeys.reason);
    expect(unknown.filter((one) => one === reason).length).toBeGreaterThan(95);
  });
});

describe("a run that breaks off", () => {
  it("goes on where it was, and asks for nothing twice", async () => {
    const calls = (): readonly string[] => account.calls.map(({ action }) => action)
      .filter((action) => action !== "GenerateCredentialReport").toSorted();
    await asked.account();
    const ofOneRun = calls();
    account.calls.length = 0;
    const stop = new AbortController();
    account.before = ({ action }) => {
      if (action === "ListAccessKeys") stop.abort();
    };
    const broken = await asked.collected({ stop });
    expect(broken.finishedAt).toBeNull();
    expect(asked.saved.at(-1)).toEqual(broken);
    account.before = null;
    const { accounts: [resumed], finishedAt } = await asked.collected({ from: broken });
    expect(finishedAt).toBe(asked.clock.now());
    expect(calls()).toEqual(ofOneRun);
    expect(resumed).toMatchObject({ identities: { value: {
      users: [
        { accessKeys: { value: [{ lastUsed: { known: true } }, { lastUsed: { known: true } }] } },
        { accessKeys: { known: true } },
      ],
      roles: [{ serviceUse: { known: true } }, { serviceUse: { reason: "not-asked" } }],
    } } });
  });

  it("stops while it waits for AWS", async () => {
    const stop = new AbortController();
    account.throttleCount = 1000;
    const asking = asked.collected({ stop });
    setImmediate(() => {
      stop.abort();
    });
    expect(await asking).toMatchObject({
      finishedAt: null, accounts: [{ identities: { known: false, reason: "not-asked" } }],
    });
  });
});
