import { describe, expect } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import { revocationAsTold } from "../../src/revocations/as-told.ts";
import type { Revocation, RevocationRequest } from "../../src/revocations/revocation.ts";
import { wholeList } from "../../src/revocations/store.ts";
import type { Store } from "../../src/storage/store.ts";
import { at } from "../builders/event.ts";
import { taskStart } from "../builders/task.ts";
import type { OpenEmpty } from "./contract.ts";
import { event, part, session, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

const roleId = "AROAEXAMPLE0000000001";
const told = { id: "r1", of: `${roleId}:task-1`, appliedAt: at(600), undoneAt: null };
const applied = revocationAsTold(told);
const undo = {
  kind: "undone", decision: { by: "cli:ann", reason: "no", at: at(700) },
} as const;

/** What a store keeps of what revocations do, and of what asks for them. */
export function responseContract(name: string, open: OpenEmpty): void {
  effectContract(name, open);
  wishContract(name, open);
  const stored = testsWith(open);
  describe(`${name}: of revocations that are closed`, () => {
    stored("is forgotten what is old, with all that hangs on it", async (store) => {
      await store.addRevocation({ ...applied, releasedAt: at(600) });
      const [key = ""] = Object.keys(applied.applied).map((text) => text.slice(17));
      await store.tellRevocation("r1", { kind: "pruned", key, at: at(3600) }, null);
      await store.addRevocation({ ...revocationAsTold({ ...told, id: "open" }), releasedAt: 0 });
      const lifeMs = 36 * 3_600_000;
      await store.retain(at(3600) + lifeMs);
      expect(await store.listRevocations({}, wholeList)).toHaveLength(2);
      await store.retain(at(3601) + lifeMs);
      expect((await store.listRevocations({}, wholeList)).map(({ id }) => id)).toEqual(["open"]);
      expect((await store.effectsOn([roleId])).map(({ revocationId }) => revocationId))
        .toEqual(["open"]);
    });
  });
}

/** All sessions of the role that were created before 650. */
function wholeRole(id: string): Revocation {
  const one = revocationAsTold({ ...told, id });
  const denial = { roleId, kind: "role", value: "", issuedBefore: at(650) } as const;
  return {
    ...one,
    versions: one.versions.map((version) => ({ ...version, plan: {
      ...version.plan,
      changes: version.plan.changes.map((change) => ({ ...change, denials: [denial] })),
    } })),
  };
}

async function marked(store: Store): Promise<readonly string[]> {
  return (await store.dirtyGroups(99)).map((one) => one.state.key);
}

async function toLookAt(store: Store): Promise<readonly string[]> {
  return (await store.observables(99)).map(({ groupKey }) => groupKey).toSorted();
}

/** Judged as they are, so that nothing is marked. */
async function groups(store: Store): Promise<void> {
  const principal = (id: string, changes: object = {}) =>
    state(id, { principalId: `${roleId}:${id}`, createdAt: at(0), lastAt: at(60), ...changes });
  await keep(store, [], [
    principal("task-1"), principal("task-2"),
    principal("gone", { lastAt: at(600) - 37 * 3_600_000 }),
    principal("later", { createdAt: at(700), lastAt: at(800) }),
    state("other", { principalId: "AROAOTHER00000000000X:task-1", createdAt: at(0) }),
    state("keyed", { principalId: "AIDAX", accessKeyIds: ["AKIAX"] }),
  ]);
  await judgedAll(store);
}

async function judgedAll(store: Store): Promise<void> {
  const dirty = await store.dirtyGroups(99);
  await store.judged(dirty.map(({ state: { key }, revision }) =>
    ({ groupKey: key, revision, sessions: [], parts: [], hits: [] })));
}

function effectContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: what revocations do`, () => {
    stored("is known by role and key, from when they are applied", async (store) => {
      await store.addRevocation({ ...applied, applied: {} });
      expect(await store.effectsOn([roleId])).toEqual([]);
      const [part = ""] = Object.keys(applied.applied);
      await store.tellRevocation("r1", { kind: "applied", part, at: at(600) }, null);
      await store.addRevocation(revocationAsTold({ ...told, id: "r2", of: "AKIAX" }));
      expect(await store.effectsOn([roleId, "AKIAX", "AKIAY"])).toMatchObject([
        { revocationId: "r2", of: "AKIAX", denial: null, since: at(600), until: null },
        { revocationId: "r1", of: roleId, denial: { value: told.of }, since: at(600) },
      ]);
      await store.tellRevocation("r1", undo, null);
      expect(await store.effectsOn([roleId])).toMatchObject([{ until: at(700) }]);
    });

    stored("marks the groups that it may concern, whenever it changes", async (store) => {
      await groups(store);
      await store.addRevocation({ ...applied, applied: {} });
      expect([await marked(store), await toLookAt(store)]).toEqual([[], []]);
      await store.addRevocation({ ...applied, id: "r2" });
      expect([await marked(store), await toLookAt(store)]).toEqual([["task-1"], ["task-1"]]);
      await judgedAll(store);
      await store.addRevocation(wholeRole("r4"));
      expect(await marked(store)).toEqual(["task-1", "task-2"]);
      await judgedAll(store);
      await store.addRevocation(revocationAsTold({ ...told, id: "r3", of: "AKIAX" }));
      expect(await marked(store)).toEqual(["keyed"]);
      await judgedAll(store);
      await store.tellRevocation("r2", { kind: "denied", sign: { at: at(1), by: "e" } }, null);
      expect(await marked(store)).toEqual([]);
      await store.tellRevocation("r2", undo, null);
      expect(await marked(store)).toEqual(["task-1"]);
    });

    stored("has groups looked at that gain events, until it is closed", async (store) => {
      await store.addRevocation({ ...applied, releasedAt: at(600) });
      await groups(store);
      expect(await toLookAt(store)).toEqual(["task-1"]);
      const before = await store.observables(99);
      await keep(store, [event("e9")], [
        state("task-1", { principalId: told.of, createdAt: at(0) }),
      ]);
      await store.observed(before);
      expect(await toLookAt(store)).toEqual(["task-1"]);
      await store.observed(await store.observables(99));
      expect(await toLookAt(store)).toEqual([]);
      await store.addRevocation(wholeRole("r4"));
      await store.addRevocation(revocationAsTold({ ...told, id: "r5", of: "AKIAX" }));
      await store.observed(await store.observables(99));
      await groups(store);
      expect(await toLookAt(store)).toEqual(["gone", "keyed", "task-1", "task-2"]);
      for (const id of ["r4", "r5"]) await store.tellRevocation(id, undo, null);
      const [key = ""] = Object.keys(applied.applied).map((text) => text.slice(17));
      await store.tellRevocation("r1", { kind: "pruned", key, at: at(3600) }, null);
      await store.observed(await store.observables(99));
      await groups(store);
      expect(await toLookAt(store)).toEqual([]);
    });

    stored("is kept of each credential that it takes for good", async (store) => {
      const of = async (until: number | null) => {
        const revocations = [{ revocationId: "r1", accessKeyId: null, since: at(600), until }];
        const credential = {
          accessKeyId: "ASIAA", kind: "temporary", issuance: null, expiresAt: at(3600),
          firstAt: at(1), lastAt: at(2), useCount: 1, networks: [], userAgents: [],
          credentialSources: [], tasks: [],
        } as const;
        const attribution = { ...session("x").attribution, agent: "aider" };
        await store.judged([{
          groupKey: "g", parts: [], hits: [],
          sessions: [session("s", { credentials: [credential], attribution, revocations })],
        }]);
        const { items } = await store.issuedCredentials({}, { limit: 9, after: null });
        return items.map(({ revokedAt }) => revokedAt);
      };
      expect([await of(null), await of(at(3600)), await of(at(3599))])
        .toEqual([[at(600)], [at(600)], [null]]);
    });
  });
}

function wishContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  const request = ({ fingerprint }: Finding): RevocationRequest => ({
    id: `for-${fingerprint.slice(0, 2)}`, target: { kind: "agent", name: "a\0" }, reason: "\ud800",
    trigger: { by: "rule", rule: "r", level: "high", subject: fingerprint },
    requestedBy: "rule:r", requestedAt: at(0),
  });
  const judge = (store: Store, ...parts: ReturnType<typeof part>[]) =>
    store.judged([{ groupKey: "g", sessions: [], hits: [], parts }], at(0));
  const ids = async (store: Store) => (await store.wishes()).map(({ id }) => id);

  describe(`${name}: what findings ask for`, () => {
    stored("is taken over once for each that opened or changed", async (store) => {
      await judge(store, part("aa"), part("bb"), part("cc", { lastEventAt: at(-1) }));
      const asked: string[] = [];
      const take = () => store.takeWishes((finding) => {
        asked.push(finding.fingerprint.slice(0, 2));
        return finding.fingerprint.startsWith("b") ? [] : [request(finding)];
      });
      await take();
      expect([asked, await ids(store)]).toEqual([["aa", "bb"], ["for-aa"]]);
      await take();
      await judge(store, part("aa"), part("bb", { eventCount: 2 }));
      await take();
      expect(asked).toEqual(["aa", "bb", "bb"]);
    });

    stored("is kept whole or not at all", async (store) => {
      await judge(store, part("aa"), part("bb"));
      await expect(store.takeWishes((finding) => {
        if (finding.fingerprint.startsWith("b")) throw new Error("broken");
        return [request(finding)];
      })).rejects.toThrow("broken");
      expect(await ids(store)).toEqual([]);
      await store.takeWishes((finding) => [request(finding)]);
      expect(await ids(store)).toEqual(["for-aa", "for-bb"]);
    });

    stored("is no wish once it is in the ledger", async (store) => {
      await judge(store, part("aa"));
      await store.takeWishes((finding) => [request(finding)]);
      await store.endWish("for-aa");
      expect(await ids(store)).toEqual([]);
      await store.addRevocation({ ...applied, id: "for-aa" });
      await judge(store, part("aa", { eventCount: 2 }));
      await store.takeWishes((finding) => [request(finding)]);
      expect(await ids(store)).toEqual([]);
    });
  });

  describe(`${name}: tasks whose credentials are to be revoked`, () => {
    stored("are those that ended with that wish, lately", async (store) => {
      const by = { actor: "token:ci", at: at(0) };
      for (const [id, revoke, seconds] of [
        ["a", true, 10], ["b", false, 10], ["c", true, 9], ["d", null, 0],
      ] as const) {
        await store.startTask(taskStart({ id, externalId: id }), by);
        const end = { at: at(seconds), outcome: "failed", exitCode: 1 } as const;
        if (revoke !== null) await store.endTask(id, { ...end, revoke }, by);
      }
      const ended = async (since: number) =>
        (await store.tasksToRevoke(since)).map(({ id }) => id);
      expect([await ended(at(9)), await ended(at(10))]).toEqual([["c", "a"], ["a"]]);
    });
  });
}
