import { describe, expect } from "vitest";
import type { OpenEmpty } from "./contract.ts";
import { all, event, hit, issuance, noon, part, session, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

const day = 86_400_000;

export function retentionContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: retention`, () => {
    stored("old groups go with all they hold, younger ones stay whole", async (store) => {
      const young = { groupKey: "young" };
      await keep(store, [event("e1"), event("e2"), event("e3", young)], [
        state("group-a", { lastAt: noon }),
        state("young", { lastAt: noon + day }),
      ]);
      await store.judged(["group-a", "young"].map((groupKey) => (
        { groupKey, parts: [], sessions: [session(groupKey)], hits: [hit(groupKey)] })));
      expect(await store.retain(noon + 1)).toBe(2);
      expect(await store.counts()).toMatchObject(
        { eventCount: 1, groupCount: 1, sessionCount: 1, firstAt: noon },
      );
      expect(await store.recordsById("e1")).toEqual([]);
      expect(await all(store.recordsOf("young"))).toEqual([event("e3").record]);
      expect((await all(store.sessions())).map(({ id }) => id)).toEqual(["young"]);
      expect(
        (await all(store.hits(["rule-a"]))).map(({ eventKey }) => eventKey),
      ).toEqual(["young"]);
      expect(await store.retain(noon + 1)).toBe(0);
    });

    stored("a key is forgotten only with the last event its delivery brought", async (store) => {
      await keep(store, [event("e1"), event("e2", { groupKey: "young" })], [
        state("group-a", { lastAt: noon }),
        state("young", { lastAt: noon + day }),
      ]);
      const claim = () => store.ingest(async (transaction) => {
        const fresh = await transaction.claim([event("e1").key], [noon]);
        return fresh.size;
      });
      await store.retain(noon + 1);
      expect(await claim()).toBe(0);
      await store.retain(noon + 2 * day);
      expect(await claim()).toBe(1);
    });

    stored("an old finding goes when no remaining group has a part in it", async (store) => {
      await keep(
        store, [], [state("old", { lastAt: noon }), state("young", { lastAt: noon + day })],
      );
      await store.judged([
        {
          groupKey: "old",
          sessions: [],
          hits: [],
          parts: [part("a"), part("b", { eventCount: 3 })],
        },
        {
          groupKey: "young",
          sessions: [],
          hits: [],
          parts: [part("b", { lastEventAt: noon + day }), part("c")],
        },
      ]);
      await store.retain(noon + 1);
      const left = (await all(store.findings())).map(
        ({ id, eventCount }) => [id.slice(0, 1), eventCount],
      );
      expect(left).toEqual([["b", 4], ["c", 1]]);
    });

    stored("a mark outlives its queue, and what it counted outlives it", async (store) => {
      const counts = {
        eventCount: 0, duplicateCount: 3, skippedCount: 2, rejectedCount: 0, bytes: 9,
      };
      await store.ingest(async (transaction) => {
        await transaction.finish({ id: "scanned", name: "scanned" }, counts);
        await transaction.finish({ id: "old", name: "old", receivedAt: noon }, counts);
        await transaction.finish({ id: "one", name: "one", isRemembered: false }, counts);
      });
      const before = await store.counts();
      expect(before).toMatchObject({ deliveryCount: 3, duplicateCount: 9, skippedCount: 6 });
      expect(await store.isDone("one")).toBe(false);
      await store.retain(noon + 14 * day);
      expect(await store.isDone("old")).toBe(true);
      await store.retain(noon + 14 * day + 1);
      expect(await store.isDone("old")).toBe(false);
      expect(await store.isDone("scanned")).toBe(true);
      expect(await store.counts()).toEqual(before);
    });

    stored("a cursor is what it was set to last, until it is forgotten", async (store) => {
      const set = (data: string | null) =>
        store.ingest((transaction) => transaction.keepCursor({ name: "c\u0000", data }));
      expect(await store.cursor("c\u0000")).toBeNull();
      await set("1");
      await set("2");
      expect(await store.cursor("c\u0000")).toBe("2");
      expect(await store.cursor("c")).toBeNull();
      await set(null);
      expect(await store.cursor("c\u0000")).toBeNull();
    });

    stored("an issuance outlives the longest session it can have opened", async (store) => {
      const old = issuance("i1", { accessKeyId: "ASIA1" });
      await store.ingest((transaction) => transaction.addIssuances([old]));
      await store.retain(noon + day);
      expect(await store.issuancesFor(["ASIA1"], [])).toEqual([old]);
      await store.retain(noon + 2 * day);
      expect(await store.issuancesFor(["ASIA1"], [])).toEqual([]);
    });

    stored("more groups than one transaction takes are all forgotten", async (store) => {
      const keys = Array.from({ length: 450 }, (_, i) => `g${i}`);
      await keep(store, keys.map((groupKey) => event(groupKey, { groupKey })));
      expect(await store.retain(noon + 1)).toBe(450);
      expect((await store.counts()).groupCount).toBe(0);
    });
  });
}
