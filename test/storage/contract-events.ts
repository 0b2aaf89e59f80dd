import { describe, expect } from "vitest";
import type { Rejection } from "../../src/records/record.ts";
import type { OpenEmpty } from "./contract.ts";
import { all, event, nothingCounted, noon, state } from "./made.ts";
import { keep, keepIn, testsWith } from "./with-store.ts";

export function eventContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: events`, () => {
    stored("a key is claimed once, in a call, a delivery and over deliveries", async (store) => {
      const first = await store.ingest(async (transaction) => [
        await transaction.claim(["a", "b", "a"]),
        await transaction.claim(["b", "c"]),
      ]);
      const second = await store.ingest((transaction) => transaction.claim(["a", "b", "c", "d"]));
      expect(first).toEqual([new Set(["a", "b"]), new Set(["c"])]);
      expect(second).toEqual(new Set(["d"]));
    });

    stored("keys of many thousands in one call are all told apart", async (store) => {
      const keys = Array.from({ length: 10_001 }, (_, i) => `key-${i}`);
      const times = keys.map((_, i) => noon + i * 3_600_000);
      await store.ingest(
        (transaction) => transaction.claim(keys.slice(0, 10_000), times.slice(0, 10_000)),
      );
      const fresh = await store.ingest((transaction) => transaction.claim(keys, times));
      expect([...fresh]).toEqual(["key-10000"]);
    });

    stored("a lone surrogate, a NUL and a backslash tell keys apart", async (store) => {
      const keys = [
        "a", "a\0", "a\0b", "\ud800", "\udc00", "\ufffd", "\\u0000", "\0", "\\", "\\\\",
      ];
      const fresh = await store.ingest((transaction) => transaction.claim(keys));
      expect([...fresh]).toEqual(keys);
    });

    stored("nothing of a delivery stays when its work throws", async (store) => {
      const failing = store.ingest(async (transaction) => {
        await keepIn(transaction, [event("e1")]);
        await transaction.reject([rejection(0)]);
        await transaction.finish({ id: "d1", name: "one" }, nothingCounted);
        throw new Error("Broken off.");
      });
      await expect(failing).rejects.toThrow("Broken off.");
      expect(await store.isDone("d1")).toBe(false);
      expect(await store.group("group-a")).toBeNull();
      expect(await store.recordsById("e1")).toEqual([]);
      expect(await store.counts()).toMatchObject(
        { eventCount: 0, groupCount: 0, deliveryCount: 0, rejected: {} },
      );
      const { key } = event("e1");
      expect(await store.ingest((transaction) => transaction.claim([key], [noon]))).toEqual(
        new Set([event("e1").key]),
      );
    });

    stored("a transaction takes nothing after its end", async (store) => {
      const ended = await store.ingest((transaction) => Promise.resolve({ transaction }));
      await expect(ended.transaction.append([event("e1")])).rejects.toThrow("after it ended");
    });

    stored("deliveries at once are taken one after the other", async (store) => {
      const ten = Array.from({ length: 10 });
      const seen = await Promise.all(ten.map(() => store.ingest(async (transaction) => {
        const fresh = await transaction.claim(["a", "b"]);
        await Promise.resolve();
        return fresh.size;
      })));
      expect(seen).toEqual([2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    });

    stored("a delivery is done when it was finished, and counts once", async (store) => {
      const counts = {
        ...nothingCounted,
        duplicateCount: 2,
        skippedCount: 3,
        others: { digest: 4 },
      };
      for (let times = 0; times < 2; times++) {
        await store.ingest((transaction) => transaction.finish({ id: "d1", name: "one" }, counts));
      }
      expect(await store.isDone("d1")).toBe(true);
      expect(await store.isDone("d2")).toBe(false);
      expect(await store.counts()).toMatchObject(
        { deliveryCount: 1, duplicateCount: 2, skippedCount: 3, others: { digest: 4 } },
      );
    });

    stored("a group's records come back from every delivery that brought some", async (store) => {
      await keep(store, [event("e1"), event("e2"), event("x1", { groupKey: "group-b" })]);
      await keep(store, [event("e3"), event("e1")]);
      const ids = (await all(store.recordsOf("group-a"))).map((record) => record["eventID"]);
      expect(ids.toSorted()).toEqual(["e1", "e2", "e3"]);
      expect(await all(store.recordsOf("group-c"))).toEqual([]);
    });

    stored("a group of more events than fit a block comes back whole", async (store) => {
      const ids = Array.from({ length: 9000 }, (_, i) => `e${i}`);
      await keep(store, ids.map((id) => event(id)));
      const found = (await all(store.recordsOf("group-a"))).map((record) => record["eventID"]);
      expect(found).toEqual(ids);
    });

    stored("other work goes on while a long group is read", async (store) => {
      await keep(store, Array.from({ length: 2000 }, (_, i) => event(`e${i}`)));
      let turnCount = 0;
      const turn = (): void => {
        turnCount += 1;
        next = setImmediate(turn);
      };
      let next = setImmediate(turn);
      await all(store.recordsOf("group-a"));
      clearImmediate(next);
      // 32 blocks, 8 at a time.
      expect(turnCount).toBeGreaterThanOrEqual(3);
    });

    stored("every record is listed, group by group in key order", async (store) => {
      const groups = Array.from({ length: 600 }, (_, i) => `group-${String(i).padStart(3, "0")}`);
      await keep(
        store, groups.toReversed().map((groupKey) => event(`in-${groupKey}`, { groupKey })),
      );
      const listed: string[] = [];
      for await (const { groupKey, records } of store.allRecords()) {
        listed.push(`${groupKey} ${records.map((record) => String(record["eventID"])).join()}`);
      }
      expect(listed).toEqual(groups.map((group) => `${group} in-${group}`));
    });

    stored("an event is found by its id, also when its record has none", async (store) => {
      const derived = event("derived:1", { record: { eventName: "Old" }, groupKey: "group-b" });
      const reused = event(
        "e1", { key: "e1/other", groupKey: "group-b", record: { eventID: "e1", eventName: "Put" } },
      );
      await keep(store, [event("e1"), event("e2"), derived, reused]);
      expect(await store.recordsById("e1")).toEqual([
        { groupKey: "group-a", record: event("e1").record },
        { groupKey: "group-b", record: reused.record },
      ]);
      expect(await store.recordsById("derived:1")).toEqual(
        [{ groupKey: "group-b", record: { eventName: "Old" } }],
      );
      expect(await store.recordsById("e")).toEqual([]);
    });

    stored("the richest copy of a shared event wins, then the smallest key", async (store) => {
      const copies = [["k3", 1], ["k2", 5], ["k1", 5], ["k0", 0]] as const;
      await keep(
        store, copies.map(([key, richness]) => event(key, { key, richness, sharedId: "s1" })),
      );
      await keep(store, [event("k9", { key: "k9", sharedId: "s2" })]);
      expect(
        await store.sharedWinners(["s1", "s2", "s3"]),
      ).toEqual(new Map([["s1", "k1"], ["s2", "k9"]]));
    });

    stored("groups with another copy of a shared event are judged again", async (store) => {
      await keep(store, [event("k1", { sharedId: "s1" }), event("x", { groupKey: "group-c" })]);
      await store.judged(
        ["group-a", "group-c"].map((groupKey) => ({ groupKey, sessions: [], parts: [], hits: [] })),
      );
      await keep(store, [event("k2", { sharedId: "s1", groupKey: "group-b", richness: 1 })]);
      const dirty = await store.dirtyGroups(10);
      expect(dirty.map(({ state: { key } }) => key)).toEqual(["group-a", "group-b"]);
    });

    stored("rejections are all counted, and the latest are kept", async (store) => {
      const many = Array.from({ length: 10_020 }, (_, i) => rejection(i));
      await store.ingest((transaction) => transaction.reject(many));
      await store.ingest(
        (transaction) => transaction.reject([{ ...rejection(0), reason: "truncated" }]),
      );
      const kept = await store.rejections(20_000);
      expect(kept.length).toBe(10_000);
      expect(kept.slice(0, 2)).toEqual(
        [{ ...rejection(0), reason: "truncated" }, rejection(10_019)],
      );
      expect((await store.counts()).rejected).toEqual({ "not-json": 10_020, truncated: 1 });
      expect(await store.rejections(1)).toHaveLength(1);
    });

    stored("rejections of a delivery that is finished twice count once", async (store) => {
      for (let i = 0; i < 2; i += 1) {
        await store.ingest(async (transaction) => {
          await transaction.reject([rejection(0)]);
          await transaction.finish({ id: "d1", name: "one" }, nothingCounted);
        });
      }
      expect((await store.counts()).rejected).toEqual({ "not-json": 1 });
      expect(await store.rejections(10)).toHaveLength(1);
    });

    stored("counts tell what is stored", async (store) => {
      const states = [
        state("group-a", { firstAt: 5, lastAt: 9 }), state("group-b", { firstAt: 7, lastAt: 20 }),
      ];
      await keep(store, [event("e1"), event("e2"), event("e3", { groupKey: "group-b" })], states);
      expect(await store.counts()).toEqual({
        eventCount: 3,
        duplicateCount: 0,
        skippedCount: 0,
        rejected: {},
        others: {},
        groupCount: 2,
        sessionCount: 0,
        deliveryCount: 0,
        firstAt: 5,
        lastAt: 20,
      });
    });
  });
}

function rejection(index: number): Rejection {
  return { reason: "not-json", file: "f", index, offset: null, detail: "No value here." };
}
