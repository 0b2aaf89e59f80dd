import { describe, expect } from "vitest";
import { versionOf } from "../../src/revocations/approve.ts";
import { changeKey } from "../../src/revocations/place.ts";
import { requested, type Revocation } from "../../src/revocations/revocation.ts";
import type { Store } from "../../src/storage/store.ts";
import { at } from "../builders/event.ts";
import { roleSession } from "../builders/role-session.ts";
import { planned } from "../revocations/planned.ts";
import type { OpenEmpty } from "./contract.ts";
import { testsWith } from "./with-store.ts";

const person = { by: "person", rule: null, level: null, subject: null } as const;
const ann = (seconds: number) => ({ actor: "cli:ann", at: at(seconds) });

function revocation(id: string, role = "ro", seconds = 600): Revocation {
  const session = roleSession(role, "task-1");
  const plan = planned({ kind: "session", id: session.id }, { sessions: [session] });
  const version = versionOf(plan, person, { at: at(seconds), policies: [] });
  const request = {
    id, target: plan.target, trigger: person, reason: "because", requestedBy: "cli:ann",
    requestedAt: at(seconds),
  };
  return requested(request, version);
}
const [change] = revocation("a").versions[0]?.plan.changes ?? [];
if (change === undefined) throw new Error("No change.");
const key = changeKey(change);
const pruned = { kind: "pruned", key, at: at(700) } as const;

/** What a store keeps of revocations. */
export function revocationContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: a revocation`, () => {
    stored("is what was told of it, and logged once", async (store) => {
      expect(await store.addRevocation(revocation("a"))).toEqual(revocation("a"));
      expect(await store.addRevocation(revocation("a", "dev"))).toEqual(revocation("a"));
      const undone = {
        kind: "undone", decision: { by: "cli:bob", reason: "no", at: at(650) },
      } as const;
      const told = await store.tellRevocation("a", undone, { actor: "cli:bob", at: at(650) });
      expect(told?.undone).toEqual(undone.decision);
      await store.tellRevocation("a", undone, { actor: "cli:bob", at: at(651) });
      const sign = { at: at(660), by: "e1" };
      await store.tellRevocation("a", { kind: "denied", sign }, null);
      expect(await store.revocation("a")).toMatchObject({ denied: { firstBy: "e1" } });
      expect((await store.auditLog(9)).map(({ action, subject, actor, reason }) =>
        [action, subject, actor, reason])).toEqual([
        ["revocation.undone", "a", "cli:bob", "no"],
        ["revocation.request", "a", "cli:ann",
          `session ${roleSession("ro", "task-1").id}: because`],
      ]);
    });

    stored("that nobody asked for is none", async (store) => {
      expect(await store.revocation("a")).toBeNull();
      expect(await store.tellRevocation("a", pruned, null)).toBeNull();
      expect(await store.releaseRevocation("a", "{}", ann(610))).toBeNull();
      expect(await store.capture("a")).toBeNull();
    });

    stored("is released together with its capture, once", async (store) => {
      await store.addRevocation(revocation("a"));
      expect(await store.changeKeys()).toEqual([]);
      await store.releaseRevocation("a", '{"first":1}', ann(610));
      await store.releaseRevocation("a", '{"second":1}', ann(620));
      expect(await store.capture("a")).toBe('{"first":1}');
      expect(await store.revocation("a")).toMatchObject({ releasedAt: at(610) });
      expect(await store.changeKeys()).toEqual([key]);
    });

    stored("is found by its places while something is left to do", async (store) => {
      await store.addRevocation(revocation("b", "ro", 700));
      await store.addRevocation(revocation("a"));
      await store.addRevocation(revocation("c", "dev"));
      await store.releaseRevocation("a", "{}", ann(610));
      const ids = async () => (await store.revocationsAt(key)).map(({ id }) => id);
      expect(await ids()).toEqual(["a", "b"]);
      await store.tellRevocation("a", pruned, null);
      expect(await ids()).toEqual(["b"]);
      expect(await store.changeKeys()).toEqual([]);
    });

    stored("is listed by pages, the latest first, and chosen", async (store) => {
      for (const [i, id] of ["a", "b", "c"].entries()) {
        await store.addRevocation(revocation(id, "ro", 600 + i));
      }
      await store.releaseRevocation("a", "{}", ann(900));
      await store.tellRevocation("a", pruned, null);
      const ids = async (
        filter: Parameters<Store["listRevocations"]>[0],
        after: Parameters<Store["listRevocations"]>[1]["after"] = null,
      ) => (await store.listRevocations(filter, { limit: 2, after })).map(({ id }) => id);
      expect(await ids({})).toEqual(["c", "b"]);
      expect(await ids({}, { requestedAt: at(601), id: "b" })).toEqual(["a"]);
      expect(await ids({ isOpen: false })).toEqual(["a"]);
      expect(await ids({ isOpen: true })).toEqual(["c", "b"]);
      expect(await ids({ since: at(602) })).toEqual(["c", "a"]);
    });

    stored("keeps whatever text it is given", async (store) => {
      const odd = { ...revocation("\0\ud800\\"), reason: "\udc00\0" };
      await store.addRevocation(odd);
      expect(await store.revocation(odd.id)).toEqual(odd);
    });
  });

  describe(`${name}: a lease`, () => {
    const lease = (holder: string, now: number) =>
      ({ key: "k\0", holder, now: at(now), until: at(now + 60) });
    stored("has one holder at a time, until it ends", async (store) => {
      expect(await store.takeLease(lease("one", 0))).toBe(true);
      expect(await store.takeLease(lease("two", 59))).toBe(false);
      expect(await store.takeLease(lease("one", 59))).toBe(true);
      expect(await store.takeLease(lease("two", 118))).toBe(false);
      expect(await store.takeLease(lease("two", 119))).toBe(true);
      await store.endLease({ key: "k\0", holder: "one" });
      expect(await store.takeLease(lease("one", 120))).toBe(false);
      await store.endLease({ key: "k\0", holder: "two" });
      expect(await store.takeLease(lease("one", 120))).toBe(true);
      expect(await store.takeLease({ ...lease("two", 120), key: "other" })).toBe(true);
    });
  });

  describe(`${name}: the off-switch`, () => {
    stored("is off until somebody switches it on again", async (store) => {
      expect(await store.responsePause()).toBeNull();
      await store.pauseResponse("an exercise", ann(0));
      await store.pauseResponse("a longer one", ann(1));
      expect(await store.responsePause())
        .toEqual({ by: "cli:ann", reason: "a longer one", at: at(1) });
      await store.pauseResponse(null, ann(2));
      expect(await store.responsePause()).toBeNull();
      expect((await store.auditLog(9)).map(({ action }) => action))
        .toEqual(["response.resume", "response.pause", "response.pause"]);
    });
  });
}
