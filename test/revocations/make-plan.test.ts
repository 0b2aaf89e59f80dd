import { describe, expect, it } from "vitest";
import type { Target } from "../../src/revocations/target.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at } from "../builders/event.ts";
import { credential, session } from "../builders/fact-context.ts";
import { roleArnOf, roleIdOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { deniedBy, denialsOf, nothingDeclared, planned, policyArn } from "./planned.ts";

const task = roleSession("ro", "task-1", { agent: "aider" });
const other = roleSession("ro", "task-2");
const again = roleSession("ro", "task-1", { issued: 700 });
const twin = roleSession("ro", "task-1", { issued: 30 });
const sourced = roleSession("ro", "ci", { sourceIdentity: "run-7", agent: "aider" });
const signIn = "arn:aws:signin:eu-west-1:111111111111:session/00000000-0000-4000-8000-000000000001";
const agents = roleSession("dev", "ann", {
  id: `sis:${signIn}`, anchor: "sign-in-session", agent: "claude-code",
});
const people = { ...roleSession("dev", "ann"), groupKey: agents.groupKey };
const child = roleSession("deploy", "task-1-child", { issued: 60, from: task });
const grandchild = roleSession("prod", "x1", { issued: 90, from: child });
const user = session({
  id: "AIDAX/AKIAX@2026-03-01", anchor: "idle-window", kind: "iam-user", role: null, name: "bob",
  principalId: "AIDAX", credentials: [credential({ accessKeyId: "AKIAX", kind: "long-term" })],
});
const all = [task, other, again, twin, sourced, agents, people, child, grandchild, user];

describe("a plan", () => {
  it.each<readonly [string, Target, readonly Session[]]>([
    ["a session, its twin of the same name, and what it assumed", { kind: "session", id: task.id },
      [task, twin, child, grandchild]],
    ["a session that came back under an old name, and those before it",
      { kind: "session", id: again.id }, [task, again, twin]],
    ["a credential's session", { kind: "credential", accessKeyId: "ASIAROTASK-20" }, [other]],
    ["an agent's sessions", { kind: "agent", name: "aider" },
      [task, twin, sourced, child, grandchild]],
    ["a role's sessions", { kind: "role", arn: roleArnOf("ro") },
      [task, other, again, twin, sourced, child, grandchild]],
    ["a role's, with another path", { kind: "role", arn: "arn:aws:iam::111111111111:role/ro" },
      [task, other, again, twin, sourced, child, grandchild]],
    ["a source identity", { kind: "source-identity", value: "run-7" }, [sourced]],
    ["an agent's sign-in session, not the person's", { kind: "sign-in-session", arn: signIn },
      [agents]],
    ["a person's session, and the agent's that cannot be told from it",
      { kind: "session", id: people.id }, [agents, people]],
  ])("takes away %s", (_what, target, expected) => {
    const plan = planned(target, { sessions: all });
    expect(plan.hits.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(deniedBy(plan, all)).toEqual(expected.map(({ id }) => id));
    expect(plan.refusals).toEqual([]);
  });

  it("lets a name back in that is issued after the cutoff", () => {
    const plan = planned({ kind: "session", id: task.id }, { sessions: [task] });
    const later = [600, 601].map((issued) => roleSession("ro", "task-1", { issued }));
    expect(deniedBy(plan, later)).toEqual([later[0]?.id]);
  });

  it("is the policy as it would stand, to the character", () => {
    const plan = planned({ kind: "session", id: task.id }, { sessions: [task] });
    expect(plan.changes).toEqual([{
      kind: "deny", roleArn: roleArnOf("ro"), attach: false, isSeen: false, widening: "none",
      place: {
        carrier: "inline", account: "111111111111", roleName: "ro",
        policyName: "TrailwardenSessionDeny",
      },
      denials: [{
        roleId: roleIdOf("ro"), kind: "user-id", value: `${roleIdOf("ro")}:task-1`,
        issuedBefore: at(601),
      }],
      because: ["Role id and session name, with a cutoff, since names come back."],
      document: '{"Version":"2012-10-17","Statement":[{"Sid":"TrailwardenUser1772359801",' +
        '"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":' +
        `{"aws:userid":["${roleIdOf("ro")}:task-1"]},"DateLessThan":` +
        '{"aws:TokenIssueTime":"2026-03-01T10:10:01Z"}}}]}',
    }]);
    expect([plan.endsAt, plan.removableAt]).toEqual([at(3600), at(7200)]);
    expect(plan.hits).toEqual([{
      id: task.id, name: "task-1", roleArn: roleArnOf("ro"), agent: "aider", mode: "unknown",
      as: "meant", endsAt: at(3600),
    }]);
  });

  it("says who is meant, who descends from them, and who stands by", () => {
    const plan = planned({ kind: "session", id: task.id }, { sessions: all });
    expect(plan.hits.map(({ name, as }) => [name, as])).toEqual([
      ["task-1", "meant"], ["task-1", "bystander"], ["task-1-child", "descendant"],
      ["x1", "descendant"],
    ]);
  });

  it.each<readonly [string, Session, string]>([
    ["source identity, set at issue", sourced, "source-identity"],
    ["sign-in session", agents, "sign-in-session"],
    ["user id", task, "user-id"],
  ])("goes by %s", (_what, meant, kind) => {
    const plan = planned({ kind: "session", id: meant.id }, { sessions: all });
    expect(denialsOf(plan)[0]?.kind).toBe(kind);
  });

  it("goes by the name where the source identity would hit others too", () => {
    const shared = roleSession("ro", "ci-2", { sourceIdentity: "run-7" });
    const plan = planned({ kind: "session", id: sourced.id }, { sessions: [sourced, shared] });
    expect(plan.hits.map(({ name }) => name)).toEqual(["ci"]);
    const both = planned({ kind: "source-identity", value: "run-7" },
      { sessions: [sourced, shared] });
    expect(both.hits.map(({ name }) => name)).toEqual(["ci", "ci-2"]);
  });

  it("switches off an IAM user's key, and names what its holder has of STS", () => {
    const borrowed = session({
      id: "b", kind: "iam-user", role: null, name: "bob", createdAt: at(0),
      credentials: [credential({ accessKeyId: "ASIAB" })],
    });
    const plan = planned({ kind: "credential", accessKeyId: "AKIAX" },
      { sessions: [user, borrowed] });
    expect(plan.changes).toEqual([{
      kind: "key", account: "111111111111", userName: "bob", accessKeyId: "AKIAX",
      before: "Active",
      because: ["A long-term key has no time of issue: it is switched off as a whole."],
    }]);
    expect(plan.hits.map(({ id }) => id)).toEqual([user.id]);
    expect(plan.doesNotStop[0]).toBe("Session b, which the user asked STS for, goes on.");
    expect(plan.removableAt).toBeNull();
    expect(plan.wayBack).toEqual(["Undoing sets the key AKIAX of bob active again."]);
    const idle = planned({ kind: "credential", accessKeyId: "AKIAX" },
      { sessions: [user], now: 99_999 });
    expect(idle.changes).toHaveLength(1);
  });

  it("cuts off a role whose sessions nobody has seen yet, once its id is known", () => {
    const target: Target = { kind: "role", arn: roleArnOf("ro") };
    const unknown = planned(target, { sessions: [] });
    expect(unknown.refusals.map(({ name }) => name)).toEqual(["role-unknown"]);
    const plan = planned(target, { sessions: [], roles: [roleSeen("ro")] });
    expect(deniedBy(plan, [task, again, child])).toEqual([task.id]);
    expect(plan.removableAt).toBe(at(601 + 12.5 * 3600 + 3600));
  });

  it("keeps to the role where one managed policy hangs on all", () => {
    const means = { carrier: "managed" } as const;
    for (const target of [
      { kind: "role", arn: roleArnOf("ro") },
      { kind: "source-identity", value: "run-7" },
      { kind: "agent", name: "aider" },
    ] satisfies Target[]) {
      const elsewhere = roleSession("dev", "ci", { sourceIdentity: "run-8" });
      const sessions = [...all, elsewhere];
      const plan = planned(target, { sessions, means });
      expect(plan.changes[0]).toMatchObject({ place: { carrier: "managed", policyArn } });
      expect(deniedBy(plan, sessions)).toEqual(plan.hits.map(({ id }) => id));
      expect(plan.hits.map(({ name }) => name)).not.toContain("ann");
    }
  });

  it("holds for sign-in sessions whatever they mint later", () => {
    const plan = planned({ kind: "sign-in-session", arn: signIn }, { sessions: all });
    expect(deniedBy(plan, [{ ...agents, createdAt: at(9999) }])).toEqual([agents.id]);
  });

  it("leaves alone what a person has assumed from the sign-in that an agent shares", () => {
    const key = { key: "ASIAPERSON" };
    const person = { ...roleSession("dev", "ann", key), groupKey: agents.groupKey };
    const persons = roleSession("deploy", "by-ann", { from: person });
    const agentsOwn = roleSession("prod", "by-agent", { from: agents });
    const plan = planned({ kind: "sign-in-session", arn: signIn },
      { sessions: [agents, person, persons, agentsOwn] });
    expect(plan.hits.map(({ id }) => id)).toEqual([agents.id, agentsOwn.id]);
    // Twelve and a half hours after the sign-in: it mints credentials till then.
    expect(plan.endsAt).toBe(at(12.5 * 3600));
  });

  it("says what it will not stop", () => {
    const means = { untouchable: { ...nothingDeclared, protectedRoles: ["*/deploy"] } };
    const plan = planned({ kind: "session", id: task.id }, { sessions: all, means });
    expect(plan.doesNotStop.slice(0, 2)).toEqual([
      `Session ${child.id}, assumed from one of these, goes on.`,
      "AROAORCH000000000000A:orch-1, who asked for the credential, can ask for a new one.",
    ]);
    expect(plan.refusals.map(({ name, subject }) => [name, subject])).toEqual([
      ["protected-role", roleArnOf("deploy")],
    ]);
  });

  it("is wider from the start where less did not hold", () => {
    const plan = planned({ kind: "session", id: task.id },
      { sessions: [task, other], means: { from: "role-wide" } });
    expect(plan.hits.map(({ name, as }) => [name, as])).toEqual([
      ["task-1", "meant"], ["task-2", "bystander"],
    ]);
    expect(plan.changes[0]?.because.at(-1)).toBe("It was asked for the whole role.");
  });
});
