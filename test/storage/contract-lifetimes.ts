import { describe, expect } from "vitest";
import type { IssuedCredential } from "../../src/sessions/lifetimes.ts";
import type { Listed } from "../../src/sessions/lifetime-store.ts";
import type { Credential, Session } from "../../src/sessions/session.ts";
import { tieTo, type TaskTie } from "../../src/sessions/task-tie.ts";
import { taskIdOf } from "../../src/sessions/task.ts";
import type { Store } from "../../src/storage/store.ts";
import { after, taskCredential, taskStart } from "../builders/task.ts";
import type { OpenEmpty } from "./contract.ts";
import { event, issuance, session, state } from "./made.ts";
import { keep, testsWith } from "./with-store.ts";

const ci = { actor: "token:ci", at: after(0) };
const arn = "arn:aws:iam::111122223333:role/agents/seen";
const told = taskStart();

/** How long credentials were needed, and tasks nobody told of. */
export function lifetimeContract(name: string, open: OpenEmpty): void {
  issuedContract(name, open);
  seenContract(name, open);
}

function issuedContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: issued credentials`, () => {
    stored("are known as they were told, and as they were seen", async (store) => {
      await store.startTask(told, ci);
      await store.tellCredential(told.id, taskCredential("ASIATOLD", 10));
      const { roleArn } = taskCredential("ASIATOLD", 10);
      const unseen: IssuedCredential = {
        accessKeyId: "ASIATOLD", agent: "aider", roleArn, issuedAt: after(10),
        expiresAt: after(910), revokedAt: null, lastAt: null, taskId: told.id,
        tasks: [{ id: told.id, endedAt: null, endedBy: null, isHeard: true }],
      };
      expect(await everyIssued(store, {})).toEqual([unseen]);
      await keepSessions(store, [
        agents("s1", [key("ASIATOLD", 20, { expiresAt: after(3610) })]),
      ]);
      await endTask(store, told.id, 120);
      expect(await everyIssued(store, {})).toEqual([{
        ...unseen, expiresAt: after(3610), lastAt: after(20),
        tasks: [{ id: told.id, endedAt: after(120), endedBy: "told", isHeard: true }],
      }]);
      expect(await store.credentialsOfTask(told.id, 9)).toEqual(await everyIssued(store, {}));
    });

    stored("that were only seen are agents', and have the task of their session", async (store) => {
      await keepSessions(store, [
        agents("s1", [key("ASIAA", 20), key("AKIAB", 21, { kind: "long-term" })]),
        agents("s2", [key("ASIAC", 30, { issuance: issuance("i", { at: after(25) }) })]),
        session("nobody", { credentials: [key("ASIAD", 40)] }),
      ]);
      const id = taskIdOf("aider", "job-1");
      const seen = {
        revokedAt: null, agent: "aider", roleArn: arn, expiresAt: after(900), tasks: [], taskId: id,
      };
      const expected = [
        { ...seen, accessKeyId: "ASIAC", issuedAt: after(25), lastAt: after(30) },
        { ...seen, accessKeyId: "ASIAA", issuedAt: after(20), lastAt: after(20) },
      ];
      expect(await everyIssued(store, {})).toEqual(expected);
      expect(await store.credentialsOfTask(id, 9)).toEqual(expected);
      expect(await store.credentialsOfTask(id, 1)).toEqual(expected.slice(0, 1));
    });

    stored("that a task's key asked for are that task's, however many it has", async (store) => {
      const other = taskStart({ id: "other", externalId: "T-9", startedAt: after(-60) });
      for (const start of [told, other]) await store.startTask(start, ci);
      await endTask(store, "other", 50);
      const task = (start: typeof told, by: TaskTie["by"]) =>
        tieTo({ ...start, ...noMore, endedAt: null, outcome: null }, by);
      await keepSessions(store, [
        agents("s1", [key("ASIAA", 20, { tasks: [task(other, "chain"), task(told, "chain")] })]),
        agents("s2", [key("ASIAB", 30, { tasks: [task(told, "name")] })]),
      ]);
      const [named, chained] = await everyIssued(store, {});
      expect(named).toMatchObject({ accessKeyId: "ASIAB", tasks: [], taskId: told.id });
      expect(chained).toMatchObject({
        accessKeyId: "ASIAA", taskId: "other",
        tasks: [
          { id: "other", endedAt: after(50), endedBy: "told" }, { id: told.id, endedAt: null },
        ],
      });
    });

    stored("know whether an end was told, or only fell silent", async (store) => {
      const starts = [
        told, taskStart({ id: "quiet", externalId: "T-2", heartbeatSeconds: null }),
      ];
      for (const [i, start] of starts.entries()) {
        await store.startTask(start, ci);
        await store.tellCredential(start.id, taskCredential(`ASIA${i}`, i));
      }
      await store.sweepLost(after(90_000), after(0));
      expect((await everyIssued(store, {})).map(({ tasks: [span] }) => span)).toEqual([
        { id: "quiet", endedAt: null, endedBy: null, isHeard: false },
        { id: told.id, endedAt: after(60), endedBy: "silence", isHeard: true },
      ]);
    });

    stored("come once each, chosen by when they were issued, page by page", async (store) => {
      const other = taskStart({ id: "other", externalId: "T-9" });
      for (const start of [told, other]) await store.startTask(start, ci);
      for (const [seconds, key] of [[1, "ASIAB"], [1, "ASIAA"], [7, "ASIA\\"]] as const) {
        await store.tellCredential(told.id, taskCredential(key, seconds));
      }
      // Told again for another task, a moment later.
      await store.tellCredential("other", taskCredential("ASIAA", 9));
      await keepSessions(store, [
        agents("s1", [key("ASIAX", 5), key("ASIAY", 1)]),
        agents("s2", [key("ASIAX", 8)]),
      ]);
      const all = ["ASIA\\", "ASIAX", "ASIAY", "ASIAB", "ASIAA"];
      for (const limit of [1, 2, 3, 50]) {
        expect(await keysIssued(store, {}, limit)).toEqual(all);
      }
      expect(await keysIssued(store, { since: after(5) })).toEqual(["ASIA\\", "ASIAX"]);
      expect(await keysIssued(store, { since: after(1), until: after(7) }))
        .toEqual(["ASIAX", "ASIAY", "ASIAB", "ASIAA"]);
      expect(await keysIssued(store, { until: after(1) })).toEqual([]);
    });
  });
}

function seenContract(name: string, open: OpenEmpty): void {
  const stored = testsWith(open);
  describe(`${name}: tasks nobody told of`, () => {
    stored("are made of their sessions", async (store) => {
      await keepSessions(store, [
        agents("s1", [key("ASIAA", 20), key("ASIAB", 25)]),
        agents("s2", [key("ASIAC", 30)], { firstAt: after(30), lastAt: after(95), role: null }),
        session("nobody", { task: { externalId: "x", basis: "idle", confidence: "low" } }),
      ]);
      const id = taskIdOf("aider", "job-1");
      const expected = {
        id, externalId: "job-1", agent: "aider", basis: "session-tag", confidence: "high",
        roleArn: arn, startedAt: after(20), lastCallAt: after(95), sessionCount: 2,
        credentialCount: 3,
      };
      expect(await everySeen(store, {})).toEqual([expected]);
      expect(await store.seenTask(id)).toEqual(expected);
      expect(await store.seenTask("none")).toBeNull();
    });

    stored("are none once somebody tells of them", async (store) => {
      await keepSessions(store, [agents("s1", [], { task: inferred("T-123") })]);
      expect(await store.seenTask(told.id)).toMatchObject({ externalId: "T-123" });
      await store.startTask(told, ci);
      expect(await store.seenTask(told.id)).toBeNull();
      expect(await everySeen(store, {})).toEqual([]);
    });

    stored("are listed by pages, the latest first, and chosen", async (store) => {
      const sessions = ["a", "b", "c", "d", "e"].flatMap((task, i) =>
        [i, i + 100].map((seconds) => agents(`${task}${seconds}`, [], {
          task: inferred(task), firstAt: after(Math.min(seconds, 103)), lastAt: after(seconds),
          attribution: { ...session("x").attribution, agent: i === 0 ? "other" : "aider" },
        })));
      await keepSessions(store, sessions);
      const names = async (filter: Parameters<Store["seenTasks"]>[0], limit = 2) =>
        (await everySeen(store, filter, limit)).map(({ externalId }) => externalId);
      for (const limit of [1, 2, 5, 9]) {
        expect(await names({}, limit)).toEqual(["e", "d", "c", "b", "a"]);
      }
      expect(await names({ agent: "other" })).toEqual(["a"]);
      expect(await names({ since: after(103) })).toEqual(["e", "d"]);
      expect(await names({ called: { after: after(103), isSo: true } })).toEqual(["e"]);
      expect(await names({ called: { after: after(103), isSo: false } }))
        .toEqual(["d", "c", "b", "a"]);
    });
  });
}

const noMore = { basis: "told", confidence: "high", heartbeatAt: null, credentials: [] } as const;

const inferred = (externalId: string) =>
  ({ externalId, basis: "session-tag", confidence: "high" } as const);

/** Of aider, for job-1, but for what the case is about. */
function agents(
  id: string,
  credentials: readonly Credential[],
  changes: Partial<Session> = {},
): Session {
  const seen = credentials.map(({ firstAt }) => firstAt);
  return session(id, {
    firstAt: Math.min(...seen), lastAt: Math.max(...seen), credentials,
    role: { id: null, arn, name: "seen" }, task: inferred("job-1"),
    attribution: { ...session("x").attribution, agent: "aider" },
    ...changes,
  });
}

/** Used once. */
function key(accessKeyId: string, seconds: number, changes: Partial<Credential> = {}): Credential {
  return {
    accessKeyId, kind: "temporary", issuance: null, expiresAt: after(900), firstAt: after(seconds),
    lastAt: after(seconds), useCount: 1, networks: [], userAgents: [], credentialSources: [],
    tasks: [], ...changes,
  };
}

async function keepSessions(store: Store, sessions: readonly Session[]): Promise<void> {
  await keep(store, [event("e1")], [state("group-a")]);
  await store.judged([{ groupKey: "group-a", sessions, parts: [], hits: [] }]);
}

async function endTask(store: Store, id: string, seconds: number): Promise<void> {
  const end = { at: after(seconds), outcome: "succeeded", exitCode: 0, revoke: false } as const;
  await store.endTask(id, end, ci);
}

async function everyPart<T, P>(
  ask: (after: P | null) => Promise<Listed<T, P>>,
): Promise<readonly T[]> {
  const all: T[] = [];
  for (let place: P | null = null; ; ) {
    const { items, next } = await ask(place);
    all.push(...items);
    if (next === null) return all;
    place = next;
  }
}

type Within = Parameters<Store["issuedCredentials"]>[0];

const everyIssued = (store: Store, within: Within, limit = 2) =>
  everyPart<IssuedCredential, Pick<IssuedCredential, "issuedAt" | "accessKeyId">>((place) =>
    store.issuedCredentials(within, { limit, after: place }));

const keysIssued = async (store: Store, within: Within, limit = 2) =>
  (await everyIssued(store, within, limit)).map(({ accessKeyId }) => accessKeyId);

const everySeen = (store: Store, filter: Parameters<Store["seenTasks"]>[0], limit = 2) =>
  everyPart<Awaited<ReturnType<Store["seenTasks"]>>["items"][number], {
    readonly startedAt: number; readonly id: string;
  }>((place) => store.seenTasks(filter, { limit, after: place }));
