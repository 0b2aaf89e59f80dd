import { describe, expect, it } from "vitest";
import type { Target } from "../../src/revocations/target.ts";
import { documentOf } from "../../src/revocations/document.ts";
import { refusalNames } from "../../src/revocations/refusal.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at } from "../builders/event.ts";
import { credential, session } from "../builders/fact-context.ts";
import { roleArnOf, roleIdOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { isDenied } from "../iam/evaluate.ts";
import { contextOf } from "../builders/role-session.ts";
import { nothingDeclared, planned, policyName, type Case } from "./planned.ts";

const task = roleSession("ro", "task-1");
const inRole = (arn: string): Session => ({
  ...task, role: { id: roleIdOf("ro"), arn, name: arn.slice(arn.lastIndexOf("/") + 1) },
});
const roles = "arn:aws:iam::111111111111:role";
const slr = inRole(`${roles}/aws-service-role/ec2.amazonaws.com/AWSServiceRoleForX`);
const permissionSet = "AWSReservedSSO_Dev_0123456789abcdef";
const sso = inRole(`${roles}/aws-reserved/sso.amazonaws.com/eu-west-1/${permissionSet}`);
const ssoWithoutPath = inRole(`${roles}/${permissionSet}`);
const hostile = roleSession("ro", "x*${aws:username}");
const root = session({ id: "root", kind: "root", role: null });
const rootKey = session({
  id: "root", kind: "root", role: null, name: null,
  credentials: [credential({ accessKeyId: "AKIAROOT", kind: "long-term" })],
});
const user = session({
  id: "u", kind: "iam-user", role: null, name: "bob",
  credentials: [credential({ accessKeyId: "AKIAX", kind: "long-term" })],
});
const full = { name: "theirs", document: `{"Statement":"${"x".repeat(10_200)}"}` };
const unreadable = { name: policyName, document: "not JSON" };
const untouchable = (declared: object): NonNullable<Case["means"]> =>
  ({ untouchable: { ...nothingDeclared, ...declared } });

type Refused = readonly [string, string, Omit<Case, "sessions">, Session];
const cases: readonly Refused[] = [
  ["responder-role", "the role we work under",
    { means: untouchable({ responderRoles: [roleArnOf("ro")] }) }, task],
  ["responder-role", "the role we work under, told without its path",
    { means: untouchable({ responderRoles: ["arn:aws:iam::111111111111:role/ro"] }) }, task],
  ["service-linked-role", "a service-linked role", {}, slr],
  ["reserved-sso-role", "a role of Identity Center", {}, sso],
  ["reserved-sso-role", "a role of Identity Center, told without its path", {}, ssoWithoutPath],
  ["protected-role", "a role that the config protects",
    { means: untouchable({ protectedRoles: ["arn:aws:iam::*:role/agents/*"] }) }, task],
  ["protected-role", "one whose path only AWS tells",
    {
      means: untouchable({ protectedRoles: ["*:role/agents/ro"] }),
      roles: [roleSeen("ro")],
    }, inRole("arn:aws:iam::111111111111:role/ro")],
  ["management-account", "a role in the management account",
    { means: untouchable({ managementAccount: "111111111111" }) }, task],
  ["management-account", "a user's key in the management account",
    { means: untouchable({ managementAccount: "111111111111" }) }, user],
  ["nothing-live", "a session that has ended", { now: 3600 }, task],
  ["not-a-role", "root", {}, root],
  ["not-a-role", "root's key", {}, rootKey],
  ["role-unknown", "a role without an id", {},
    { ...task, role: { id: null, arn: roleArnOf("ro"), name: "ro" } }],
  ["role-unknown", "a role that was made anew",
    { roles: [roleSeen("ro", { id: "AROANEW00000000000000" })] }, task],
  ["role-unknown", "an ARN that is none", {}, inRole("role/ro")],
  ["unwritable-name", "a name that IAM would read as a pattern", {}, hostile],
  ["no-room", "a role that is full",
    { roles: [roleSeen("ro", { inlinePolicies: [full] })] }, task],
  ["foreign-policy", "a policy under our name that is none",
    { roles: [roleSeen("ro", { inlinePolicies: [unreadable] })] }, task],
];

describe("a plan refuses", () => {
  it.each(cases)("%s: %s", (...[name, , of, meant]) => {
    const target: Target = { kind: "session", id: meant.id };
    const plan = planned(target, { ...of, sessions: [meant] });
    expect(plan.changes).toEqual([]);
    expect(plan.hits).toEqual([]);
    expect(plan.refusals.map((refusal) => refusal.name)).toEqual([name]);
    expect(plan.refusals[0]?.because).toMatch(/^[A-Z].*\.$/);
  });

  it("for every reason there is", () => {
    expect([...new Set(cases.map(([name]) => name))].sort()).toEqual([...refusalNames].sort());
  });

  it("and gives the service control policy to use instead, which hits the same", () => {
    const plan = planned({ kind: "session", id: sso.id }, { sessions: [sso] });
    const scp = plan.refusals[0]?.scp ?? "";
    expect(scp).toBe(documentOf([{
      roleId: roleIdOf("ro"), kind: "user-id", value: `${roleIdOf("ro")}:task-1`,
      issuedBefore: at(601),
    }], "managed"));
    expect(isDenied([scp], contextOf(sso))).toBe(true);
    expect(isDenied([scp], contextOf(roleSession("dev", "task-1")))).toBe(false);
    const linked = planned({ kind: "session", id: slr.id }, { sessions: [slr] });
    expect(linked.refusals[0]?.scp).toBeNull();
  });

  it("part of what is asked, and does the rest", () => {
    const more = roleSession("dev", "x1", { agent: "aider" });
    const own = roleSession("responder", "trailwarden", { agent: "aider" });
    const plan = planned({ kind: "agent", name: "aider" }, {
      sessions: [more, own], means: untouchable({ responderRoles: [roleArnOf("responder")] }),
    });
    expect(plan.hits.map(({ id }) => id)).toEqual([more.id]);
    expect(plan.refusals.map(({ name }) => name)).toEqual(["responder-role"]);
    expect(plan.doesNotStop[0]).toBe(`Session ${own.id} goes on.`);
  });
});
