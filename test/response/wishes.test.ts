import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Response } from "../../src/config/response-schema.ts";
import type { FindingPart } from "../../src/findings/finding.ts";
import { round, type Responder } from "../../src/response/respond.ts";
import { Wishes } from "../../src/response/wishes.ts";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import { wholeList } from "../../src/revocations/store.ts";
import type { Session } from "../../src/sessions/session.ts";
import type { TaskTie } from "../../src/sessions/task-tie.ts";
import { at } from "../builders/event.ts";
import { contextOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { taskStart } from "../builders/task.ts";
import { part } from "../storage/made.ts";
import { keepSession } from "../storage/with-store.ts";
import { fault, office, type Office } from "./desk.ts";

const task = roleSession("ro", "task-1", { agent: "aider" });
const [credential] = task.credentials;
if (credential === undefined) throw new Error("No credential.");
const { accessKeyId } = credential;
const flagged = part("f1", {
  rule: "creates-lasting-credentials", level: "critical", lastEventAt: at(590),
  session: { id: task.id, arn: null, name: "task-1" }, credential: { accessKeyId },
  agent: { name: "aider", basis: "role-arn" },
  role: { arn: task.role?.arn ?? "", mode: "readonly" },
});

let here: Office;
beforeEach(async () => {
  here = await office();
  here.account.addRole(roleSeen("ro"));
});
afterEach(() => here.store.close());

const critical = { only: { minLevel: "critical" } };
const automatic = { enabled: true, triggers: [critical], approvals: [{ people: 0 }] };

/** One process's; a later one, as after a crash, knows nothing of what it remembers. */
function wishes(response: object, responder?: () => Promise<Responder>): Wishes {
  const config = Response.parse(response);
  const { store, now } = here;
  const own: Responder = Object.assign(here, { config, ownRoles: [] });
  return new Wishes({ store, config, now, responder: responder ?? (() => Promise.resolve(own)) });
}

const judged = (session: Session, parts: readonly FindingPart[] = []) =>
  keepSession(here.store, session, parts);
const outcomes = async (of: Wishes) => (await of.grant()).map(({ as }) => as);
const ledger = () => here.store.listRevocations({}, wholeList);
const states = async () => (await ledger()).map((one) => stateOf(one, here.time));
const isLost = () => here.account.denies("ro", contextOf(task));

describe("a finding", () => {
  it("asks for nothing at defaults", async () => {
    await judged(task, [flagged]);
    expect(await outcomes(wishes({ enabled: true }))).toEqual([]);
    expect([await ledger(), here.account.writes]).toEqual([[], []]);
  });

  it("asks once for what the triggers say, however often it changes", async () => {
    await judged(task, [flagged]);
    const one = wishes(automatic);
    expect(await outcomes(one)).toEqual(["asked"]);
    expect(await ledger()).toMatchObject([{
      target: { kind: "session", id: task.id }, requestedBy: "rule:creates-lasting-credentials",
      trigger: { by: "rule", level: "critical", subject: flagged.fingerprint },
    }]);
    await judged(task, [{ ...flagged, eventCount: 2, lastEventAt: at(599) }]);
    expect([await outcomes(one), await outcomes(wishes(automatic))]).toEqual([[], []]);
    await round(Object.assign(here, { config: Response.parse(automatic), ownRoles: [] }));
    expect([isLost(), await states()]).toEqual([true, ["applied"]]);
  });

  it("asks for another target, where it comes to be about one as it grows", async () => {
    const second = roleSession("ro", "task-2", { agent: "aider" });
    await judged(task, [flagged]);
    await outcomes(wishes(automatic));
    await judged(second, [{
      ...flagged, decidedAt: at(-1), session: { id: second.id, arn: null, name: "task-2" },
    }]);
    await outcomes(wishes(automatic));
    expect((await ledger()).map(({ target }) => target).toSorted()).toHaveLength(2);
  });

  it("is only planned for where responses are not enabled, with or without AWS", async () => {
    await judged(task, [flagged]);
    const blind = () => Promise.reject(fault("network"));
    expect(await outcomes(wishes({ triggers: [critical] }, blind))).toEqual(["planned"]);
    const [planned] = await ledger();
    expect(planned?.versions[0]?.plan.changes).toMatchObject([{ kind: "deny", isSeen: false }]);
    await round(Object.assign(here, { config: Response.parse(automatic), ownRoles: [] }));
    expect([await states(), here.account.writes]).toEqual([["planned"], []]);
    await judged(task, [{ ...flagged, eventCount: 2 }]);
    expect(await outcomes(wishes(automatic))).toEqual(["asked"]);
  });

  it("that nobody has to act on asks for nothing", async () => {
    await judged(task, [flagged]);
    const decision = { verdict: "benign", note: "" } as const;
    await here.store.closeFinding(flagged.fingerprint.slice(0, 16), decision, {
      actor: "cli:ann", at: at(1),
    });
    expect(await outcomes(wishes(automatic))).toEqual([]);
  });

  it.each([
    ["another level", { only: { minLevel: "critical" } }, { level: "high" }],
    ["another rule", { only: { rules: ["zombie-*"] } }, {}],
    ["another agent", { only: { agents: ["codex"] } }, {}],
    ["another account", { only: { accounts: ["999999999999"] } }, {}],
    ["another mode", { modes: ["deploy"] }, {}],
    ["no credential", { target: "credential" }, { credential: null }],
  ] as const)("of %s than a trigger names asks for nothing", async (_, trigger, changes) => {
    await judged(task, [{ ...flagged, ...changes }]);
    expect(await outcomes(wishes({ ...automatic, triggers: [trigger] }))).toEqual([]);
  });

  it.each([
    ["credential", { kind: "credential", accessKeyId }],
    ["agent", { kind: "agent", name: "aider" }],
    ["role", { kind: "role", arn: task.role?.arn }],
  ])("asks for its %s, where a trigger says so", async (target, expected) => {
    await judged(task, [flagged]);
    await outcomes(wishes({ ...automatic, triggers: [{ ...critical, target }] }));
    expect((await ledger()).map((one) => one.target)).toEqual([expected]);
  });

  it("is not forgotten where AWS fails, nor by a process that then dies", async () => {
    await judged(task, [flagged]);
    const failing = () => Promise.reject(fault("throttled"));
    const one = wishes(automatic, failing);
    expect(await outcomes(one)).toMatchObject([{ code: "throttled" }]);
    expect(await outcomes(one)).toEqual([]);
    expect(await outcomes(wishes(automatic))).toEqual(["asked"]);
  });

  it("is given up where AWS fails until nothing that it asked for can be valid", async () => {
    await judged(task, [flagged]);
    const failing = wishes(automatic, () => Promise.reject(fault("denied")));
    await outcomes(failing);
    here.time += 36 * 3_600_000;
    expect(await outcomes(failing)).toHaveLength(1);
    here.time += 60_000;
    expect([await outcomes(failing), await here.store.wishes()]).toEqual([[], []]);
  });

  it("is told why nothing of it can be done, and asks no more", async () => {
    await judged(task, [flagged]);
    const refusing = { ...automatic, protectedRoles: ["*"] };
    expect(await wishes(refusing).grant())
      .toMatchObject([{ as: "refused", refusals: ["protected-role"] }]);
    expect([await outcomes(wishes(refusing)), await ledger()]).toEqual([[], []]);
  });
});

describe("a task that ended with the wish that its credentials be revoked", () => {
  const start = taskStart();
  const by = { actor: "token:ci", at: at(0) };
  const tie: TaskTie = {
    id: start.id, externalId: start.externalId, agent: start.agent, mode: start.mode,
    expectedSeconds: null, startedAt: at(0), endedAt: at(120), outcome: "succeeded",
    by: "access-key",
  };
  const seen = { ...task, credentials: [{ ...credential, tasks: [tie] }] };
  const end = (revoke = true) => here.store.endTask(start.id, {
    at: at(120), outcome: "succeeded", exitCode: 0, revoke,
  }, by);
  beforeEach(async () => {
    await here.store.startTask(start, by);
    await here.store.tellCredential(start.id, {
      accessKeyId, roleArn: task.role?.arn ?? "", sessionName: "task-1", issuedAt: at(0),
      expiresAt: at(3600),
    });
  });

  it("is heard once a session of it is seen, for each credential", async () => {
    await end();
    const one = wishes(automatic);
    expect(await outcomes(one)).toEqual([]);
    await judged(seen);
    expect(await outcomes(one)).toEqual(["asked"]);
    expect(await ledger()).toMatchObject([{
      target: { kind: "credential", accessKeyId }, trigger: { by: "task-end", subject: start.id },
    }]);
    await round(Object.assign(here, { config: Response.parse(automatic), ownRoles: [] }));
    expect(isLost()).toBe(true);
    expect(await outcomes(wishes(automatic))).toEqual([]);
  });

  it("is not, where nobody wished for it, or its credentials have expired", async () => {
    await judged(seen);
    await end(false);
    expect(await outcomes(wishes(automatic))).toEqual([]);
    await end();
    here.time = at(3600);
    expect(await outcomes(wishes(automatic))).toEqual([]);
  });

  it("is wished for again where it is refused, as long as they are valid", async () => {
    await judged(seen);
    await end();
    const refusing = wishes({ ...automatic, protectedRoles: ["*"] });
    expect(await outcomes(refusing)).toEqual(["refused"]);
    expect(await outcomes(refusing)).toEqual([]);
    here.time += 60_000;
    expect(await outcomes(refusing)).toEqual(["refused"]);
  });

  it("is approved as the config says for what asks", async () => {
    await judged(seen);
    await end();
    const approvals = [{ askedBy: ["rule"], people: 0 }, { askedBy: ["task-end"], people: 2 }];
    await outcomes(wishes({ enabled: true, approvals }));
    expect((await ledger())[0]?.versions[0]?.people).toBe(2);
  });
});
