import { describe, expect } from "vitest";
import type { TaskEnd } from "../../src/sessions/task-told.ts";
import type { Store } from "../../src/storage/store.ts";
import { after, begin, taskCredential, taskStart } from "../builders/task.ts";
import type { OpenEmpty } from "./contract.ts";
import { testsWith } from "./with-store.ts";

const ci = (seconds: number) => ({ actor: "token:ci", at: after(seconds) });
const end = (seconds: number): TaskEnd =>
  ({ at: after(seconds), outcome: "succeeded", exitCode: 0, revoke: false });
const { id } = taskStart();

/** What a store keeps of tasks and their approvals. */
export function taskContract(name: string, open: OpenEmpty): void {
  lifeContract(name, open);
  listContract(name, open);
  approvalContract(name, open);
}

function lifeContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: a task`, () => {
    stored("is what was told of it, and its first start and end stand", async (store) => {
      expect(await store.startTask(taskStart(), ci(0))).toMatchObject({ isNew: true });
      const again = await store.startTask(taskStart({ mode: "deploy" }), ci(1));
      expect(again).toMatchObject({ isNew: false, task: { mode: "readonly", endedAt: null } });
      await store.tellCredential(id, taskCredential("ASIAB", 20));
      await store.tellCredential(id, taskCredential("ASIAA", 10));
      await store.tellCredential(id, taskCredential("ASIAB", 30));
      await store.taskLives(id, after(20), after(21));
      await store.endTask(id, end(100), ci(101));
      await store.endTask(id, { ...end(110), outcome: "failed" }, ci(111));
      const expected = {
        ...taskStart(), heartbeatAt: after(20), endedAt: after(100), outcome: "succeeded",
        basis: "told", confidence: "high",
        credentials: [taskCredential("ASIAA", 10), taskCredential("ASIAB", 20)],
      };
      expect(await store.task(id)).toEqual(expected);
      expect(await store.startTask(taskStart(), ci(200))).toEqual({ task: expected, isNew: false });
      expect((await store.auditLog(9)).map(({ action, subject, actor, reason }) =>
        [action, subject, actor, reason])).toEqual([
        ["task.end succeeded", id, "token:ci", "Exit code 0."],
        ["task.start", id, "token:ci", "find the leak"],
      ]);
    });

    stored("that nobody started is none, until somebody has", async (store) => {
      expect(await store.task(id)).toBeNull();
      expect(await store.taskLives(id, after(30), after(30))).toBeNull();
      expect(await store.endTask(id, end(40), ci(1))).toBeNull();
      expect(await store.tellCredential(id, taskCredential("ASIAA", 0))).toBeNull();
      expect(await store.listTasks({}, { limit: 9, after: null })).toEqual([]);
      expect(await store.startTask(taskStart(), ci(50))).toMatchObject({
        isNew: true,
        task: {
          heartbeatAt: after(30), endedAt: after(40), outcome: "succeeded",
          credentials: [taskCredential("ASIAA", 0)],
        },
      });
      expect((await store.auditLog(9)).map(({ action }) => action)).toEqual([
        "task.start", "task.end succeeded",
      ]);
    });

    stored("keeps no more than a hundred words on what nobody began", async (store) => {
      for (let i = 0; i < 102; i += 1) {
        await store.tellCredential(id, taskCredential(`ASIA${i}`, i));
      }
      const { task } = await store.startTask(taskStart(), ci(0));
      expect(task.credentials).toHaveLength(100);
    });

    stored("has a line in the log for each credential that nobody approved", async (store) => {
      await store.startTask(taskStart(), ci(0));
      await store.tellCredential(id, taskCredential("ASIAA", 10), ci(10));
      await store.tellCredential(id, taskCredential("ASIAA", 10), ci(11));
      await store.tellCredential(id, taskCredential("ASIAB", 20));
      expect(await store.auditLog(9)).toMatchObject([
        { action: "task.credential unapproved", subject: id, reason: "ASIAA", at: after(10) },
        { action: "task.start" },
      ]);
    });

    stored("is lost when it goes silent, until it is heard of", async (store) => {
      await store.startTask(taskStart(), ci(0));
      await store.taskLives(id, after(20), after(20));
      expect(await store.sweepLost(after(79), begin)).toEqual([]);
      expect(await store.sweepLost(after(80), after(21))).toEqual([]);
      expect(await store.sweepLost(after(81), after(21)))
        .toMatchObject([{ id, outcome: "lost", endedAt: after(80) }]);
      expect(await store.sweepLost(after(200), begin)).toEqual([]);
      expect(await store.taskLives(id, after(210), after(210)))
        .toMatchObject({ outcome: null, endedAt: null });
      expect(await store.sweepLost(after(270), begin)).toMatchObject([{ endedAt: after(270) }]);
      expect(await store.endTask(id, end(230), ci(300)))
        .toMatchObject({ outcome: "succeeded", endedAt: after(230) });
      expect(await store.sweepLost(after(900), begin)).toEqual([]);
    });

    stored("that promised no signs ends with its last credential", async (store) => {
      await store.startTask(taskStart({ heartbeatSeconds: null }), ci(0));
      expect(await store.sweepLost(after(9e6), begin)).toEqual([]);
      await store.tellCredential(id, taskCredential("ASIAA", 10));
      expect(await store.sweepLost(after(909), begin)).toEqual([]);
      expect(await store.sweepLost(after(910), after(909)))
        .toMatchObject([{ outcome: "lost", endedAt: after(910) }]);
    });

    stored("is forgotten when its credentials can no longer be used", async (store) => {
      await store.startTask(taskStart(), ci(0));
      await store.tellCredential(id, taskCredential("ASIAA", 10));
      await store.startTask(taskStart({ id: "other", externalId: "T-9" }), ci(0));
      await store.endTask(id, end(100), ci(100));
      await store.retain(after(100 + 36 * 3600));
      expect(await store.task(id)).not.toBeNull();
      await store.retain(after(101 + 36 * 3600));
      expect(await store.task(id)).toBeNull();
      expect(await store.task("other")).toMatchObject({ externalId: "T-9" });
    });

    stored("keeps whatever text it is given", async (store) => {
      const odd = taskStart({ agent: "a\0\ud800\\", externalId: "x", reason: "\udc00\0" });
      await store.startTask(odd, ci(0));
      expect(await store.task(odd.id)).toMatchObject(odd);
      expect(await store.listTasks({ agent: odd.agent }, { limit: 9, after: null }))
        .toHaveLength(1);
    });
  });
}

function listContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: tasks`, () => {
    stored("are listed by pages, the latest first, and chosen", async (store) => {
      for (const [i, agent] of ["a", "b", "a", "b", "a"].entries()) {
        const start = taskStart({ agent, externalId: `T-${i}`, startedAt: after(i < 4 ? i : 3) });
        await store.startTask(start, ci(0));
        if (i % 2 === 0) await store.endTask(start.id, end(100 + i), ci(200));
      }
      const all = await listed(store, {});
      expect(all.map(({ externalId }) => externalId).slice(2)).toEqual(["T-2", "T-1", "T-0"]);
      expect(new Set(all.map(({ externalId }) => externalId)).size).toBe(5);
      const names = async (filter: Parameters<Store["listTasks"]>[0]) =>
        (await listed(store, filter)).map(({ externalId }) => externalId).sort();
      expect(await names({ agent: "b" })).toEqual(["T-1", "T-3"]);
      expect(await names({ isOpen: true })).toEqual(["T-1", "T-3"]);
      expect(await names({ isOpen: false, since: after(102) })).toEqual(["T-2", "T-4"]);
      expect(await names({ since: after(104) })).toEqual(["T-1", "T-3", "T-4"]);
      expect(await names({ agent: "none" })).toEqual([]);
    });
  });
}

