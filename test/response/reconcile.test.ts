import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import { reconcile } from "../../src/response/reconcile.ts";
import type { Session } from "../../src/sessions/session.ts";
import { at } from "../builders/event.ts";
import { contextOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { planned, policyName } from "../revocations/planned.ts";
import { asked, fault, office, released, type Office } from "./desk.ts";

const one = roleSession("ro", "task-1");
const two = roleSession("ro", "task-2");
const key = `inline 111111111111/ro ${policyName}`;
const planOf = (session: Session): Plan =>
  planned({ kind: "session", id: session.id }, { sessions: [one, two] });
const allow = { Sid: "Theirs", Effect: "Allow", Action: "*", Resource: "*" };
const document = JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
const theirs = { name: "theirs", document };

let here: Office;
beforeEach(async () => {
  here = await office();
  here.account.addRole(roleSeen("ro", { inlinePolicies: [theirs] }));
});
afterEach(() => here.store.close());

const denied = (session: Session) => here.account.denies("ro", contextOf(session));
const stateNow = async (id: string) => {
  const revocation = await here.store.revocation(id);
  return revocation === null ? null : stateOf(revocation, here.time);
};

describe("a role", () => {
  it("gets what the ledger wants of it, and it is told when it was read back", async () => {
    await released(here, "a", planOf(one));
    expect(await stateNow("a")).toBe("approved");
    expect(await reconcile(key, here)).toBe("written");
    expect([denied(one), denied(two)]).toEqual([true, false]);
    expect(await stateNow("a")).toBe("applied");
    expect(await reconcile(key, here)).toBe("kept");
    expect(here.account.writes).toEqual([`put ${policyName}`]);
    expect((await here.store.auditLog(9)).map(({ action }) => action)).toEqual([
      "revocation.applied", "revocation.released", "revocation.request",
    ]);
  });

  it("gets nothing before the release, however approved", async () => {
    await here.store.addRevocation(asked("a", planOf(one)));
    expect(await reconcile(key, here)).toBe("kept");
    expect(here.account.writes).toEqual([]);
  });

  it("gets nothing while responses are paused, and is not cleared either", async () => {
    await released(here, "a", planOf(one));
    await here.store.pauseResponse("an exercise", { actor: "cli:ann", at: at(600) });
    expect(await reconcile(key, here)).toBe("paused");
    expect(here.account.writes).toEqual([]);
    await here.store.pauseResponse(null, { actor: "cli:ann", at: at(601) });
    expect(await reconcile(key, here)).toBe("written");
  });

  it("has one policy for several, which leave one by one, and the empty policy goes", async () => {
    await released(here, "a", planOf(one));
    await released(here, "b", planOf(two));
    expect(await reconcile(key, here)).toBe("written");
    expect([denied(one), denied(two)]).toEqual([true, true]);
    const decision = { by: "cli:bob", reason: "a mistake", at: at(700) };
    await here.store.tellRevocation("b", { kind: "undone", decision }, null);
    expect(await reconcile(key, here)).toBe("written");
    expect([denied(one), denied(two)]).toEqual([true, false]);
    expect([await stateNow("a"), await stateNow("b")]).toEqual(["applied", "undone"]);
    here.time = at(7200);
    expect(await stateNow("a")).toBe("expired");
    expect(await reconcile(key, here)).toBe("written");
    expect(await stateNow("a")).toBe("pruned");
    expect(here.account.writes.at(-1)).toBe(`delete ${policyName}`);
    expect(await here.account.role("ro")).toMatchObject({ inlinePolicies: [theirs] });
    expect(await here.store.changeKeys()).toEqual([]);
  });
});

describe("when things go wrong", () => {
  beforeEach(() => released(here, "a", planOf(one)));

  /** Somebody takes our policy off whenever this is called. */
  const takeOff = () => {
    const role = here.account.roles.get("ro");
    if (role !== undefined) role.inlinePolicies = [theirs];
  };
  const failing = (call: string, times: number, code: Parameters<typeof fault>[0]) => {
    let left = times;
    here.account.before = (name) => {
      if (name === call && left-- > 0) throw fault(code);
    };
  };

  it.each(["role", "putRolePolicy"])("%s: throttling is waited out", async (call) => {
    failing(call, 4, "throttled");
    expect(await reconcile(key, here)).toBe("written");
    expect(here.waited.slice(0, 4)).toEqual([100, 200, 400, 800]);
    expect(await stateNow("a")).toBe("applied");
  });

  it("throttling without end is a fault, with the lease given back", async () => {
    failing("putRolePolicy", 99, "throttled");
    await expect(reconcile(key, here)).rejects.toMatchObject({ code: "throttled" });
    expect(here.waited).toHaveLength(6);
    failing("putRolePolicy", 0, "throttled");
    expect(await reconcile(key, { ...here, holder: "two" })).toBe("written");
  });

  it("a denial is a fault at once, and nothing is told", async () => {
    failing("putRolePolicy", 1, "denied");
    await expect(reconcile(key, here)).rejects.toMatchObject({ code: "denied" });
    expect(await stateNow("a")).toBe("approved");
    expect(await reconcile(key, here)).toBe("written");
  });

  it("two responders write one after the other", async () => {
    const second: Promise<string>[] = [];
    here.account.before = (call) => {
      if (call === "putRolePolicy") second.push(reconcile(key, { ...here, holder: "two" }));
    };
    expect(await reconcile(key, here)).toBe("written");
    expect(await Promise.all(second)).toEqual(["busy"]);
    expect(await reconcile(key, { ...here, holder: "two" })).toBe("kept");
  });

  it("a responder that died is waited out, and what it left is gone on with", async () => {
    await here.store.takeLease({ key, holder: "dead", now: here.time, until: here.time + 60_000 });
    expect(await reconcile(key, here)).toBe("busy");
    here.time += 60_000;
    expect(await reconcile(key, here)).toBe("written");
  });

  it("a responder that slept through its lease writes nothing", async () => {
    let isFirst = true;
    here.account.before = async (call) => {
      if (call !== "role" || !isFirst) return;
      isFirst = false;
      here.time += 60_000;
      const { time } = here;
      await here.store.takeLease({ key, holder: "two", now: time, until: time + 60_000 });
    };
    expect(await reconcile(key, here)).toBe("busy");
    expect(here.account.writes).toEqual([]);
  });

  it.each(["role", "putRolePolicy"])("a crash at %s is gone on with", async (call) => {
    for (const nth of [1, 2]) {
      let count = 0;
      here.account.before = (name) => {
        if (name === call && ++count === nth) throw new Error("crash");
      };
      await reconcile(key, here).catch((error: unknown) => {
        expect(error).toMatchObject({ message: "crash" });
      });
    }
    here.account.before = () => undefined;
    expect(["written", "kept"]).toContain(await reconcile(key, here));
    expect([denied(one), await stateNow("a")]).toEqual([true, "applied"]);
    expect(here.account.writes).toEqual([`put ${policyName}`]);
  });

  it("old reads after a write are waited out, without writing again", async () => {
    here.account.before = (call) => {
      if (call === "putRolePolicy") here.account.showOld(1);
    };
    expect(await reconcile(key, here)).toBe("written");
    expect(here.account.writes).toEqual([`put ${policyName}`]);
  });

  it("old reads that do not end leave it unsettled, and the same is written", async () => {
    here.account.showOld(99);
    expect(await reconcile(key, here)).toBe("unsettled");
    expect(here.account.writes.length).toBeGreaterThan(1);
    expect(await stateNow("a")).toBe("approved");
    here.account.showOld(0);
    expect(await reconcile(key, here)).toBe("kept");
    expect(await stateNow("a")).toBe("applied");
  });

  it("an old read before any write accuses nobody", async () => {
    await reconcile(key, here);
    const before = here.account.roles.get("ro");
    if (before === undefined) throw new Error("No role.");
    const { inlinePolicies } = before;
    before.inlinePolicies = [theirs];
    here.account.showOld(1);
    before.inlinePolicies = inlinePolicies;
    expect(await reconcile(key, here)).toBe("kept");
    expect(await here.store.revocation("a")).toMatchObject({ tampered: null });
    expect(here.account.writes).toHaveLength(1);
  });

  it("our policy taken off is put back, and told", async () => {
    await reconcile(key, here);
    takeOff();
    expect(denied(one)).toBe(false);
    expect(await reconcile(key, here)).toBe("written");
    expect(denied(one)).toBe(true);
    expect(await here.store.revocation("a")).toMatchObject({ tampered: { lastBy: key } });
    expect((await here.store.auditLog(1))[0]?.action).toBe("revocation.tampered");
  });

  it("our policy narrowed is put right, and told", async () => {
    await reconcile(key, here);
    const role = here.account.roles.get("ro");
    const [, ours] = role?.inlinePolicies ?? [];
    if (role === undefined || ours === undefined) throw new Error("No policy.");
    const narrowed = ours.document.replace('"Action":"*"', '"Action":"s3:*"');
    role.inlinePolicies = [theirs, { ...ours, document: narrowed }];
    expect(await reconcile(key, here)).toBe("written");
    expect(await here.store.revocation("a")).toMatchObject({ tampered: { lastBy: key } });
    expect(denied(one)).toBe(true);
  });

  it("somebody who takes it off again and again leaves it unsettled", async () => {
    here.account.before = (call) => {
      if (call === "role") takeOff();
    };
    expect(await reconcile(key, here)).toBe("unsettled");
    expect(here.account.writes.length).toBeGreaterThan(1);
  });

  it("a role that is gone has nothing left to revoke", async () => {
    here.account.roles.clear();
    expect(await reconcile(key, here)).toBe("missing");
    expect(await stateNow("a")).toBe("pruned");
  });

  it("a role that was made anew gets nothing", async () => {
    here.account.addRole(roleSeen("ro", { id: "AROANEW00000000000000" }));
    expect(await reconcile(key, here)).toBe("kept");
    expect(here.account.writes).toEqual([]);
  });
});
