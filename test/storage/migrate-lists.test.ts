import { expect, test } from "vitest";
import { Connection } from "../../src/storage/connection.ts";
import { migrate } from "../../src/storage/migrate.ts";
import { migrations } from "../../src/storage/migrations.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { Writer } from "../../src/storage/writer.ts";
import { newFiles } from "./files.ts";
import { noon, part, suppression } from "./made.ts";

const newFile = newFiles();

test("findings of an older file are listed and counted by what they are about", async () => {
  const path = newFile();
  const connection = new Connection({ path, busyTimeoutMs: 0, cacheKib: 1024 });
  await migrate(new Writer(connection, 0), migrations.slice(0, 1));
  const of = { agent: { name: "aider", basis: "role-arn" }, level: "low" } as const;
  for (const [letter, id] of [["a", "x"], ["b", "y"]] as const) {
    const data = part(letter, { ...of, entity: { type: "credential", id } });
    connection.run(
      `INSERT INTO findings (fingerprint, level_order, last_at, status, is_withdrawn, data)
        VALUES (?, 3, ?, 'open', 0, ?)`,
      [data.fingerprint, noon, JSON.stringify(data)],
    );
  }
  connection.close();
  const store = await openSqliteStore({ path });
  const slice = { limit: 9, after: null };
  const { items } = await store.listFindings({ agent: "aider", asOf: noon }, "level", slice);
  expect(items.map(({ entity }) => entity.id)).toEqual(["x", "y"]);
  await store.suppress(suppression("s", { entity: "y" }), { actor: "cli:ann", at: noon });
  const { openFindings } = await store.liveCounts(noon, []);
  expect(Object.fromEntries(openFindings)).toEqual({ "rule-a": { low: 1 } });
  await store.close();
});
