import { describe, expect } from "vitest";
import type { OpenEmpty } from "./contract.ts";
import { event, issuance, noon, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";
import type { Judgement } from "../../src/findings/store.ts";
import type { Revised } from "../../src/sessions/store.ts";
import type { Issuance } from "../../src/sessions/issuance.ts";
import type { Store } from "../../src/storage/store.ts";

export function groupContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: groups and issuances`, () => {
    stored("a saved state replaces the one before, within the transaction too", async (store) => {
      await keep(store, [], [state("group-a"), state("group-b")]);
      const newer = state("group-a", { eventCount: 7 });
      const read = await store.ingest(async (transaction) => {
        await transaction.saveGroups([newer]);
        return transaction.groups(["group-a", "group-b", "group-c"]);
      });
      expect(read).toEqual(new Map([
        ["group-a", { state: newer, revision: 2 }],
        ["group-b", { state: state("group-b"), revision: 1 }],
      ]));
      expect(await store.group("group-a")).toEqual(newer);
    });

    stored("marked groups are paged in key order until they are judged", async (store) => {
      await keep(store, [], ["d", "b", "a", "c"].map((key) => state(key)));
      const first = await store.dirtyGroups(2);
      const second = await store.dirtyGroups(9, first.at(-1)?.state);
      expect([...first, ...second].map(({ state: { key } }) => key)).toEqual(["a", "b", "c", "d"]);
      await judge(store, ["a", "d"]);
      expect(await dirty(store)).toEqual(["b", "c"]);
    });

    stored("a group that changed while it was judged stays marked", async (store) => {
      await keep(store, [], [state("a"), state("b")]);
      const read = await store.dirtyGroups(10);
      await keep(store, [], [state("a", { eventCount: 2 })]);
      const judged = await store.judged(read.map(judgementOf));
      expect([...judged.revisions]).toEqual([["b", 2]]);
      expect(await dirty(store)).toEqual(["a"]);
      const again = (await store.dirtyGroups(10)).map(judgementOf);
      await store.judged(again);
      expect(await dirty(store)).toEqual([]);
    });

    stored("an issuance marks what it may have opened, and nothing else", async (store) => {
      const groups = [
        state("key", { accessKeyIds: ["ASIA1", "ASIA2"] }),
        state("late", { principalId: "AROA:s", createdAt: noon + 2000 }),
        state("early", { principalId: "AROA:s", createdAt: noon - 2000 }),
        state("later", { principalId: "AROA:s", createdAt: noon + 2001 }),
        state("other", { principalId: "AROA:t", createdAt: noon, accessKeyIds: ["ASIA3"] }),
        state("dateless", { principalId: "AROA:s" }),
      ];
      await keep(store, [], groups);
      await judge(store, groups.map(({ key }) => key));
      await store.ingest(
        (transaction) => transaction.touch(
          [{ principalId: "AROA:s", accessKeyId: "ASIA2", at: noon }],
        ),
      );
      expect(await dirty(store)).toEqual(["dateless", "early", "key", "late"]);
    });

    stored("an issuance marks what was opened down the chain of roles", async (store) => {
      const groups = [
        state("parent", { accessKeyIds: ["ASIA1"] }),
        state("child", { accessKeyIds: ["ASIA2"] }),
        state("grandchild", { principalId: "AROA:g", createdAt: noon }),
        state("stranger", { accessKeyIds: ["ASIA9"] }),
      ];
      await keep(store, [], groups);
      await store.ingest((transaction) => transaction.addIssuances([
        issuance("to-child", { accessKeyId: "ASIA2", issuer: issuerIn("parent") }),
        issuance("to-grandchild", { principalId: "AROA:g", issuer: issuerIn("child") }),
      ]));
      await judge(store, groups.map(({ key }) => key));
      await store.ingest((transaction) => transaction.touch(
        [{ principalId: null, accessKeyId: "ASIA1", at: noon }],
      ));
      expect(await dirty(store)).toEqual(["child", "grandchild", "parent"]);
    });

    stored("a use of what has expired marks who asked for it", async (store) => {
      const asking = state("asking");
      await keep(store, [], [asking]);
      const [issuer, expiresAt] = [issuerIn("asking"), noon + 10];
      await store.ingest((transaction) => transaction.addIssuances([
        issuance("by-key", { accessKeyId: "ASIA1", issuer, expiresAt }),
        issuance("by-principal", { principalId: "AROA:s", issuer, expiresAt }),
        issuance("alive", { accessKeyId: "ASIA2", issuer, expiresAt: noon + 11 }),
      ]));
      await store.sweep(noon + 10);
      for (const user of [
        state("u1", { accessKeyIds: ["ASIA1"] }),
        state("u2", { principalId: "AROA:s", createdAt: noon + 1000 }),
      ]) {
        await judge(store, ["asking", "u1"]);
        await keep(store, [], [user]);
        expect(await dirty(store)).toEqual(["asking", user.key]);
      }
      await judge(store, ["asking", "u1", "u2"]);
      await keep(store, [], [state("u3", { accessKeyIds: ["ASIA2"] })]);
      expect(await dirty(store)).toEqual(["u3"]);
      await keep(store, [], [state("u1", { accessKeyIds: ["ASIA1"], eventCount: 2 })]);
      expect(await dirty(store)).toEqual(["asking", "u1", "u3"]);
    });

    stored("another basis marks every group, the same one none", async (store) => {
      await keep(store, [], [state("a"), state("b")]);
      await store.judgeUnder("rules 1");
      await judge(store, ["a", "b"]);
      await store.judgeUnder("rules 1");
      expect(await dirty(store)).toEqual([]);
      await store.judgeUnder("rules 2");
      expect(await dirty(store)).toEqual(["a", "b"]);
    });

    stored("a sweep marks who asked for what has expired, once", async (store) => {
      await keep(store, [], [state("early"), state("late")]);
      await store.ingest((transaction) => transaction.addIssuances([
        issuance("i1", { expiresAt: noon + 10, issuer: issuerIn("early") }),
        issuance("i2", { expiresAt: noon + 20, issuer: issuerIn("late") }),
      ]));
      await judge(store, ["early", "late"]);
      expect(await store.sweep(noon + 9)).toEqual(new Set());
      expect(await dirty(store)).toEqual([]);
      expect(await store.sweep(noon + 10)).toEqual(new Set(["early"]));
      expect(await dirty(store)).toEqual(["early"]);
      await judge(store, ["early"]);
      expect(await store.sweptBy()).toBe(noon + 10);
      await store.sweep(noon + 30);
      expect(await store.sweptBy()).toBe(noon + 30);
      expect(await dirty(store)).toEqual(["late"]);
    });

    stored("thousands at once are swept, and mark what they opened, each", async (store) => {
      const ids = Array.from({ length: 4321 }, (_, i) => `i${i}`);
      await keep(store, [], [state("asking"), state("last", { accessKeyIds: ["ASIAi4320"] })]);
      await judge(store, ["asking", "last"]);
      const many = ids.map((id) => issuance(id, {
        accessKeyId: `ASIA${id}`, expiresAt: noon + 10, issuer: issuerIn("asking"),
      }));
      await store.ingest(async (transaction) => {
        await transaction.addIssuances(many);
        await transaction.touch(many);
      });
      expect(await dirty(store)).toEqual(["last"]);
      expect(await store.sweep(noon + 10)).toEqual(new Set(["asking"]));
      expect(await store.sweep(noon + 10)).toEqual(new Set());
      expect(await dirty(store)).toEqual(["asking", "last"]);
    });

    stored("issuances are found by what they issued, each once, in time order", async (store) => {
      const both = issuance("i1", { accessKeyId: "ASIA1", principalId: "AROA:s", at: noon + 5 });
      const earlier = issuance("i2", { principalId: "AROA:s", at: noon });
      await store.ingest(
        (transaction) => transaction.addIssuances(
          [both, earlier, issuance("i3", { accessKeyId: "ASIA9" })],
        ),
      );
      await store.ingest((transaction) => transaction.addIssuances([both]));
      const within = (from: number, to: number) => [{ principalId: "AROA:s", from, to }];
      const keys = ["ASIA1", "ASIA7"];
      expect(await store.issuancesFor(keys, within(noon, noon + 5))).toEqual([earlier, both]);
      expect(await store.issuancesFor([], within(noon + 1, noon + 5))).toEqual([both]);
      expect(await store.issuancesFor([], within(noon - 1, noon + 4))).toEqual([earlier]);
      expect(await store.issuancesFor([], [])).toEqual([]);
      const twice = [...within(noon + 4, noon + 5), ...within(noon - 1, noon + 4)];
      expect(await store.issuancesFor([], twice)).toEqual([earlier, both]);
      const apart = [...within(noon + 5, noon + 5), ...within(noon - 2, noon - 1)];
      expect(await store.issuancesFor([], apart)).toEqual([both]);
    });

    stored("uses are the groups with the key, and of the principal created then", async (store) => {
      const key = state("b-key", { accessKeyIds: ["ASIA1"] });
      const principal = state("a-principal", { principalId: "AROA:s", createdAt: noon + 900 });
      await keep(
        store, [], [key, principal, state("c", { principalId: "AROA:s", createdAt: noon + 9000 })],
      );
      const uses = await store.usesOf([
        issuance("i1", { accessKeyId: "ASIA1", principalId: "AROA:s" }),
        issuance("i2", { accessKeyId: "ASIA9" }),
        issuance("i3"),
      ]);
      expect(uses).toEqual(new Map([["i1", [principal, key]], ["i2", []], ["i3", []]]));
    });

    stored("a group that has events and no state yet is not given out", async (store) => {
      await store.ingest((transaction) => transaction.append([event("e1")]));
      expect(await store.group("group-a")).toBeNull();
      expect(await dirty(store)).toEqual([]);
      expect((await store.counts()).groupCount).toBe(0);
    });
  });
}

async function dirty(store: Store): Promise<readonly string[]> {
  return (await store.dirtyGroups(100)).map(({ state: { key } }) => key);
}

async function judge(store: Store, keys: readonly string[]): Promise<void> {
  await store.judged(keys.map((groupKey) => ({ groupKey, sessions: [], parts: [], hits: [] })));
}

function judgementOf({ state: { key }, revision }: Revised): Judgement {
  return { groupKey: key, revision, sessions: [], parts: [], hits: [] };
}

function issuerIn(groupKey: string): Issuance["issuer"] {
  return { ...issuance("any").issuer, groupKey };
}
