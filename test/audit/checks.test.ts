import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agentChecks, roleChecks, seenRoleChecks, userChecks } from "../../src/audit/checks.ts";
import { History } from "../../src/audit/history.ts";
import { judgeAccount, type AccountInput } from "../../src/audit/judge-account.ts";
import { knownPart, notAsked } from "../../src/audit/part.ts";
import type { Account } from "../../src/audit/snapshot.ts";
import { emptyConfig } from "../../src/config/schema.ts";
import { trailEvent } from "../builders/event.ts";
import {
  account, allow, daysAgo, document, key, now, reported, role, user, usualSetting,
} from "./subjects.ts";

const root = join(import.meta.dirname, "..", "..");
const all = [...roleChecks, ...seenRoleChecks, ...userChecks, ...agentChecks];
const names = (folder: string, ending: string) =>
  readdirSync(join(root, folder))
    .map((name) => name.replace(ending, ""))
    .sort();

describe("the checks", () => {
  it("are called as their files are, and each has a table of cases", () => {
    const called = all.map(({ name }) => name).sort();
    expect(called).toEqual(names("src/audit/checks", ".ts"));
    expect(called).toEqual(names("test/audit/checks", ".test.ts"));
    for (const name of called) {
      const text = readFileSync(join(root, "test/audit/checks", `${name}.test.ts`), "utf8");
      expect(text).toContain(`/checks/${name}.ts`);
    }
  });

  it("have titles of their own", () => {
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
  });
});

const known: Account = {
  id: account,
  partition: "aws",
  isManagement: null,
  identities: knownPart(
    {
      users: [
        user({
          accessKeys: knownPart([key("AKIAFIRST00000000001", { createdAt: daysAgo(99) })], now),
        }),
      ],
      groups: [],
      roles: [
        role({
          name: "agent-readonly",
          boundaryArn: null,
          inlinePolicies: [{ name: "own", document: document(allow("iam:PassRole")) }],
          attachedPolicyArns: [`arn:aws:iam::${account}:policy/lost`],
        }),
      ],
      policies: [],
    },
    now,
  ),
  credentialReport: knownPart({ generatedAt: now, users: [reported({ hasPassword: true })] }, now),
  oidcProviders: notAsked("iam:ListOpenIDConnectProviders"),
  samlProviders: notAsked("iam:ListSAMLProviders"),
  summary: notAsked("iam:GetAccountSummary"),
};
const input = {
  config: emptyConfig,
  setting: { ...usualSetting, now },
  history: new History(emptyConfig, true),
};

const judged = (more: Partial<AccountInput> & { readonly account: Account }) =>
  [...judgeAccount({ ...input, ...more })].flat();

describe("an account", () => {
  it("is judged by every check, each on whom it is about", () => {
    const found = judged({ account: known });
    expect(found).toHaveLength(roleChecks.length + seenRoleChecks.length + userChecks.length);
    const results = Object.fromEntries(found.map(({ check, result }) => [check, result]));
    expect(results).toMatchObject({
      "role-unused": "pass",
      "pass-role-anything": "fail",
      "edits-itself": "unknown",
      "read-only-writes": "fail",
      "permissions-unused": "unknown",
      "trust-too-wide": "pass",
      "key-old": "fail",
      "password-without-mfa": "fail",
      "agent-user-keys": "pass",
    });
    expect(found.find(({ check }) => check === "key-old")).toMatchObject({
      account,
      subject: user().arn,
      level: "medium",
      title: "Old access key",
    });
  });

  it("that may not be asked is unknown to all of them, and says what is missing", () => {
    const identities = {
      known: false,
      reason: "denied",
      action: "iam:GetAccountAuthorizationDetails",
      said: "The credentials may not do iam:GetAccountAuthorizationDetails.",
    } as const;
    const found = judged({ account: { ...known, identities } });
    expect(found).toHaveLength(roleChecks.length + userChecks.length);
    expect(found.every(({ result, subject }) => result === "unknown" && subject === null)).toBe(
      true,
    );
    expect(found[0]?.evidence).toEqual({ action: "iam:GetAccountAuthorizationDetails" });
  });

  it("of which IAM tells nothing is judged by what its history tells", () => {
    const history = new History(emptyConfig, true);
    const { principal, account: id } = trailEvent();
    history.noteEvent(trailEvent({ result: { outcome: "denied" } }));
    const identities = notAsked("iam:GetAccountAuthorizationDetails");
    const own = { ...known, id: id ?? "", identities };
    const found = judged({ history, account: own })
      .filter(({ subject }) => subject !== null);
    expect(found.map(({ check, result, subject }) => [check, result, subject])).toEqual([
      ["role-only-denied", "fail", principal.role?.arn],
      ["shared-with-people", "pass", principal.role?.arn],
      ["agent-as-person", "pass", principal.role?.arn],
      ["outlives-tasks", "unknown", principal.role?.arn],
    ]);
  });
});
