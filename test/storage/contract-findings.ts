import { describe, expect, test } from "vitest";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Judgement } from "../../src/findings/store.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { all, hit, noon, part, session, suppression } from "./made.ts";
import { testsWith } from "./with-store.ts";

const idA = "a000000000000000";
const ann = { actor: "cli:ann", at: noon };

export function findingContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: findings`, () => {
    stored("parts merge across groups, and a new judgement replaces the old one", async (store) => {
      await store.judged(
        [
          judgement("g1", [part("a")]),
          judgement("g2", [part("a", { lastEventAt: noon + 9, eventCount: 4 })]),
        ],
      );
      expect(await all(store.findings())).toMatchObject(
        [{ id: idA, eventCount: 5, lastEventAt: noon + 9, status: "open" }],
      );
      await store.judged([judgement("g2", [part("a", { eventCount: 1 })])]);
      expect(await all(store.findings())).toMatchObject(
        [{ id: idA, eventCount: 2, lastEventAt: noon }],
      );
    });

    stored("findings are read worst first, then latest, then by id, over pages", async (store) => {
      const many = Array.from(
        { length: 1100 }, (_, i) => part(`c${String(i).padStart(4, "0")}`, { level: "low" }),
      );
      await store.judged([judgement("g1", [
        ...many.toReversed(),
        part("b", { level: "critical" }),
        part("a", { level: "critical" }),
        part("d", { level: "critical", lastEventAt: noon + 1 }),
        part("e", { level: "informational" }),
      ])]);
      const ids = (await all(store.findings())).map(({ id }) => id.replace(/0+$/, ""));
      expect(ids.slice(0, 3)).toEqual(["d", "a", "b"]);
      expect(ids.slice(3, -1)).toEqual(
        many.map(({ fingerprint }) => fingerprint.slice(0, 16).replace(/0+$/, "")),
      );
      expect(ids.at(-1)).toBe("e");
    });

    stored("a finding is found by the beginning of its id", async (store) => {
      await store.judged([judgement("g1", [part("ab"), part("ac"), part("b")])]);
      const ids = async (prefix: string) => {
        const found = await store.finding(prefix);
        return found.map(({ id }) => id.slice(0, 2));
      };
      expect(await ids("a")).toEqual(["ab", "ac"]);
      expect(await ids("ab")).toEqual(["ab"]);
      expect(await ids("ab".padEnd(64, "0"))).toEqual(["ab"]);
      expect(await ids("%")).toEqual([]);
      expect(await ids("c")).toEqual([]);
    });

    stored("without parts a finding is withdrawn, and open when they return", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      await store.acknowledge(idA, "Seen.", ann);
      await store.judged([judgement("g1", [])]);
      expect(await life(store)).toEqual(["closed", "withdrawn", "Seen."]);
      expect(await store.acknowledge(idA, "Too late.", ann)).toBe(false);
      await store.judged([judgement("g1", [part("a")])]);
      expect(await life(store)).toEqual(["open", null, "Seen."]);
    });

    stored("a person's verdict survives judging again and a withdrawal", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      const asTest = { verdict: "false-positive", note: "A test." } as const;
      expect(await store.closeFinding(idA, asTest, ann)).toBe(true);
      expect(await store.acknowledge(idA, "Again.", ann)).toBe(false);
      await store.judged([judgement("g1", [part("a", { eventCount: 2 })])]);
      expect(await life(store)).toEqual(["closed", "false-positive", "A test."]);
      await store.judged([judgement("g1", [])]);
      await store.judged([judgement("g1", [part("a")])]);
      expect(await life(store)).toEqual(["closed", "false-positive", "A test."]);
    });

    stored("acknowledging keeps a finding acknowledged when it grows", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      expect(await store.acknowledge(idA, "Looking.", ann)).toBe(true);
      await store.judged([judgement("g1", [part("a", { eventCount: 2 })])]);
      expect(await life(store)).toEqual(["acknowledged", null, "Looking."]);
      expect(await store.acknowledge("a", "A prefix is no id.", ann)).toBe(false);
      const asNone = { verdict: "benign", note: "None such." } as const;
      expect(await store.closeFinding("b000000000000000", asNone, ann)).toBe(false);
    });

    test.each([
      { of: "everything", pattern: {}, status: "suppressed" },
      { of: "its rule", pattern: { rule: "rule-*" }, status: "suppressed" },
      {
        of: "its entity and account",
        pattern: { entity: "session-?", account: "111122223333" },
        status: "suppressed",
      },
      { of: "another rule", pattern: { rule: "rule-b" }, status: "open" },
      { of: "any agent, while none is known", pattern: { agent: "*" }, status: "open" },
      { of: "another account", pattern: { rule: "rule-a", account: "4*" }, status: "open" },
    ])("a suppression of $of leaves a finding $status", async ({ pattern, status }) => {
      const store = await open();
      await store.judged([judgement("g1", [part("a")])]);
      await store.suppress(suppression("s1", pattern), ann);
      expect((await life(store))[0]).toBe(status);
      await store.close();
    });

    stored("a suppression ends when it expires or is taken back", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      await store.suppress(suppression("s1", { expiresAt: noon + 10 }), ann);
      const status = async (asOf?: number) => (await store.finding(idA, asOf))[0]?.status;
      expect(
        [await status(), await status(noon + 9), await status(noon + 10)],
      ).toEqual(["suppressed", "suppressed", "open"]);
      expect((await all(store.findings(noon + 10)))[0]?.status).toBe("open");
      expect(await store.unsuppress("s1", "Over.", ann)).toBe(true);
      expect(await store.unsuppress("s1", "Over.", ann)).toBe(false);
      expect(await status()).toBe("open");
    });

    stored("suppressions are listed oldest first, and replaced by id", async (store) => {
      await store.suppress(suppression("s2", { createdAt: 2 }), ann);
      await store.suppress(suppression("s1", { createdAt: 3 }), ann);
      await store.suppress(suppression("s1", { createdAt: 1, reason: "Better known." }), ann);
      expect(await store.suppressions()).toEqual([
        suppression("s1", { createdAt: 1, reason: "Better known." }),
        suppression("s2", { createdAt: 2 }),
      ]);
    });

    stored("hits come in time order, then by event key, of the rules asked for", async (store) => {
      const many = Array.from(
        { length: 1200 }, (_, i) => hit(`k${String(i).padStart(4, "0")}`, { at: noon + (i % 7) }),
      );
      await store.judged([
        { ...judgement("g1", []), hits: [...many, hit("other", { rule: "rule-b" })] },
        { ...judgement("g2", []), hits: [hit("z", { rule: "rule-c", at: noon - 1 })] },
      ]);
      const expected = many.toSorted((a, b) => a.at - b.at || (a.eventKey < b.eventKey ? -1 : 1));
      expect(await all(store.hits(["rule-a", "rule-c"]))).toEqual(
        [hit("z", { rule: "rule-c", at: noon - 1 }), ...expected],
      );
      expect(await all(store.hits([]))).toEqual([]);
      await store.judged([judgement("g1", [])]);
      expect(await all(store.hits(["rule-a", "rule-b"]))).toEqual([]);
    });

    stored("sessions of a group are replaced with its judgement", async (store) => {
      await store.judged([{ ...judgement("g1", []), sessions: [session("s2"), session("s1")] }]);
      await store.judged([{ ...judgement("g2", []), sessions: [session("s1")] }]);
      expect(await all(store.sessions())).toEqual([session("s1"), session("s1"), session("s2")]);
      await store.judged([{ ...judgement("g1", []), sessions: [session("s3")] }]);
      expect(await all(store.sessions())).toEqual([session("s1"), session("s3")]);
      expect((await store.counts()).sessionCount).toBe(2);
    });
  });
}

function judgement(groupKey: string, parts: readonly FindingPart[]): Judgement {
  return { groupKey, sessions: [], parts, hits: [] };
}

async function life(store: Store): Promise<readonly (string | null | undefined)[]> {
  const [finding] = await store.finding(idA);
  return [finding?.status, finding?.verdict, finding?.note];
}
