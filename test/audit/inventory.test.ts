import { describe, expect, it } from "vitest";
import { History } from "../../src/audit/history.ts";
import { inventoryOf, type AgentIdentity } from "../../src/audit/inventory.ts";
import { identityJson } from "../../src/audit/inventory-json.ts";
import { notAsked } from "../../src/audit/part.ts";
import { Config } from "../../src/config/schema.ts";
import { at, trailEvent } from "../builders/event.ts";
import { session } from "../storage/made.ts";
import { accountWith } from "./accounts.ts";
import { account, allow, daysAgo, document, key, knownAt, role, trust, user } from "./subjects.ts";

const config = Config.parse({
  agents: [
    { name: "aider", owner: "platform", roles: ["arn:aws:iam::*:role/agents/aider-*"] },
    { name: "ghost", owner: "nobody" },
  ],
  roles: [{ arn: "*:role/agents/aider-*", mode: "readonly" }],
});
const aiderArn = `arn:aws:iam::${account}:role/agents/aider-ro`;
const deployArn = `arn:aws:iam::${account}:role/deploy`;
const aider = role({
  name: "aider-ro", arn: aiderArn,
  inlinePolicies: [{ name: "own", document: document(allow(["s3:GetObject", "s3:PutObject"])) }],
});
const deploy = role({
  name: "deploy", path: "/", arn: deployArn, trust: trust({ AWS: aiderArn }),
});
const used = (service: string, lastUsedAt: number | null) =>
  ({ service, lastUsedAt, region: null, actions: [] });
const bot = user({
  serviceUse: knownAt([used("s3", daysAgo(1)), used("ec2", null)]),
  name: "bot", path: "/", arn: `arn:aws:iam::${account}:user/bot`,
  accessKeys: knownAt([key("AKIA1"), key("AKIA2", { lastUsed: notAsked("x") })]),
  tags: [{ key: "agent", value: "bot" }, { key: "team:owner", value: "data" }],
});

function inventory(history = new History(config, true)): readonly AgentIdentity[] {
  const accounts = [accountWith({ roles: [aider, deploy], users: [bot] })];
  return inventoryOf({ accounts, config, history }).identities;
}

function seen(): History {
  const history = new History(config, true);
  const base = trailEvent();
  const { principal } = base;
  const called = principal.role === null ? principal
    : { ...principal, account, role: { ...principal.role, arn: aiderArn } };
  history.noteEvent({ ...base, account, principal: called, action: "s3:GetObject" });
  history.noteSession(session("s1", {
    account, role: { id: null, arn: aiderArn, name: "aider-ro" }, lastAt: at(60),
    attribution: { ...session("x").attribution, agent: "aider", status: "declared" },
  }));
  history.noteSession(session("s2", {
    account, anchor: "sign-in-session", lastAt: at(90), role: null,
    arn: `arn:aws:iam::${account}:user/ann`,
    attribution: { ...session("x").attribution, agent: "claude-code", status: "discovered" },
  }));
  return history;
}

describe("the inventory", () => {
  it("has roles and users that may be an agent's, with owner, mode and what they may", () => {
    expect(inventory().map(({ kind, subject, agents, owner, mode, permissions, reach }) =>
      ({ kind, subject, agents, owner, mode, permissions, roles: reach.roleCount }))).toEqual([
      {
        kind: "role", subject: aiderArn, agents: ["aider"], owner: "platform", mode: "readonly",
        permissions: { grantedCount: 2, usedCount: null }, roles: 1,
      },
      {
        kind: "user", subject: bot.arn, agents: [], owner: "data", mode: "unknown",
        permissions: { grantedCount: 0, usedCount: null }, roles: 0,
      },
      {
        kind: "agent", subject: "ghost", agents: ["ghost"], owner: "nobody", mode: "unknown",
        permissions: null, roles: 0,
      },
    ]);
    expect(inventory()[0]?.lastUsedAt).toBe(daysAgo(1));
    expect(inventory()[1]?.lastUsedAt).toBe(daysAgo(1));
    expect(inventory().map(({ services }) => services)).toEqual([
      null, { grantedCount: 2, usedCount: 1 }, null,
    ]);
  });

  it("has what was seen: sessions, calls, sign-ins that agents worked under", () => {
    const found = inventory(seen());
    expect(found[0]).toMatchObject({
      found: [{ by: "declared", what: "aider" }, { by: "seen", what: "aider" }, { by: "name" }],
      lastSessionAt: at(60), permissions: { grantedCount: 2, usedCount: 1 },
    });
    expect(found.find(({ kind }) => kind === "sign-in")).toMatchObject({
      subject: `arn:aws:iam::${account}:user/ann`, agents: ["claude-code"], account,
      lastSessionAt: at(90),
    });
  });

  it("of an account that IAM tells nothing of has the roles that agents were seen with", () => {
    const unread = { ...accountWith({}), identities: notAsked("x") };
    const found = inventoryOf({ accounts: [unread], config, history: seen() }).identities;
    expect(found.map(({ kind, subject, mode }) => [kind, subject, mode])).toEqual([
      ["role", aiderArn, "readonly"],
      ["sign-in", `arn:aws:iam::${account}:user/ann`, "unknown"],
      ["agent", "ghost", "unknown"],
    ]);
  });

  it("has each step that may be taken from one of them on", () => {
    const accounts = [accountWith({ roles: [aider, deploy] })];
    const { becoming, isCut } = inventoryOf({
      accounts, config, history: new History(config, true),
    });
    expect({ becoming, isCut }).toEqual({
      becoming: [{ from: aiderArn, to: deployArn, by: "trust" }], isCut: false,
    });
  });

  it("gives instants as text in JSON", () => {
    const [one] = inventory();
    if (one === undefined) throw new Error("There is none.");
    expect(identityJson(one)).toMatchObject({
      lastUsedAt: "2026-06-29T00:00:00.000Z", lastSessionAt: null, accounts: [account],
      reachableRoleCount: 1, chains: [[aiderArn, deployArn]], isReachCut: false,
    });
  });
});
