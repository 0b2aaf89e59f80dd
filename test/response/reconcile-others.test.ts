import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import { reconcile } from "../../src/response/reconcile.ts";
import { at } from "../builders/event.ts";
import { contextOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { planned, policyName } from "../revocations/planned.ts";
import { office, released, type Office } from "./desk.ts";

const one = roleSession("ro", "task-1");
const key = `inline 111111111111/ro ${policyName}`;
const allow = { Sid: "Theirs", Effect: "Allow", Action: "*", Resource: "*" };
const document = JSON.stringify({ Version: "2012-10-17", Statement: [allow] });
const theirs = { name: "theirs", document };

let here: Office;
beforeEach(async () => {
  here = await office();
  here.account.addRole(roleSeen("ro", { inlinePolicies: [theirs] }));
  const plan = planned({ kind: "session", id: one.id }, { sessions: [one] });
  await released(here, "a", plan);
});
afterEach(() => here.store.close());

const denied = (session: typeof one) => here.account.denies("ro", contextOf(session));
const stateNow = async (id: string) => {
  const revocation = await here.store.revocation(id);
  return revocation && stateOf(revocation, here.time);
};

describe("what others have put there", () => {
  it("others' policies and their statements in ours are left as they are", async () => {
    const role = here.account.roles.get("ro");
    if (role !== undefined) role.inlinePolicies = [theirs, { name: policyName, document }];
    expect(await reconcile(key, here)).toBe("written");
    expect(denied(one)).toBe(true);
    here.time = at(7200);
    expect(await reconcile(key, here)).toBe("written");
    expect((await here.account.role("ro"))?.inlinePolicies).toEqual([
      theirs, { name: policyName, document },
    ]);
  });

  it.each([
    ["no-room", "x".repeat(10_200)],
    ["foreign-policy", null],
  ])("%s leaves everything as it is", async (left, filler) => {
    const role = here.account.roles.get("ro");
    const policy = filler === null
      ? { name: policyName, document: "?" } : { name: "big", document: filler };
    if (role !== undefined) role.inlinePolicies = [policy];
    expect(await reconcile(key, here)).toBe(left);
    expect(here.account.writes).toEqual([]);
    expect(await stateNow("a")).toBe("approved");
  });
});
