import { describe, expect } from "vitest";
import { liveMs, type Page, type Place, type Slice } from "../../src/findings/lists.ts";
import type { Credential, Session } from "../../src/sessions/session.ts";
import type { Store } from "../../src/storage/store.ts";
import type { OpenEmpty } from "./contract.ts";
import { event, noon, part, session, state, suppression } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

const ann = { actor: "cli:ann", at: noon };
const whole: Slice = { limit: 200, after: null };
const roleA = { id: null, arn: "arn:aws:iam::111122223333:role/a", name: "a" };

export function listContract(name: string, open: OpenEmpty): void {
  sessionLists(name, open);
  activityLists(name, open);
  liveNumbers(name, open);
}

function sessionLists(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: lists of sessions and credentials`, () => {
    stored("sessions come by last event, either way, page by page", async (store) => {
      const many = Array.from({ length: 23 }, (_, i) =>
        session(`s${i}`, { lastAt: noon + (i % 5), firstAt: noon - i }));
      await keepSessions(store, many);
      const latest = many.toSorted((a, b) => b.lastAt - a.lastAt || (a.id < b.id ? 1 : -1));
      for (const limit of [1, 4, 23, 200]) {
        const pages = await everyPage(limit, (slice) => store.listSessions({}, "-lastAt", slice));
        expect(pages).toEqual(latest);
        expect(await everyPage(limit, (slice) => store.listSessions({}, "lastAt", slice)))
          .toEqual(latest.toReversed());
      }
    });

    stored("sessions that come in between pages repeat none and lose none", async (store) => {
      const old = Array.from({ length: 9 }, (_, i) => session(`s${i}`, { lastAt: noon + i }));
      await keepSessions(store, old);
      let added = 0;
      const seen = await everyPage(2, async (slice) => {
        const page = await store.listSessions({}, "-lastAt", slice);
        const id = `new${added++}`;
        await keepSessions(store, [session(id, { lastAt: noon + 100 })], id);
        return page;
      });
      expect(seen).toEqual(old.toReversed());
    });

    stored("sessions are chosen by agent, role, account, time and life", async (store) => {
      await keepSessions(store, [
        session("plain"),
        session("of-aider", { attribution: by("aider") }),
        session("odd", { attribution: by("\0\ud800\\") }),
        session("in-role", { role: roleA }),
        session("elsewhere", { account: "444455556666" }),
        session("early", { firstAt: noon - 9000, lastAt: noon - 8000 }),
        session("unexpired", { lastAt: noon - liveMs, credentials: [key("K1", noon + 1)] }),
        session("expired", { lastAt: noon, credentials: [key("K2", noon)] }),
      ]);
      const ids = async (filter: Parameters<Store["listSessions"]>[0]) => {
        const { items } = await store.listSessions(filter, "lastAt", whole);
        return items.map(({ id }) => id).sort();
      };
      expect(await ids({ agent: "aider" })).toEqual(["of-aider"]);
      expect(await ids({ agent: "\0\ud800\\" })).toEqual(["odd"]);
      expect(await ids({ agent: "%" })).toEqual([]);
      expect(await ids({ role: roleA.arn })).toEqual(["in-role"]);
      expect(await ids({ account: "444455556666" })).toEqual(["elsewhere"]);
      expect(await ids({ until: noon - 8500 })).toEqual(["early"]);
      expect(await ids({ since: noon - 8000, until: noon })).toEqual(["early"]);
      expect(await ids({ since: noon - 7999, until: noon })).toEqual([]);
      expect(await ids({ agent: "aider", account: "444455556666" })).toEqual([]);
      expect(await ids({ liveAt: noon + liveMs - 9000 })).not.toContain("unexpired");
      expect(await ids({ liveAt: noon })).toEqual(
        ["early", "elsewhere", "in-role", "odd", "of-aider", "plain", "unexpired"],
      );
      expect(await ids({ liveAt: noon + liveMs })).toEqual([]);
    });

    stored("a session is found by its id, in all the groups it went on in", async (store) => {
      await keepSessions(store, [session("sis:x", { lastAt: noon })], "g1");
      await keepSessions(store, [session("sis:x", { lastAt: noon + 1 }), session("y")], "g2");
      const found = await store.sessionsById("sis:x");
      expect(found.map(({ lastAt }) => lastAt - noon)).toEqual([1, 0]);
      expect(await store.sessionsById("sis:")).toEqual([]);
    });

    stored("credentials come with whose they are, a row for each session", async (store) => {
      const owned = { attribution: by("aider"), role: roleA };
      await keepSessions(store, [
        session("s1", { ...owned, credentials: [key("K1", noon + 5), key("K2", null)] }),
        session("s2", { credentials: [{ ...key("K1", noon + 5), lastAt: noon + 3 }] }),
      ]);
      const list = async (filter: Parameters<Store["listCredentials"]>[0]) => {
        const items = await everyPage(1, (slice) =>
          store.listCredentials(filter, "-lastAt", slice));
        return items.map(({ accessKeyId, sessionId }) => `${accessKeyId} ${sessionId}`);
      };
      expect((await store.listCredentials({ agent: "aider" }, "lastAt", whole)).items[0]).toEqual({
        accessKeyId: "K1", kind: "temporary", sessionId: "s1", account: "111122223333",
        agent: "aider", roleArn: roleA.arn, firstAt: noon, lastAt: noon, expiresAt: noon + 5,
        useCount: 2,
      });
      expect(await list({})).toEqual(["K1 s2", "K2 s1", "K1 s1"]);
      expect(await list({ session: "s1" })).toEqual(["K2 s1", "K1 s1"]);
      expect(await list({ role: roleA.arn, liveAt: noon + 5 })).toEqual(["K2 s1"]);
      expect(await list({ liveAt: noon + liveMs })).toEqual([]);
    });
  });
}

function activityLists(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: what agents and roles come to`, () => {
    stored("agents are sums over their sessions, by name, page by page", async (store) => {
      const counts = { write: 2, permissions: 1, tagging: 4, read: 9 };
      await keepSessions(store, [
        session("s1", { attribution: by("b"), eventCount: 16, counts, deniedCount: 3,
          firstAt: noon - 50, credentials: [key("K1", noon + 1), key("K2", null)] }),
        session("s2", { attribution: by("b"), eventCount: 4, lastAt: noon + 7,
          credentials: [key("K3", noon)] }),
        session("s3", { attribution: { ...by("a"), status: "discovered" } }),
        session("s4"),
      ]);
      const agents = await everyPage(1, (slice) => store.listAgents(slice, noon));
      expect(agents).toEqual([
        { agent: "a", status: "discovered", sessionCount: 1, eventCount: 1, writeCount: 0,
          deniedCount: 0, firstAt: noon, lastAt: noon, liveCredentialCount: 0, openFindings: {} },
        { agent: "b", status: "declared", sessionCount: 2, eventCount: 20, writeCount: 7,
          deniedCount: 3, firstAt: noon - 50, lastAt: noon + 7, liveCredentialCount: 2,
          openFindings: {} },
      ]);
    });

    stored("roles have the mode of their last session, and open findings", async (store) => {
      const mode = (text: "readonly" | "deploy") =>
        ({ mode: text, basis: "config", isGuessed: false }) as const;
      await keepSessions(store, [
        session("s1", { role: roleA, lastAt: noon + 5, mode: mode("deploy") }),
        session("s2", { role: roleA, lastAt: noon + 2, mode: mode("readonly") }),
      ]);
      const role = { arn: roleA.arn, mode: "deploy" };
      await store.judged([{ groupKey: "g2", sessions: [], hits: [], parts: [
        part("a", { role }), part("b", { role, level: "low" }), part("c", { role }), part("d"),
      ] }]);
      await store.closeFinding("c000000000000000", { verdict: "benign", note: "." }, ann);
      const { items } = await store.listRoles(whole, noon);
      expect(items).toMatchObject([
        { roleArn: roleA.arn, mode: "deploy", sessionCount: 2, openFindings: { high: 1, low: 1 } },
      ]);
    });
  });
}

