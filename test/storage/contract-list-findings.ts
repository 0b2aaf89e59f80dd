import { describe, expect } from "vitest";
import type { FindingFilter, FindingSort } from "../../src/findings/lists.ts";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { everyPage } from "./contract-lists.ts";
import { all, noon, part, suppression } from "./made.ts";
import { testsWith } from "./with-store.ts";

const ann = { actor: "cli:ann", at: noon };

export function findingListContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: lists of findings`, () => {
    stored("come worst first as ever, or latest first, in pages of any size", async (store) => {
      const levels = ["critical", "low", "informational", "high"] as const;
      const many = Array.from({ length: 40 }, (_, i) => part(`${i}x`, {
        level: levels[i % 4] ?? "low", lastEventAt: noon + (i % 7),
      }));
      await judge(store, many);
      const expected = await all(store.findings(noon));
      const latest = expected.toSorted((a, b) =>
        b.lastEventAt - a.lastEventAt || (a.fingerprint < b.fingerprint ? 1 : -1));
      for (const limit of [1, 7, 40, 100]) {
        const list = (sort: FindingSort) => everyPage(limit, (slice) =>
          store.listFindings({ asOf: noon }, sort, slice));
        expect(await list("level")).toEqual(expected);
        expect(await list("-lastEventAt")).toEqual(latest);
      }
    });

    stored("are chosen by everything they are about", async (store) => {
      await judge(store, [
        part("1"),
        part("2", { rule: "rule-\0" }),
        part("3", { agent: { name: "aider", basis: "role-arn" } }),
        part("4", { role: { arn: "arn:r", mode: "readonly" } }),
        part("5", { account: null }),
        part("6", { session: { id: "s6", arn: null, name: null } }),
        part("7", { level: "critical" }),
        part("8", { level: "low" }),
        part("9", { firstEventAt: noon - 20, lastEventAt: noon - 10 }),
      ]);
      const ids = asked(store);
      expect(await ids({ id: "1000000000000000" })).toBe("1");
      expect(await ids({ id: "1" })).toBe("");
      expect(await ids({ rule: "rule-\0" })).toBe("2");
      expect(await ids({ agent: "aider" })).toBe("3");
      expect(await ids({ role: "arn:r" })).toBe("4");
      expect(await ids({ account: "111122223333" })).toBe("12346789");
      expect(await ids({ session: "s6" })).toBe("6");
      expect(await ids({ levelMin: "critical" })).toBe("7");
      expect(await ids({ levelMin: "high" })).toBe("12345679");
      expect(await ids({ until: noon - 19 })).toBe("9");
      expect(await ids({ since: noon - 9 })).toBe("12345678");
      expect(await ids({ since: noon - 10, until: noon })).toBe("9");
      expect(await ids({ agent: "aider", levelMin: "critical" })).toBe("");
    });

    stored("are chosen by the status they are shown with", async (store) => {
      const letters = ["a", "b", "c", "d", "e", "f"];
      await judge(store, letters.map((letter) => part(letter, { rule: letter })));
      await store.acknowledge("b000000000000000", "On it.", ann);
      await store.acknowledge("c000000000000000", "On it.", ann);
      await store.closeFinding("d000000000000000", { verdict: "benign", note: "." }, ann);
      for (const rule of ["c", "d", "e"]) await store.suppress(suppression(rule, { rule }), ann);
      const ids = asked(store);
      expect(await ids({ status: "open" })).toBe("af");
      expect(await ids({ status: "acknowledged" })).toBe("b");
      expect(await ids({ status: "suppressed" })).toBe("ce");
      expect(await ids({ status: "closed" })).toBe("d");
      expect(await ids({ status: "suppressed", asOf: noon + 1000 })).toBe("");
      expect(await ids({ status: "open", asOf: noon + 1000 })).toBe("aef");
      await store.judged([{ groupKey: "g1", sessions: [], parts: [], hits: [] }]);
      expect(await ids({ status: "closed" })).toBe("abcdef");
      expect(await ids({ status: "open" })).toBe("");
    });

    stored("a page ends short of a long search, and goes on where it ended", async (store) => {
      const number = (i: number) => String(i).padStart(5, "0");
      const many = Array.from({ length: 4500 }, (_, i) =>
        part(number(i), { rule: i >= 4400 ? "wanted" : "hidden" }));
      await judge(store, many);
      await store.suppress(suppression("s", { rule: "hidden" }), ann);
      const filter = { status: "open", asOf: noon } as const;
      const first = await store.listFindings(filter, "level", { limit: 30, after: null });
      expect(first.items).toEqual([]);
      expect(first.next).not.toBeNull();
      const found = await everyPage(30, (slice) => store.listFindings(filter, "level", slice));
      expect(found.map(({ fingerprint }) => fingerprint.slice(0, 5)))
        .toEqual(Array.from({ length: 100 }, (_, i) => number(4400 + i)));
    });

    stored("events are cited by findings of their group and about their session", async (store) => {
      const cites = (...ids: string[]) => ({
        evidence: ids.map((eventId) => ({ eventId, at: noon })),
      });
      await store.judged([
        { groupKey: "g1", sessions: [], hits: [], parts: [
          part("a", { ...cites("e1", "e2"), level: "low" }), part("b", cites("e9")),
        ] },
        { groupKey: "g2", sessions: [], hits: [], parts: [
          part("a", { ...cites("f1"), level: "critical" }),
          part("c", { ...cites("e2"), session: { id: "s1", arn: null, name: null } }),
          part("d", cites("e2")),
        ] },
      ]);
      const cited = await store.citations([{ id: "s1", groupKey: "g1" }], ["e1", "e2"]);
      expect(cited.map(({ id, level, eventIds }) => [id.slice(0, 1), level, eventIds])).toEqual([
        ["a", "critical", ["e1", "e2"]], ["c", "high", ["e2"]],
      ]);
      expect(await store.citations([], ["e1"])).toEqual([]);
      expect(await store.citations([{ id: "s1", groupKey: "g1" }], [])).toEqual([]);
    });
  });
}

async function judge(store: Store, parts: readonly FindingPart[]): Promise<void> {
  await store.judged([{ groupKey: "g1", sessions: [], parts, hits: [] }]);
}

/** First letters of the ids that a filter leaves, in order. */
function asked(store: Store): (filter: Partial<FindingFilter>) => Promise<string> {
  return async (filter) => {
    const found = await everyPage(2, (slice) =>
      store.listFindings({ asOf: noon, ...filter }, "level", slice));
    return found.map(({ id }) => id.slice(0, 1)).sort().join("");
  };
}
