import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { FindingPart } from "../../src/findings/finding.ts";
import type { Only } from "../../src/notices/routing.ts";
import { fileSink } from "../../src/notifications/file-sink.ts";
import type { Sink } from "../../src/notifications/sink.ts";
import { tellSome } from "../../src/service/telling.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { noon, part } from "../storage/made.ts";

const folder = mkdtempSync(join(tmpdir(), "telling-"));
afterAll(() => { rmSync(folder, { recursive: true }); });

const by = { actor: "cli:ann", at: noon };
const heard: unknown[] = [];
const watcher = {
  notified: () => undefined,
  outboxWorks: () => undefined,
  outboxTold: (name: string, count: number) => { heard.push([name, count]); },
  outboxFailed: (name: string, error: unknown) => { heard.push([name, String(error)]); },
};

async function judged(store: Store, parts: readonly FindingPart[], announceFrom = -Infinity) {
  await store.judged([{ groupKey: "g", sessions: [], parts, hits: [] }], announceFrom);
}

const only: Only = { minLevel: "informational", rules: [], agents: [], accounts: [] };
const never = new AbortController().signal;

async function tellAll(sink: Sink, store: Store): Promise<void> {
  while (await tellSome({ sink, only }, { store, watcher, now: () => noon }, never));
}

/** What a receiver hears at each asking, until there is nothing more. */
async function listen(store: Store, name = "pager"): Promise<readonly string[]> {
  const words: string[] = [];
  const sink: Sink = {
    name,
    atOnce: 2,
    tell: (told) => {
      words.push(...told.map(({ version, finding }) => `${finding.id.slice(0, 1)} ${version}`));
      return Promise.resolve();
    },
  };
  await tellAll(sink, store);
  return words;
}

it("tells a receiver each change that is worth telling, once, and growth not at all", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await judged(store, [part("a"), part("b", { level: "medium" })]);
  expect(await listen(store)).toEqual(["a high open", "b medium open"]);
  await judged(store, [part("a", { eventCount: 9 }), part("b", { level: "critical" })]);
  expect(await listen(store)).toEqual(["b critical open"]);
  await store.closeFinding("a000000000000000", { verdict: "benign", note: "Known." }, by);
  await judged(store, [part("a", { eventCount: 9 })]);
  expect(await listen(store)).toEqual(["a high closed benign", "b withdrawn"]);
  expect(await listen(store, "late")).toEqual(["a high closed benign", "b withdrawn"]);
  await store.close();
});

it("says nothing of what was withdrawn untold, is old, or is suppressed", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await judged(store, [part("a"), part("b")]);
  await judged(store, [part("b")]);
  await store.suppress({
    id: "s", rule: "rule-a", entity: null, agent: null, account: null, reason: "Ours.",
    createdAt: noon, expiresAt: noon + 1,
  }, by);
  expect(await listen(store)).toEqual([]);
  await judged(store, [part("b"), part("c")], noon + 1);
  await store.unsuppress("s", "Over.", by);
  expect(await listen(store)).toEqual([]);
  await judged(store, [part("b"), part("c", { lastEventAt: noon + 1 })], noon + 1);
  expect(await listen(store)).toEqual(["c high open"]);
  await store.close();
});

it("keeps what could not be told for the next time", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await judged(store, [part("a")]);
  const deaf = { name: "pager", atOnce: 1, tell: () => Promise.reject(new Error("No answer.")) };
  await expect(tellAll(deaf, store)).rejects.toThrow("No answer.");
  expect(await listen(store)).toEqual(["a high open"]);
  await store.close();
});

it("appends lines to a file that only its owner reads", async () => {
  const store = await openSqliteStore({ path: ":memory:" });
  await judged(store, [part("a", { because: "=cmd\n\u0000" })]);
  const path = join(folder, "findings.ndjson");
  const sink = fileSink({ kind: "file", name: "siem", path, only, format: "trailwarden" });
  await tellAll(sink, store);
  await judged(store, [part("a", { level: "critical" })]);
  await tellAll(sink, store);
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { seq: 1, version: "high open", id: "a000000000000000", because: "=cmd\n\u0000" },
    { seq: 2, version: "critical open", id: "a000000000000000", level: "critical" },
  ]);
  await store.close();
});
