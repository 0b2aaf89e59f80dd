import { describe, expect } from "vitest";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Judgement } from "../../src/findings/store.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { all, hit, noon, part, session, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

export function judgementContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: judgements`, () => {
    stored("what what of a finding is told, and of what is as it was, nothing", async (store) => {
      const whatOf = async (...parts: readonly FindingPart[]) => {
        const { changes } = await store.judged([judgement("g1", parts)]);
        return changes.map((change) => `${change.finding.level} ${change.what}`);
      };
      const low = part("a", { level: "low" });
      expect(await whatOf(low)).toEqual(["low opened"]);
      expect(await whatOf(low)).toEqual([]);
      expect(await whatOf({ ...low, eventCount: 2 })).toEqual(["low grown"]);
      expect(await whatOf({ ...low, eventCount: 3, level: "high" })).toEqual(["high worse"]);
      expect(await whatOf({ ...low, eventCount: 4 })).toEqual(["low revised"]);
      expect(await whatOf()).toEqual(["low withdrawn"]);
      expect(await whatOf()).toEqual([]);
      expect(await whatOf(low)).toEqual(["low reopened"]);
    });

    stored("an addition leaves what was there, and raises the revision", async (store) => {
      await keep(store, [], [state("a")]);
      const whole = { sessions: [session("s1")], hits: [hit("h1")] };
      const first = await store.judged([{ ...judgement("a", [part("a")]), ...whole, revision: 1 }]);
      expect([...first.revisions]).toEqual([["a", 2]]);
      const more = { sessions: [session("s2")], hits: [hit("h2")], isAddition: true };
      const next = { ...judgement("a", [part("b")]), ...more, revision: 2 };
      expect([...(await store.judged([next])).revisions]).toEqual([["a", 3]]);
      expect(await findingIds(store)).toEqual(["a", "b"]);
      expect(await all(store.sessions())).toEqual([session("s1"), session("s2")]);
      expect(await all(store.hits(["rule-a"]))).toEqual([hit("h1"), hit("h2")]);
    });

    stored("of a group that changed a whole judgement is kept, no addition", async (store) => {
      await keep(store, [], [state("a")]);
      await keep(store, [], [state("a", { eventCount: 2 })]);
      const stale = { ...judgement("a", [part("a")]), revision: 1 };
      const added = await store.judged([{ ...stale, isAddition: true }]);
      expect([[...added.revisions], await findingIds(store)]).toEqual([[], []]);
      const whole = await store.judged([stale]);
      expect([[...whole.revisions], await findingIds(store)]).toEqual([[], ["a"]]);
      expect(await store.dirtyGroups(9)).toMatchObject([{ state: { key: "a" }, revision: 3 }]);
    });

    stored("a judgement that a later one has overtaken is not kept", async (store) => {
      await keep(store, [], [state("a")]);
      await keep(store, [], [state("a", { eventCount: 2 })]);
      await store.judged([{ ...judgement("a", [part("new")]), revision: 2 }]);
      const { revisions } = await store.judged([{ ...judgement("a", [part("old")]), revision: 1 }]);
      expect([[...revisions], await findingIds(store)]).toEqual([[], ["new"]]);
      expect(await store.revisionOf("a")).toBe(3);
    });

    stored("hits that come, change or go are told by a number, rule by rule", async (store) => {
      const version = () => store.hitsVersion(["rule-a"]);
      const judge = async (...hits: Judgement["hits"]) => {
        await store.judged([{ ...judgement("g1", []), hits }]);
        return await version();
      };
      expect(await version()).toBe(0);
      expect(await judge(hit("h1"), hit("x", { rule: "rule-b" }))).toBe(1);
      expect(await judge(hit("h1"))).toBe(1);
      expect(await judge(hit("h1", { fields: { f: "1" } }))).toBe(2);
      expect(await judge()).toBe(3);
      expect(await store.hitsVersion(["rule-b", "rule-a"])).toBe(5);
    });

    stored("the latest event time is that of all groups", async (store) => {
      expect(await store.latestAt()).toBeNull();
      await keep(store, [], [state("a", { lastAt: noon + 5 }), state("b")]);
      expect(await store.latestAt()).toBe(noon + 5);
    });
  });
}

function judgement(groupKey: string, parts: readonly FindingPart[]): Judgement {
  return { groupKey, sessions: [], parts, hits: [] };
}

async function findingIds(store: Store): Promise<readonly string[]> {
  return (await all(store.findings())).map(({ id }) => id.replace(/0+$/, ""));
}
