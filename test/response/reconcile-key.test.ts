import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import type { Plan } from "../../src/revocations/plan.ts";
import { reconcile } from "../../src/response/reconcile.ts";
import { at } from "../builders/event.ts";
import { roleSession } from "../builders/role-session.ts";
import { planned } from "../revocations/planned.ts";
import { office, released, type Office } from "./desk.ts";

const task = roleSession("ro", "task-1");
let here: Office;
beforeEach(async () => {
  here = await office();
});
afterEach(() => here.store.close());

describe("a key", () => {
  const keyPlan = (before: "Active" | "Inactive"): Plan => ({
    ...planned({ kind: "session", id: task.id }, { sessions: [task] }),
    changes: [{
      kind: "key", account: "111111111111", userName: "bob", accessKeyId: "AKIAX", before,
      because: [],
    }],
    endsAt: null, removableAt: null,
  });
  const place = "key 111111111111/bob AKIAX";
  const stateNow = async () => {
    const revocation = await here.store.revocation("k");
    return revocation && stateOf(revocation, here.time);
  };
  const undo = { by: "cli:bob", reason: "a mistake", at: at(700) };

  it.each(["Active", "Inactive"] as const)("that was %s is so again", async (before) => {
    here.account.keys.set("AKIAX", before);
    await released(here, "k", keyPlan(before));
    await reconcile(place, here);
    expect(here.account.keys.get("AKIAX")).toBe("Inactive");
    expect(await stateNow()).toBe("applied");
    await here.store.tellRevocation("k", { kind: "undone", decision: undo }, null);
    await reconcile(place, here);
    expect(here.account.keys.get("AKIAX")).toBe(before);
    expect(await here.store.changeKeys()).toEqual([]);
  });

  it("that somebody switches on again is switched off, and told", async () => {
    here.account.keys.set("AKIAX", "Active");
    await released(here, "k", keyPlan("Active"));
    await reconcile(place, here);
    here.account.keys.set("AKIAX", "Active");
    expect(await reconcile(place, here)).toBe("written");
    expect(here.account.keys.get("AKIAX")).toBe("Inactive");
    expect(await here.store.revocation("k")).toMatchObject({ tampered: { lastBy: place } });
  });
});
