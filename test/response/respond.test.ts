import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Response } from "../../src/config/response-schema.ts";
import { awaitedVersion, stateOf } from "../../src/revocations/life-cycle.ts";
import type { RevocationRequest, Trigger } from "../../src/revocations/revocation.ts";
import { observeAll } from "../../src/response/observe.ts";
import { ask, release, round, type Responder } from "../../src/response/respond.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at, trailEvent } from "../builders/event.ts";
import { contextOf, roleIdOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { policyArn } from "../revocations/planned.ts";
import { keepSession } from "../storage/with-store.ts";
import { fault, office, type Office } from "./desk.ts";

const task = roleSession("ro", "task-1", { agent: "aider" });
const other = roleSession("ro", "task-2", { agent: "codex" });
const byRule: Trigger = {
  by: "rule", rule: "creates-lasting-credentials", level: "critical", subject: "f1",
};
const request = (changes: Partial<RevocationRequest> = {}): RevocationRequest => ({
  id: "a", target: { kind: "session", id: task.id }, trigger: byRule, reason: "It made a key.",
  requestedBy: "rule:creates-lasting-credentials", requestedAt: at(600), ...changes,
});
const principal = { id: `${roleIdOf("ro")}:task-1`, createdAt: at(0) };
const denied = {
  outcome: "denied", errorCode: "AccessDenied", denial: {
    kind: "explicit", policyType: "identity-based", policyArn: null, action: null, resource: null,
  },
} as const;

let here: Office;
beforeEach(async () => {
  here = await office();
  here.account.addRole(roleSeen("ro"));
  for (const session of [task, other]) await known(session);
});
afterEach(() => here.store.close());

const known = (session: Session) => keepSession(here.store, session);

const responder = (config: object = {}): Responder => Object.assign(here, {
  config: Response.parse({ enabled: true, ...config }),
  ownRoles: ["arn:aws:iam::111111111111:role/trailwarden"],
});
const nobody = { approvals: [{ people: 0 }] };
const stateNow = async () => {
  const revocation = await here.store.revocation("a");
  return revocation && stateOf(revocation, here.time);
};
const lost = (session: Session) => here.account.denies("ro", contextOf(session));

describe("a response", () => {
  it("changes nothing at defaults, and shows exactly what would be", async () => {
    const asked = await ask(request(), responder({ enabled: false }));
    expect(asked.revocation).toBeNull();
    expect(asked.plan.changes).toMatchObject([{ isSeen: true, widening: "none" }]);
    expect(asked.plan.hits.map(({ id }) => id)).toEqual([task.id]);
    expect(await round(responder({ enabled: false }))).toEqual([]);
    expect([here.account.writes, await here.store.auditLog(9)]).toEqual([[], []]);
  });

  it("goes from the finding to the yes, the policy, the proof, and out again", async () => {
    await ask(request(), responder());
    expect(await round(responder())).toEqual([]);
    expect(await stateNow()).toBe("requested");
    const [version] = (await here.store.revocation("a"))?.versions ?? [];
    const said = { digest: version?.digest ?? "", by: "token:bob", at: at(610) };
    await here.store.tellRevocation("a", { kind: "approved", said }, null);
    const [left] = await round(responder());
    expect(left).toEqual({
      key: "inline 111111111111/ro TrailwardenSessionDeny", as: "written",
    });
    expect([lost(task), lost(other), await stateNow()]).toEqual([true, false, "applied"]);
    const events = [
      trailEvent({ id: "e1", at: at(650), principal, result: denied }),
      trailEvent({ id: "e2", at: at(651), principal, result: denied }),
    ];
    expect(await observeAll(events, here.store, at(900))).toHaveLength(2);
    expect(await stateNow()).toBe("confirmed");
    here.time = at(7200);
    expect(await stateNow()).toBe("expired");
    await round(responder());
    expect([lost(task), await stateNow()]).toEqual([false, "pruned"]);
    expect(here.account.roles.get("ro")?.inlinePolicies).toEqual([]);
    expect((await here.store.auditLog(9)).map(({ action }) => action).toReversed()).toEqual([
      "revocation.request", "revocation.released", "revocation.applied", "revocation.denied",
      "revocation.pruned",
    ]);
  });

  it("goes on with nothing of what was begun once the config no longer enables it", async () => {
    await ask(request(), responder(nobody));
    await release("a", responder(nobody));
    expect(await round(responder({ ...nobody, enabled: false }))).toEqual([]);
    expect([here.account.writes, await stateNow()]).toEqual([[], "approved"]);
  });

  it("that AWS keeps from being looked at keeps nobody from the next", async () => {
    await ask(request(), responder(nobody));
    await ask(request({ id: "b", requestedAt: at(601) }), responder(nobody));
    let left = 1;
    here.account.before = (call) => {
      if (call === "role" && left-- > 0) throw fault("denied");
    };
    expect(await round(responder(nobody))).toMatchObject([
      { as: { code: "denied" } }, { as: "written" },
    ]);
    expect(lost(task)).toBe(true);
  });

  it("has written down what was there before it did anything", async () => {
    const before = { name: "theirs", document: "{}" };
    here.account.addRole(roleSeen("ro", { inlinePolicies: [before] }));
    await ask(request(), responder(nobody));
    expect(await release("a", responder(nobody))).toEqual({ kind: "now" });
    expect(here.account.writes).toEqual([]);
    const captured = JSON.parse(await here.store.capture("a") ?? "null") as object;
    expect(captured).toMatchObject({
      at: at(600),
      plan: { target: { kind: "session", id: task.id } },
      roles: [["111111111111/ro", { inlinePolicies: [before] }]],
      sessions: [{ id: task.id }],
      timelines: [{ groupKey: task.groupKey, records: [{}] }],
    });
  });

  it("that does not hold is asked for again for the whole role", async () => {
    const config = { ...nobody, escalate: true };
    await ask(request(), responder(config));
    await round(responder(config));
    const through = trailEvent({ at: at(700), operation: "s3:GetObject", principal });
    await observeAll([through], here.store, at(900));
    expect([await stateNow(), lost(other)]).toEqual(["violated", false]);
    here.time = at(900);
    await round(responder(config));
    expect([lost(task), lost(other)]).toEqual([true, true]);
    const revocation = await here.store.revocation("a");
    expect(revocation?.versions.map(({ plan }) => plan.hits.length)).toEqual([1, 2]);
  });

  it("asks again for more where others have taken the room meanwhile", async () => {
    await ask(request(), responder(nobody));
    await release("a", responder(nobody));
    const role = here.account.roles.get("ro");
    if (role !== undefined) {
      role.inlinePolicies = [{ name: "theirs", document: "x".repeat(10_040) }];
    }
    const [left] = await round(responder());
    expect(left?.as).toBe("no-room");
    expect(here.account.writes).toEqual([]);
    const waiting = await here.store.revocation("a");
    const awaited = waiting && awaitedVersion(waiting, here.time);
    expect(awaited?.plan.changes[0]).toMatchObject({ widening: "role-wide" });
    expect(awaited?.plan.hits.map(({ as }) => as).toSorted()).toEqual(["bystander", "meant"]);
    const said = { digest: awaited?.digest ?? "", by: "token:bob", at: here.time };
    await here.store.tellRevocation("a", { kind: "approved", said }, null);
    if (role !== undefined) role.inlinePolicies = [];
    await round(responder());
    expect([lost(task), lost(other), await stateNow()]).toEqual([true, true, "applied"]);
  });

  it("goes into the role where the managed policy is gone", async () => {
    const config = { ...nobody, carrier: "managed" };
    here.account.addPolicy(policyArn, '{"Version":"2012-10-17","Statement":[]}');
    await ask(request(), responder(config));
    await round(responder(config));
    expect(here.account.roles.get("ro")?.attachedPolicyArns).toEqual([policyArn]);
    here.account.policies.clear();
    await round(responder(config));
    await round(responder(config));
    expect([lost(task), lost(other)]).toEqual([true, false]);
    expect(here.account.writes.at(-1)).toBe("put TrailwardenSessionDeny");
  });

  it("lapses where nobody says yes in time", async () => {
    await ask(request(), responder());
    here.time = at(3600);
    await round(responder());
    expect(await stateNow()).toBe("expired");
    expect(await here.store.listRevocations({ isOpen: true }, { limit: 9, after: null }))
      .toEqual([]);
  });

  it("of one place does not wait for another that fails", async () => {
    const deploy = roleSession("deploy", "x1");
    await known(deploy);
    here.account.addRole(roleSeen("deploy"));
    await ask(request(), responder(nobody));
    await ask(request({ id: "b", target: { kind: "session", id: deploy.id } }), responder(nobody));
    here.account.roles.delete("deploy");
    const left = await round(responder(nobody));
    expect(left.map(({ as }) => as)).toEqual(["missing", "written"]);
  });
});
