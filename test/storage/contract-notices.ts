import { describe, expect } from "vitest";
import { freshDesk, type Notice } from "../../src/notices/notice.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { noon, part } from "./made.ts";
import { testsWith } from "./with-store.ts";

/** What people are told, and what they were. */
export function noticeContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: notices`, () => {
    stored("are made of words, once for each receiver, and count as its backlog", async (store) => {
      await judged(store, ["a", "b", "c"]);
      expect(await store.takeWords("slack", 2, noon)).toBe(2);
      expect(await due(store)).toEqual(["a 1", "b 2"]);
      expect(await store.outbox("slack", 9)).toHaveLength(1);
      expect(await backlog(store, noon + 29_999)).toBe(1);
      expect(await backlog(store, noon + 30_000)).toBe(3);
      expect(await store.takeWords("slack", 9, noon)).toBe(1);
      expect(await store.takeWords("slack", 9, noon)).toBe(0);
      expect(await due(store, "pager")).toEqual([]);
      expect(await store.outbox("pager", 9)).toHaveLength(3);
    });

    stored("are had by their words' order, a page at a time, when they are due", async (store) => {
      await judged(store, ["a", "b", "c"]);
      await store.takeWords("slack", 9, noon);
      const notices = await store.dueNotices("slack", noon, { afterSeq: 1, limit: 1 });
      expect(notices).toEqual([untold("b", 2)]);
      await store.keepNotices("slack", [{ notice: untold("b", 2), dueAt: noon + 1 }], freshDesk);
      expect(await due(store)).toEqual(["a 1", "c 3"]);
      expect(await due(store, "slack", noon + 1)).toEqual(["a 1", "b 2", "c 3"]);
      await store.keepNotices("slack", [{ notice: untold("b", 2), dueAt: null }], freshDesk);
      expect(await due(store, "slack", Infinity)).toEqual(["a 1", "c 3"]);
    });

    stored("keep what was told through a new word, and are due with it", async (store) => {
      await judged(store, ["a"]);
      await store.takeWords("slack", 9, noon);
      const known: Notice = {
        ...untold("a", 1), told: { level: "high", status: "open", at: noon, by: "message" },
        memory: "\u0000{}", gathered: "high", refusedCount: 3,
      };
      await store.keepNotices("slack", [{ notice: known, dueAt: null }], freshDesk);
      await judged(store, ["a"], "critical");
      await store.takeWords("slack", 9, noon + 5);
      expect(await store.dueNotices("slack", noon + 5, { afterSeq: 0, limit: 9 })).toEqual([
        { ...known, seq: 2 },
      ]);
      // Kept as it was read before the word came: it stays due.
      await store.keepNotices("slack", [{ notice: known, dueAt: null }], freshDesk);
      expect(await due(store, "slack", noon + 5)).toEqual(["a 2"]);
    });

    stored("are forgotten, or begin anew with a word that came meanwhile", async (store) => {
      await judged(store, ["a", "b"]);
      await store.takeWords("slack", 9, noon);
      await judged(store, ["a", "b"], "critical");
      const known = { ...untold("b", 2), memory: "m" };
      await store.keepNotices("slack", [{ notice: untold("a", 1), forget: true }], freshDesk);
      expect(await due(store)).toEqual(["b 2"]);
      await store.takeWords("slack", 9, noon);
      await store.keepNotices("slack", [{ notice: known, forget: true }], freshDesk);
      const [a, b] = await store.dueNotices("slack", noon, { afterSeq: 0, limit: 9 });
      expect([a?.memory, b?.memory]).toEqual([null, null]);
    });

    stored("remember what a desk has done, beside how far it was told", async (store) => {
      expect(await store.deskState("slack")).toEqual(freshDesk);
      const state = { sentAt: { high: [noon, noon + 1] }, digestAt: noon + 2 };
      await store.keepNotices("slack", [], state);
      await judged(store, ["a"]);
      await store.takeWords("slack", 9, noon);
      expect(await store.deskState("slack")).toEqual(state);
      expect(await store.deskState("pager")).toEqual(freshDesk);
    });

    stored("go with the finding when it is forgotten", async (store) => {
      await judged(store, ["a"]);
      await store.takeWords("slack", 9, noon);
      await store.retain(noon + 1);
      expect(await due(store)).toEqual([]);
    });
  });
}

function untold(fingerprint: string, seq: number): Notice {
  return {
    fingerprint: part(fingerprint).fingerprint, seq, firstAt: noon, told: null, gathered: null,
    memory: null, refusedCount: 0,
  };
}

async function judged(
  store: Store, fingerprints: readonly string[], level: "high" | "critical" = "high",
): Promise<void> {
  const parts = fingerprints.map((one) => part(one, { level }));
  await store.judged([{ groupKey: "g", sessions: [], parts, hits: [] }]);
}

async function due(store: Store, receiver = "slack", now = noon): Promise<readonly string[]> {
  const notices = await store.dueNotices(receiver, now, { afterSeq: 0, limit: 9 });
  return notices.map(({ fingerprint, seq }) => `${fingerprint.slice(0, 1)} ${seq}`);
}

async function backlog(store: Store, asOf: number): Promise<number | undefined> {
  return (await store.liveCounts(asOf, ["slack"])).backlog.get("slack");
}
