import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stateOf } from "../../src/revocations/life-cycle.ts";
import { reconcile } from "../../src/response/reconcile.ts";
import { at } from "../builders/event.ts";
import { contextOf, roleSeen, roleSession } from "../builders/role-session.ts";
import { planned, policyArn } from "../revocations/planned.ts";
import { office, released, type Office } from "./desk.ts";

const allow = (Sid: string) => ({ Sid, Effect: "Allow", Action: "*", Resource: "*" });
const documentOf = (...Statement: object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement });
const key = `managed ${policyArn}`;
const one = roleSession("ro", "task-1");
const other = roleSession("dev", "task-1");
let here: Office;

beforeEach(async () => {
  here = await office();
  here.account.addPolicy(policyArn, documentOf(allow("Theirs")));
  here.account.addRole(roleSeen("ro"));
  here.account.addRole(roleSeen("dev", { attachedPolicyArns: [policyArn] }));
  const seen = {
    sessions: [one, other],
    roles: [...here.account.roles.values()],
    means: { carrier: "managed" as const },
  };
  for (const session of [one, other]) {
    const plan = planned({ kind: "session", id: session.id }, seen);
    await released(here, session.id, plan);
  }
});
afterEach(() => here.store.close());

const sidsNow = () => {
  const standing = here.account.policies.get(policyArn)?.find(({ isDefault }) => isDefault);
  const { Statement } = JSON.parse(standing?.document ?? "{}") as { Statement: { Sid: string }[] };
  return Statement.map(({ Sid }) => Sid);
};
const attachedNow = (role: string) => here.account.roles.get(role)?.attachedPolicyArns;
const both = () => [
  here.account.denies("ro", contextOf(one)), here.account.denies("dev", contextOf(other)),
];

describe("a managed policy", () => {
  it("gets one version for all roles, and is hung where it is not", async () => {
    expect(await reconcile(key, here)).toBe("written");
    expect(here.account.writes).toEqual(["version v2", "attach"]);
    expect(both()).toEqual([true, true]);
    expect(sidsNow()).toEqual(["Theirs", "TrailwardenUser1772359801"]);
    expect(await reconcile(key, here)).toBe("kept");
  });

  it("is cleared at the end, and taken off only where we have hung it", async () => {
    await reconcile(key, here);
    here.time = at(7200);
    expect(await reconcile(key, here)).toBe("written");
    expect(sidsNow()).toEqual(["Theirs"]);
    expect([attachedNow("ro"), attachedNow("dev")]).toEqual([[], [policyArn]]);
    const revocation = await here.store.revocation(one.id);
    expect(revocation && stateOf(revocation, here.time)).toBe("pruned");
  });

  it("that would be empty fits nobody", async () => {
    here.account.addPolicy(policyArn, documentOf(allow("TrailwardenOld")));
    await reconcile(key, here);
    here.time = at(7200);
    expect(await reconcile(key, here)).toBe("written");
    expect(sidsNow()).toEqual(["TrailwardenNobody"]);
    expect(both()).toEqual([false, false]);
  });

  it("gives up its oldest version where there are five", async () => {
    for (let n = 2; n <= 5; n += 1) {
      await here.account.createPolicyVersion(policyArn, documentOf(allow(`Theirs${n}`)));
    }
    here.account.writes.length = 0;
    expect(await reconcile(key, here)).toBe("written");
    expect(here.account.writes).toEqual(["delete v1", "version v6", "attach"]);
    expect(sidsNow()[0]).toBe("Theirs5");
  });

  it.each([0, 3])("keeps what somebody writes while we do, of %i versions more", async (more) => {
    for (let n = 0; n < more; n += 1) {
      await here.account.createPolicyVersion(policyArn, documentOf(allow("Theirs")));
    }
    let isFirst = true;
    here.account.before = async (call) => {
      if (call !== "createPolicyVersion" || !isFirst) return;
      isFirst = false;
      await here.account.createPolicyVersion(policyArn, documentOf(allow("New")));
    };
    expect(await reconcile(key, here)).toBe("written");
    expect(sidsNow()).toEqual(["New", "TrailwardenUser1772359801"]);
    expect(both()).toEqual([true, true]);
  });

  it("keeps what somebody writes right after we did", async () => {
    let reads = 0;
    here.account.before = async (call) => {
      if (call !== "policy" || ++reads !== 2) return;
      await here.account.createPolicyVersion(policyArn, documentOf(allow("New")));
    };
    expect(await reconcile(key, here)).toBe("written");
    expect(sidsNow()).toEqual(["New", "TrailwardenUser1772359801"]);
  });

  it("is written again after somebody else's version, with theirs in it", async () => {
    await reconcile(key, here);
    await here.account.createPolicyVersion(policyArn, documentOf(allow("New")));
    expect(await reconcile(key, here)).toBe("written");
    expect(sidsNow()).toEqual(["New", "TrailwardenUser1772359801"]);
    expect(await here.store.revocation(one.id)).toMatchObject({ tampered: { lastBy: key } });
  });

  it("taken off a role is put back, and told", async () => {
    await reconcile(key, here);
    await here.account.detachRolePolicy("ro", policyArn);
    expect(await reconcile(key, here)).toBe("written");
    expect(both()).toEqual([true, true]);
    expect(await here.store.revocation(one.id)).toMatchObject({ tampered: { lastBy: key } });
  });

  it("that is deleted is told, and nothing counts as done", async () => {
    await reconcile(key, here);
    here.account.policies.clear();
    expect(await reconcile(key, here)).toBe("missing");
    const revocation = await here.store.revocation(one.id);
    expect(revocation).toMatchObject({ tampered: { lastBy: key }, pruned: {} });
  });

  it("says where the role has no place for it", async () => {
    const role = here.account.roles.get("ro");
    if (role !== undefined) {
      role.attachedPolicyArns = Array.from({ length: 10 }, (_, n) => `arn:${n}`);
    }
    expect(await reconcile(key, here)).toBe("no-room");
    expect(both()).toEqual([false, true]);
    const revocation = await here.store.revocation(one.id);
    expect(revocation && stateOf(revocation, here.time)).toBe("approved");
  });
});
