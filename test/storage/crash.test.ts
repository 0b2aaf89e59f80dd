import { describe, expect, test } from "vitest";
import type { IngestTransaction } from "../../src/sessions/store.ts";
import type { Store } from "../../src/storage/store.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { copyInUse, newFiles } from "./files.ts";
import { all, event, issuance, nothingCounted, noon, state } from "./made.ts";

const newFile = newFiles();

type Step = (transaction: IngestTransaction) => Promise<unknown>;

/**
 * One delivery, step by step. More events than are held in memory, so that blocks are written
 * before the end.
 */
const ids = Array.from({ length: 5000 }, (_, i) => `e${i}`);
const events = ids.map((id) => event(id, { sharedId: `shared-${id}` }));
const steps: readonly (readonly [string, Step])[] = [
  ["nothing", () => Promise.resolve()],
  [
    "claim",
    (transaction) => transaction.claim(events.map(({ key }) => key), events.map(({ at }) => at)),
  ],
  ["append", (transaction) => transaction.append(events)],
  [
    "saveGroups",
    (transaction) => transaction.saveGroups([state("group-a", { accessKeyIds: ["ASIA1"] })]),
  ],
  [
    "addIssuances",
    (transaction) => transaction.addIssuances([issuance("i1", { accessKeyId: "ASIA1" })]),
  ],
  [
    "touch",
    (transaction) => transaction.touch([{ principalId: null, accessKeyId: "ASIA1", at: noon }]),
  ],
  [
    "reject",
    (transaction) => transaction.reject(
      [{ reason: "not-json", file: "f", index: 0, offset: 0, detail: "" }],
    ),
  ],
  [
    "finish",
    (transaction) => transaction.finish(
      { id: "d1", name: "one" }, { ...nothingCounted, others: { digest: 1 } },
    ),
  ],
];

const places = steps.map(([name], i) => ({ name, i }));

describe("a delivery that breaks off", () => {
  test.each(places)("by an error after $name leaves nothing", async ({ i }) => {
    const store = await openSqliteStore({ path: newFile() });
    const failing = store.ingest(async (transaction) => {
      for (const [, step] of steps.slice(0, i + 1)) await step(transaction);
      throw new Error("Broken off.");
    });
    await expect(failing).rejects.toThrow("Broken off.");
    await expectNothing(store);
    await deliver(store);
    await expectAll(store);
    await store.close();
  });

  test.each(places)("by a power cut after $name leaves nothing", async ({ i }) => {
    const [path, copy] = [newFile(), newFile()];
    const store = await openSqliteStore({ path });
    await store.ingest(async (transaction) => {
      for (const [at, [, step]] of steps.entries()) {
        await step(transaction);
        if (at === i) copyInUse(path, copy);
      }
    });
    await store.close();
    const restarted = await openSqliteStore({ path: copy });
    await expectNothing(restarted);
    await deliver(restarted);
    await expectAll(restarted);
    await restarted.close();
  });

  test("by a power cut after it was committed is there as a whole", async () => {
    const [path, copy] = [newFile(), newFile()];
    const store = await openSqliteStore({ path });
    await deliver(store);
    copyInUse(path, copy);
    await store.close();
    const restarted = await openSqliteStore({ path: copy });
    await expectAll(restarted);
    await restarted.close();
  });
});

function deliver(store: Store): Promise<void> {
  return store.ingest(async (transaction) => {
    for (const [, step] of steps) await step(transaction);
  });
}

async function expectNothing(store: Store): Promise<void> {
  expect(await store.isDone("d1")).toBe(false);
  expect(await store.counts()).toEqual({
    eventCount: 0,
    duplicateCount: 0,
    skippedCount: 0,
    rejected: {},
    others: {},
    groupCount: 0,
    sessionCount: 0,
    deliveryCount: 0,
    firstAt: null,
    lastAt: null,
  });
  expect(await all(store.recordsOf("group-a"))).toEqual([]);
  expect(await store.issuancesFor(["ASIA1"], [])).toEqual([]);
  expect(await store.sharedWinners(["shared-e1"])).toEqual(new Map());
  expect(await store.rejections(1)).toEqual([]);
  expect(await store.dirtyGroups(1)).toEqual([]);
}

async function expectAll(store: Store): Promise<void> {
  expect(await store.isDone("d1")).toBe(true);
  expect((await all(store.recordsOf("group-a"))).map((record) => record["eventID"])).toEqual(ids);
  expect(await store.counts()).toMatchObject(
    { eventCount: 5000, groupCount: 1, rejected: { "not-json": 1 } },
  );
}