function liveNumbers(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: live numbers`, () => {
    stored("sessions and credentials that live are counted", async (store) => {
      await keepSessions(store, [
        session("s1", { lastAt: noon - liveMs, credentials: [key("K1", noon + 1)] }),
        session("s2", { lastAt: noon - liveMs }),
        session("s3", { lastAt: noon - liveMs + 1, credentials: [key("K2", null)] }),
        session("s4", { credentials: [key("K3", noon)] }),
      ]);
      const { sessions, credentials, storeBytes } = await store.liveCounts(noon, []);
      expect(sessions).toEqual([{ agent: null, status: "none", count: 2 }]);
      expect(credentials).toEqual([{ agent: null, count: 2 }]);
      expect(storeBytes).toBeGreaterThan(4096);
    });

    stored("findings are counted by rule and level while open, not suppressed", async (store) => {
      await store.judged([{ groupKey: "g1", sessions: [], hits: [], parts: [
        part("a"), part("b"), part("c", { level: "low" }), part("d", { rule: "rule-b" }),
        part("e", { rule: "rule-b", entity: { type: "session", id: "x\0y" } }),
        part("f", { rule: "rule-c" }), part("1"), part("2"),
      ] }]);
      await store.acknowledge("1000000000000000", "On it.", ann);
      await store.closeFinding("2000000000000000", { verdict: "benign", note: "." }, ann);
      const open = async (at: number) =>
        Object.fromEntries((await store.liveCounts(at, [])).openFindings);
      const all = { "rule-a": { high: 2, low: 1 }, "rule-b": { high: 2 }, "rule-c": { high: 1 } };
      expect(await open(noon)).toEqual(all);
      await store.suppress(suppression("s1", { rule: "rule-c" }), ann);
      await store.suppress(suppression("s2", { entity: "x?y" }), ann);
      expect(await open(noon)).toEqual({ "rule-a": { high: 2, low: 1 }, "rule-b": { high: 1 } });
      expect(await open(noon + 1000)).toEqual(all);
    });

    stored("a receiver's backlog is what it has not been told", async (store) => {
      const parts = [part("a"), part("b")];
      await store.judged([{ groupKey: "g1", sessions: [], hits: [], parts }]);
      await store.told("siem", (await store.outbox("siem", 1))[0]?.seq ?? 0);
      const { backlog } = await store.liveCounts(noon, ["siem", "chat"]);
      expect(Object.fromEntries(backlog)).toEqual({ siem: 1, chat: 2 });
    });

    stored("groups of a time are told until they hold too much", async (store) => {
      const at = (groupKey: string, from: number, to: number) =>
        state(groupKey, { firstAt: noon + from, lastAt: noon + to, eventCount: 10 });
      const events = ["g1", "g2", "g3"].map((key) => event(key, { groupKey: key }));
      await keep(store, events, [at("g1", 0, 5), at("g2", 4, 9), at("g3", 9, 9)]);
      expect(await store.groupsWithin(noon + 5, noon + 9, 20)).toEqual(["g1", "g2"]);
      expect(await store.groupsWithin(noon + 6, noon + 10, 20)).toEqual(["g2", "g3"]);
      expect(await store.groupsWithin(noon + 5, noon + 9, 19)).toBeNull();
      expect(await store.groupsWithin(noon + 10, noon + 99, 0)).toEqual([]);
    });
  });
}

function by(agent: string): Session["attribution"] {
  return { ...session("any").attribution, agent, status: "declared" };
}

function key(accessKeyId: string, expiresAt: number | null): Credential {
  return {
    accessKeyId, kind: "temporary", issuance: null, expiresAt, firstAt: noon, lastAt: noon,
    useCount: 2, networks: [], userAgents: [], credentialSources: [], tasks: [],
  };
}

async function keepSessions(
  store: Store,
  sessions: readonly Session[],
  groupKey = "g1",
): Promise<void> {
  await store.judged([{ groupKey, sessions, parts: [], hits: [] }]);
}

/** All that a list gives, page by page; no page is longer than asked for. */
export async function everyPage<T>(
  limit: number,
  list: (slice: Slice) => Promise<Page<T>>,
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let after: Place | null = null; ; ) {
    const page: Page<T> = await list({ limit, after });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    if (page.next === null) return items;
    after = page.next;
  }
}
