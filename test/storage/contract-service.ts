import { describe, expect } from "vitest";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Judgement } from "../../src/findings/store.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { noon, part, suppression } from "./made.ts";
import { testsWith } from "./with-store.ts";

const idA = "a000000000000000";
const ann = { actor: "token:ann", at: noon };

/** What leaves the system, where sources go on, who did what. */
export function serviceContract(name: string, open: OpenEmpty): void {
  outboxContract(name, open);
  cursorContract(name, open);
  auditContract(name, open);
}

function outboxContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: outbox`, () => {
    stored("a finding's opening is told once to each receiver, oldest first", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      await store.judged([judgement("g2", [part("b", { level: "low" })])]);
      expect(await words(store, "siem")).toEqual(["a high open", "b low open"]);
      const [first] = await store.outbox("siem", 1);
      await store.told("siem", first?.seq ?? 0);
      expect(await words(store, "siem")).toEqual(["b low open"]);
      expect(await words(store, "chat")).toEqual(["a high open", "b low open"]);
    });

    stored("what was told is not told again because an older word is", async (store) => {
      await store.judged([judgement("g1", [part("a"), part("b")])]);
      const last = (await store.outbox("siem", 9)).at(-1)?.seq ?? 0;
      await store.told("siem", last);
      await store.told("siem", last - 1);
      expect(await words(store, "siem")).toEqual([]);
    });

    stored("growing brings a word up to date and says nothing new", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      await store.told("siem", (await store.outbox("siem", 1))[0]?.seq ?? 0);
      await store.judged([judgement("g1", [part("a", { eventCount: 7 })])]);
      expect(await words(store, "siem")).toEqual([]);
      const [message] = await store.outbox("chat", 1);
      expect(message).toMatchObject({ topic: "finding", subject: part("a").fingerprint });
      expect(JSON.parse(message?.data ?? "")).toEqual({
        status: "open", verdict: null, note: null, finding: part("a", { eventCount: 7 }),
      });
    });

    stored("what grew worse, or was decided, is told again, after the rest", async (store) => {
      await store.judged([judgement("g1", [part("a"), part("b")])]);
      await store.judged([judgement("g1", [part("a", { level: "critical" }), part("b")])]);
      expect(await words(store, "siem")).toEqual(["b high open", "a critical open"]);
      await store.acknowledge("b000000000000000", "Looking.", ann);
      await store.closeFinding(idA, { verdict: "benign", note: "A drill." }, ann);
      expect(await words(store, "siem")).toEqual([
        "b high acknowledged", "a critical closed benign",
      ]);
    });

    stored("a withdrawal is told to whom the finding may have been told", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      await store.told("siem", (await store.outbox("siem", 1))[0]?.seq ?? 0);
      await store.judged([judgement("g1", [])]);
      expect(await words(store, "siem")).toEqual(["a withdrawn"]);
      await store.judged([judgement("g2", [part("b")])]);
      await store.judged([judgement("g2", [])]);
      expect(await words(store, "siem")).toEqual(["a withdrawn"]);
    });

    stored("nobody is told of a finding that is older than what is announced", async (store) => {
      const old = part("a", { lastEventAt: noon - 1 });
      await store.judged([judgement("g1", [old, part("b")])], noon);
      expect(await words(store, "siem")).toEqual(["b high open"]);
      await store.judged([judgement("g1", [part("a"), part("b")])], noon);
      expect(await words(store, "siem")).toEqual(["b high open", "a high open"]);
    });
  });
}

function cursorContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: cursors`, () => {
    stored("are kept with what was read by then, replaced, and forgotten", async (store) => {
      const keep = (data: string | null) => store.ingest((transaction) =>
        transaction.keepCursor({ name: "lookup/\0x", data }));
      expect(await store.cursor("lookup/\0x")).toBeNull();
      await keep('{"at":1}');
      await keep('{"at":2}');
      expect(await store.cursor("lookup/\0x")).toBe('{"at":2}');
      expect(await store.cursor("lookup/")).toBeNull();
      await keep(null);
      expect(await store.cursor("lookup/\0x")).toBeNull();
    });

    stored("are not kept where the transaction fails", async (store) => {
      const failing = store.ingest(async (transaction) => {
        await transaction.keepCursor({ name: "lookup", data: "{}" });
        throw new Error("Broken off.");
      });
      await expect(failing).rejects.toThrow("Broken off.");
      expect(await store.cursor("lookup")).toBeNull();
    });
  });
}

function auditContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: audit log`, () => {
    stored("has a line for each change, the latest first, by pages", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      const by = (i: number) => ({ actor: `token:n${i}`, at: noon + i });
      await store.acknowledge(idA, "Looking.", by(1));
      await store.closeFinding(idA, { verdict: "benign", note: "Lone half: \ud800" }, by(2));
      await store.suppress(suppression("s1", { reason: "Known." }), by(3));
      await store.unsuppress("s1", "Over.", by(4));
      const log = await store.auditLog(10);
      expect(log.map(({ at, actor, action, subject, reason }) =>
        [at - noon, actor, action, subject, reason])).toEqual([
        [4, "token:n4", "suppression.remove", "s1", "Over."],
        [3, "token:n3", "suppression.add", "s1", "Known."],
        [2, "token:n2", "finding.close benign", idA, "Lone half: \ud800"],
        [1, "token:n1", "finding.acknowledge", idA, "Looking."],
      ]);
      const first = await store.auditLog(2);
      expect(first).toEqual(log.slice(0, 2));
      expect(await store.auditLog(2, first[1]?.id)).toEqual(log.slice(2));
    });

    stored("has no line for what was not done", async (store) => {
      await store.judged([judgement("g1", [part("a")])]);
      await store.closeFinding(idA, { verdict: "benign", note: "Done." }, ann);
      expect(await store.acknowledge(idA, "Too late.", ann)).toBe(false);
      expect(await store.unsuppress("none", "None.", ann)).toBe(false);
      expect(await store.auditLog(10)).toHaveLength(1);
    });
  });
}

function judgement(groupKey: string, parts: readonly FindingPart[]): Judgement {
  return { groupKey, sessions: [], parts, hits: [] };
}

/** What a receiver has not been told: subject's first letter, and version. */
async function words(store: Store, receiver: string): Promise<readonly string[]> {
  const messages = await store.outbox(receiver, 100);
  return messages.map(({ subject, version }) => `${subject.slice(0, 1)} ${version}`);
}