/** Two by two. */
async function listed(store: Store, filter: Parameters<Store["listTasks"]>[0]) {
  const all = [];
  for (let place = null; ; ) {
    const page = await store.listTasks(filter, { limit: 2, after: place });
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined) return all;
    place = { startedAt: last.startedAt, id: last.id };
  }
}

function approvalContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  const asked = {
    taskId: id, reason: "release", askedBy: "token:ci", askedAt: begin, expiresAt: after(900),
  };
  const yes = { decision: "granted", comment: "Go.", by: "token:bob", at: after(5) } as const;

  describe(`${name}: an approval`, () => {
    stored("is asked for once, and decided once, by somebody else", async (store) => {
      expect(await store.askApproval(asked)).toBeNull();
      await store.startTask(taskStart(), ci(0));
      expect(await store.decideApproval(id, yes)).toBeNull();
      expect(await store.approval(id)).toBeNull();
      expect(await store.askApproval(asked)).toEqual({ ...asked, decision: null });
      expect(await store.askApproval({ ...asked, reason: "another" }))
        .toEqual({ ...asked, decision: null });
      const own = await store.decideApproval(id, { ...yes, by: "token:ci" });
      expect(own).toEqual({ approval: { ...asked, decision: null }, decided: "own" });
      const granted = { ...asked, decision: yes };
      expect(await store.decideApproval(id, yes))
        .toEqual({ approval: granted, decided: "decided" });
      expect(await store.decideApproval(id, { ...yes, decision: "denied" }))
        .toEqual({ approval: granted, decided: "decided-otherwise" });
      expect(await store.approval(id)).toEqual(granted);
      expect(await store.auditLog(1)).toMatchObject([
        { action: "task.approval granted", subject: id, actor: "token:bob", reason: "Go." },
      ]);
      expect(await store.auditLog(9)).toHaveLength(2);
    });
  });
}
