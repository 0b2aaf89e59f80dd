import { describe, expect, it } from "vitest";
import { History, historyLimits } from "../../src/audit/history.ts";
import { Config, emptyConfig } from "../../src/config/schema.ts";
import type { Lifetime } from "../../src/sessions/lifetimes.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at, rolePrincipal, trailEvent } from "../builders/event.ts";

const account = "111111111111";
const role = `arn:aws:iam::${account}:role/agents/ro-inventory`;
const bare = `arn:aws:iam::${account}:role/ro-inventory`;

/** As far as a history looks at it. */
function session(changes: Partial<Session> = {}, agent: string | null = "coder"): Session {
  return {
    kind: "role-session", arn: null, role: { id: null, arn: bare, name: "ro-inventory" },
    lastAt: at(60), anchor: "role-issue", mfa: null, issuance: null, userAgentFamilies: [],
    chain: [], attribution: { agent }, ...changes,
  } as unknown as Session;
}

describe("what our history knows of a role", () => {
  it("counts its calls by action, in IAM's words, whatever the record's path", () => {
    const history = new History(emptyConfig, true);
    const action = "s3:ListAllMyBuckets";
    history.noteEvent(trailEvent());
    history.noteEvent(trailEvent({ at: at(90), action }));
    history.noteEvent(trailEvent({
      at: at(30), action, result: { outcome: "denied" },
      principal: rolePrincipal({
        name: "ro-inventory", session: "x", createdAt: null, accessKeyId: null,
      }),
    }));
    history.noteEvent(trailEvent({ at: at(95), action, result: { outcome: "failed" } }));
    const expected = {
      from: at(30), until: at(95), isWhole: true, lastSessionAt: null,
      actions: [
        { action: "ec2:DescribeInstances", allowedCount: 1, deniedCount: 0, lastAt: at(60) },
        { action, allowedCount: 2, deniedCount: 1, lastAt: at(95) },
      ],
    };
    expect(history.observed(role)).toMatchObject(expected);
    expect(history.observed(bare)).toMatchObject(expected);
    expect(history.rolesOf(account)).toEqual([role]);
  });

  it("counts a call in another account once, and no sign-in", () => {
    const history = new History(emptyConfig, true);
    history.noteEvent(trailEvent());
    history.noteEvent(trailEvent({ account: "222222222222" }));
    history.noteEvent(trailEvent({ type: "AwsConsoleSignIn", action: "signin:ConsoleLogin" }));
    expect(history.observed(role)?.actions).toMatchObject([{ allowedCount: 1 }]);
  });

  it("is nothing where its account is not watched, and no calls where it made none", () => {
    const history = new History(emptyConfig, true);
    history.noteEvent(trailEvent());
    expect(history.observed("arn:aws:iam::999999999999:role/x")).toBeNull();
    expect(history.observed(`arn:aws:iam::${account}:role/other`)).toMatchObject({
      from: at(60), until: at(60), isWhole: true, actions: [], agents: [], lastSessionAt: null,
    });
    expect(history.accounts()).toEqual([account]);
  });

  it("tells of which services data events are watched", () => {
    const history = new History(emptyConfig, true);
    history.noteEvent(trailEvent({ category: "Data", service: "s3" }));
    history.noteEvent(trailEvent({ service: "dynamodb" }));
    expect([...history.observed(role)?.dataServices ?? []]).toEqual(["s3"]);
  });

  it("is whole of declared agents' roles alone, where other records were left out", () => {
    const config = Config.parse({ agents: [{ name: "reader", roles: ["*:role/agents/ro-*"] }] });
    const history = new History(config, false);
    history.noteEvent(trailEvent());
    expect(history.observed(role)?.isWhole).toBe(true);
    expect(history.observed(`arn:aws:iam::${account}:role/rw-other`)?.isWhole).toBe(false);
  });

  it("tells people from agents", () => {
    const history = new History(emptyConfig, true);
    history.noteEvent(trailEvent());
    history.noteSession(session());
    history.noteSession(session({ lastAt: at(300) }, "aider"));
    history.noteSession(session({}, null));
    expect(history.observed(role)).toMatchObject({
      agents: ["aider", "coder"], humanSessionCount: 0, lastSessionAt: at(300),
    });
    const sso = { id: null, arn: bare, name: "AWSReservedSSO_Admin_0" };
    for (const by of [
      { anchor: "console" }, { anchor: "sign-in-session" }, { mfa: true }, { role: sso },
      { issuance: { kind: "saml" } }, { userAgentFamilies: ["console"] },
    ]) history.noteSession(session(by as Partial<Session>, null));
    expect(history.observed(role)?.humanSessionCount).toBe(6);
  });

  it("tells its longest task, and credentials that were good after one", () => {
    const history = new History(emptyConfig, true);
    history.noteEvent(trailEvent());
    for (const seconds of [60, 300, 120]) history.noteTask(role, seconds);
    const credential = {
      accessKeyId: "ASIA", agent: "coder", roleArn: bare, issuedAt: at(0), expiresAt: at(900),
      revokedAt: null, lastAt: at(60), tasks: [], taskId: "t",
    };
    const after = (zombieSeconds: number | null) => ({ zombieSeconds } as Lifetime);
    history.noteCredential(credential, after(780.4));
    history.noteCredential(credential, after(20));
    history.noteCredential(credential, after(0));
    history.noteCredential(credential, after(null));
    history.noteCredential({ ...credential, taskId: null }, after(900));
    expect(history.observed(role)).toMatchObject({
      longestTaskSeconds: 300, outlivedTaskCount: 2, longestOutlivedSeconds: 780,
    });
  });

  it("is not whole of whoever comes when there is no more room", () => {
    const history = new History(emptyConfig, true);
    history.noteEvent(trailEvent());
    const arn = (i: number): string => `arn:aws:iam::${account}:role/r${i}`;
    for (let i = 0; i < historyLimits.identities; i += 1) history.noteTask(arn(i), 1);
    expect(history.observed(role)?.isWhole).toBe(true);
    expect(history.observed(arn(0))?.isWhole).toBe(true);
    expect(history.observed(arn(historyLimits.identities - 1))?.isWhole).toBe(false);
  });

  it("is known of users too", () => {
    const history = new History(emptyConfig, true);
    const arn = `arn:aws:iam::${account}:user/bots/bot`;
    history.noteEvent(trailEvent({ principal: { kind: "iam-user", role: null, arn } }));
    expect(history.observed(`arn:aws:iam::${account}:user/bot`)?.actions).toHaveLength(1);
    expect(history.rolesOf(account)).toEqual([]);
  });
});

describe("what our history knows of agents", () => {
  it("is who was declared, and who was seen, when and with which roles", () => {
    const config = Config.parse({ agents: [{ name: "idle", roles: ["x"] }] });
    const history = new History(config, true);
    history.noteEvent(trailEvent());
    history.noteSession(session());
    history.noteSession(session({ lastAt: at(5) }));
    expect(history.agents()).toEqual([
      { name: "coder", isDeclared: false, lastSeenAt: at(60), roleArns: [bare],
        watchedFrom: at(60) },
      { name: "idle", isDeclared: true, lastSeenAt: null, roleArns: [], watchedFrom: at(60) },
    ]);
  });
});
