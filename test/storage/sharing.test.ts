import { copyFileSync } from "node:fs";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { newFiles } from "./files.ts";
import { all, event, part } from "./made.ts";
import { keep, keepIn } from "./with-store.ts";

const newFile = newFiles();

describe("a SQLite file that several hold", () => {
  test("what one closed store wrote, the next one reads, from the file alone", async () => {
    const path = newFile();
    const first = await openSqliteStore({ path });
    await keep(first, [event("e1")]);
    await first.judged([{ groupKey: "group-a", sessions: [], hits: [], parts: [part("a")] }]);
    await first.close();
    // The file alone: its log must not be needed.
    const copy = newFile();
    copyFileSync(path, copy);
    const second = await openSqliteStore({ path: copy });
    expect(await all(second.recordsOf("group-a"))).toEqual([event("e1").record]);
    expect(await all(second.findings())).toHaveLength(1);
    await second.close();
  });

  test("two stores at once claim each key once, and read each other's deliveries", async () => {
    const path = newFile();
    const stores = await Promise.all([openSqliteStore({ path }), openSqliteStore({ path })]);
    const events = Array.from({ length: 50 }, (_, i) => event(`e${i}`));
    await Promise.all(stores.flatMap((store) => events.map((one) => keep(store, [one]))));
    for (const store of stores) {
      expect((await store.counts()).eventCount).toBe(50);
      expect(await all(store.recordsOf("group-a"))).toHaveLength(50);
      await store.close();
    }
  });

  test("nobody reads a delivery before it is whole", async () => {
    const path = newFile();
    const [writing, reading] = [await openSqliteStore({ path }), await openSqliteStore({ path })];
    await writing.ingest(async (transaction) => {
      await keepIn(transaction, [event("e1")]);
      for (const store of [writing, reading]) {
        expect(await store.group("group-a")).toBeNull();
        expect((await store.counts()).eventCount).toBe(0);
      }
    });
    expect((await reading.counts()).eventCount).toBe(1);
    await writing.close();
    await reading.close();
  });

  test("a lock kept too long is a fault that may be tried again, and then works", async () => {
    const path = newFile();
    const store = await openSqliteStore({ path, lockTimeoutMs: 1 });
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    await expect(keep(store, [event("e1")])).rejects.toMatchObject({
      code: "store-locked",
      retryable: true,
      subject: path,
      message: `Cannot use the store ${path}: another process is writing to it.`
        + " Try again when that one is done.",
    });
    other.exec("ROLLBACK");
    await keep(store, [event("e1")]);
    expect((await store.counts()).eventCount).toBe(1);
    other.close();
    await store.close();
  });

  test("a write waits for another's lock to go", async () => {
    const path = newFile();
    const store = await openSqliteStore({ path });
    const other = new Database(path);
    other.exec("BEGIN IMMEDIATE");
    const kept = keep(store, [event("e1")]);
    setImmediate(() => { other.exec("ROLLBACK"); });
    await kept;
    expect((await store.counts()).eventCount).toBe(1);
    other.close();
    await store.close();
  });

  test("closing waits for what is being written", async () => {
    const path = newFile();
    const store = await openSqliteStore({ path });
    const kept = keep(store, [event("e1")]);
    await store.close();
    await kept;
    const again = await openSqliteStore({ path });
    expect((await again.counts()).eventCount).toBe(1);
    await again.close();
  });
});
