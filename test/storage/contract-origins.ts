import { describe, expect } from "vitest";
import type { DueOrigin } from "../../src/sessions/origin-store.ts";
import type { Store } from "../../src/storage/store.ts";
import { atHour, heardDays, origin } from "../builders/origin.ts";
import type { OpenEmpty } from "./contract.ts";
import { testsWith } from "./with-store.ts";

const other = { account: "222222222222", region: "us-east-1" };
const objectiveMs = 1_800_000;

const hear = (store: Store, hours: readonly number[], of = origin as typeof other) =>
  store.ingest((transaction) =>
    transaction.heard(hours.map((hour) => ({ ...of, at: atHour(hour) }))));
const arrive = (store: Store, quarter: number, lagSeconds: number) =>
  store.keepArrivals(
    [{ ...origin, at: atHour(quarter / 4), lagMs: lagSeconds * 1000 }], objectiveMs,
  );
const due = (store: Store, byHour = 0) => store.dueOrigins(atHour(byHour), 9);
const judge = (store: Store, of: readonly DueOrigin[], dueAt: number | null = null) =>
  store.originsJudged(of.map((each) => ({ ...each, dueAt })), atHour(0));

/** What a store keeps of where events come from. */
export function originContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: an origin`, () => {
    stored("is due with all hours it was heard in, until it is judged", async (store) => {
      await hear(store, [1, 30]);
      await hear(store, [3, 1]);
      await hear(store, [5], other);
      const both = await due(store);
      expect(both).toMatchObject([
        { origin, days: heardDays([1, 3, 30]), arrivals: [] },
        { origin: other, days: heardDays([5]), arrivals: [] },
      ]);
      expect(await store.dueOrigins(0, 1)).toEqual(both.slice(0, 1));
      await judge(store, both);
      expect(await due(store)).toEqual([]);
      expect(await store.originsJudgedBy()).toBe(atHour(0));
    });

    stored("is due again when it is heard in another hour, or its time has come", async (store) => {
      await hear(store, [1]);
      await judge(store, await due(store), atHour(9));
      await hear(store, [1.5]);
      expect(await due(store, 8.9)).toEqual([]);
      expect(await due(store, 9)).toHaveLength(1);
      await hear(store, [2]);
      expect(await due(store)).toMatchObject([{ days: heardDays([1, 2]) }]);
    });

    stored("stays due when it was heard while it was judged", async (store) => {
      await hear(store, [1]);
      const before = await due(store);
      await hear(store, [2]);
      await judge(store, before);
      expect(await due(store)).toHaveLength(1);
    });

    stored("keeps late quarters by what was least late, and what ends a row", async (store) => {
      await hear(store, [1]);
      await judge(store, await due(store));
      await arrive(store, 0, 60);
      expect(await due(store)).toEqual([]);
      for (const [quarter, lag] of [[1, 4000], [1, 3000], [1, 5000], [3, 60], [4, 70]] as const) {
        await arrive(store, quarter, lag);
      }
      expect((await due(store))[0]?.arrivals).toEqual([
        { at: atHour(0.25), lagMs: 3_000_000 }, { at: atHour(0.75), lagMs: 60_000 },
      ]);
    });

    stored("is due again when what judges it changes", async (store) => {
      await hear(store, [1]);
      await judge(store, await due(store));
      await store.judgeUnder("other rules");
      expect(await due(store)).toHaveLength(1);
    });

    stored("is forgotten a month after what it explains", async (store) => {
      await hear(store, [0, 24, 48]);
      await store.retain(atHour(31 * 24));
      expect((await due(store))[0]?.days).toEqual(heardDays([24, 48]));
      await store.retain(atHour(40 * 24));
      expect(await due(store)).toEqual([]);
    });
  });

  describe(`${name}: listening`, () => {
    stored("began when it was first said to have", async (store) => {
      expect(await store.listenedSince(atHour(5))).toBe(atHour(5));
      expect(await store.listenedSince(atHour(1))).toBe(atHour(5));
      expect(await store.originsJudgedBy()).toBeNull();
    });

    stored("is judged by a time that never goes back", async (store) => {
      await store.originsJudged([], atHour(5));
      await store.originsJudged([], atHour(1));
      expect(await store.originsJudgedBy()).toBe(atHour(5));
    });
  });
}
