import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "libsql";
import { describe, expect, test } from "vitest";
import { Connection } from "../../src/storage/connection.ts";
import { migrate, schemaVersion } from "../../src/storage/migrate.ts";
import type { Migration } from "../../src/storage/migrations.ts";
import { migrations } from "../../src/storage/migrations.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { Writer } from "../../src/storage/writer.ts";
import { newFiles } from "./files.ts";
import { all, event, part } from "./made.ts";
import { keep } from "./with-store.ts";

const newFile = newFiles();

function connect(path: string): Connection {
  return new Connection({ path, busyTimeoutMs: 0, cacheKib: 1024 });
}

async function migrated(path: string, steps: readonly Migration[]): Promise<number> {
  const connection = connect(path);
  try {
    await migrate(new Writer(connection, 0), steps);
  } finally {
    connection.close();
  }
  const again = connect(path);
  const version = schemaVersion(again);
  again.close();
  return version;
}

/** Steps a later version of the program might add. */
const later: readonly Migration[] = [
  ...migrations,
  { version: 1001, statements: ["CREATE TABLE added (x INTEGER)", "INSERT INTO added VALUES (1)"] },
  { version: 1002, statements: ["ALTER TABLE groups ADD COLUMN y TEXT"] },
];

describe("migrations", () => {
  test("are numbered upwards from 1", () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, i) => i + 1));
  });

  test("bring an empty file to the newest version, once", async () => {
    const path = newFile();
    expect(await migrated(path, migrations)).toBe(migrations.length);
    expect(await migrated(path, migrations)).toBe(migrations.length);
  });

  test("bring a file of version 1 up to date with all that is in it", async () => {
    const path = newFile();
    await migrated(path, migrations.slice(0, 1));
    const store = await openSqliteStore({ path });
    await keep(store, [event("e1")]);
    await store.judged([{ groupKey: "group-a", sessions: [], hits: [], parts: [part("a")] }]);
    await store.close();
    expect(await migrated(path, later)).toBe(1002);
    const connection = connect(path);
    expect(connection.all("SELECT key, y FROM groups", [])).toEqual([{ key: "group-a", y: null }]);
    expect(connection.all("SELECT x FROM added", [])).toEqual([{ x: 1 }]);
    connection.close();
  });

  test("leave nothing of a step that fails, and keep the steps before it", async () => {
    const path = newFile();
    const broken = {
      version: 1003,
      statements: ["CREATE TABLE half (x)", "CREATE TABLE groups (x)"],
    };
    await expect(migrated(path, [...later, broken])).rejects.toThrow("already exists");
    const connection = connect(path);
    expect(schemaVersion(connection)).toBe(1002);
    expect(connection.all("SELECT name FROM sqlite_master WHERE name = 'half'", [])).toEqual([]);
    connection.close();
  });

  test("run once when two open the same new file", async () => {
    const path = newFile();
    const stores = await Promise.all([1, 2, 3].map(() => openSqliteStore({ path })));
    for (const store of stores) await store.close();
    expect(await migrated(path, migrations)).toBe(migrations.length);
  });
});

describe("opening", () => {
  test("refuses what a newer version wrote, and leaves it as it is", async () => {
    const path = newFile();
    await migrated(path, later);
    await expect(openSqliteStore({ path })).rejects.toMatchObject({
      code: "store-too-new",
      retryable: false,
      message: `Cannot use the store ${path}: a newer version of trailwarden wrote it.`
        + " Update trailwarden, or name another with --store.",
    });
    expect(await migrated(path, later)).toBe(1002);
  });

  test("refuses another program's database, and leaves it as it is", async () => {
    const path = newFile();
    const foreign = new Database(path);
    foreign.exec("CREATE TABLE theirs (x)");
    foreign.close();
    await expect(openSqliteStore({ path })).rejects.toMatchObject({ code: "store-foreign" });
    const connection = connect(path);
    expect(connection.all("SELECT name FROM sqlite_master", [])).toEqual([{ name: "theirs" }]);
    connection.close();
  });

  test.each([
    ["text", Buffer.from("This is no database.\n".repeat(400))],
    ["a cut-off header", Buffer.from("SQLite format 3\0garbage").subarray(0, 20)],
    [
      "noise behind a header",
      Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(8192, 7)]),
    ],
  ])("refuses %s as damaged", async (_, bytes) => {
    const path = newFile();
    writeFileSync(path, bytes);
    await expect(openSqliteStore({ path })).rejects.toMatchObject(
      { code: "store-corrupt", subject: path },
    );
  });

  test("refuses a folder that does not exist", async () => {
    const path = join(newFile(), "store.db");
    await expect(openSqliteStore({ path })).rejects.toMatchObject(
      { code: "store-unusable", subject: path },
    );
  });

  test("a damaged page is a fault when it is read", async () => {
    const path = newFile();
    const store = await openSqliteStore({ path });
    await keep(store, Array.from({ length: 500 }, (_, i) => event(`e${i}`)));
    await store.close();
    // What lies behind the schema's own pages.
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xff, 30 * 4096));
    await expect(openSqliteStore({ path }).then((opened) => all(opened.recordsOf("group-a"))))
      .rejects.toMatchObject({ code: "store-corrupt" });
  });
});
