import type { Connection } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";
import { StoreFault } from "./fault.ts";
import type { Migration } from "./migrations.ts";
import type { Writer } from "./writer.ts";

/**
 * Brings a file to the newest version, each step in its own transaction. Two processes may do so at
 * once: each step looks at the version again with the write lock held.
 *
 * @throws StoreFault `store-too-new`, `store-foreign`
 */
export async function migrate(writer: Writer, steps: readonly Migration[]): Promise<void> {
  const newest = steps.at(-1)?.version ?? 0;
  const found = schemaVersion(writer.connection);
  if (found > newest) throw new StoreFault("store-too-new", writer.connection.path);
  for (const step of steps) {
    if (step.version > found) await writer.transaction(() => { apply(writer.connection, step); });
  }
}

function apply(connection: Connection, step: Migration): void {
  if (schemaVersion(connection) >= step.version) return;
  connection.exec("CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)");
  for (const statement of step.statements) connection.exec(statement);
  connection.run(
    `INSERT INTO meta (key, value) VALUES ('schema_version', ?)
      ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [String(step.version)],
  );
}

/** 0 for an empty file. */
export function schemaVersion(connection: Connection): number {
  const [tables] = connection.all(
    `SELECT count(*) AS tables, coalesce(sum(name = 'meta'), 0) AS metas
      FROM sqlite_master WHERE type = 'table'`,
    [],
  );
  if (tables === undefined || integerIn(tables, "tables") === 0) return 0;
  if (integerIn(tables, "metas") === 0) throw new StoreFault("store-foreign", connection.path);
  const [row] = connection.all("SELECT value FROM meta WHERE key = 'schema_version'", []);
  const version = row === undefined ? NaN : Number(textIn(row, "value"));
  if (!Number.isSafeInteger(version)) throw new StoreFault("store-foreign", connection.path);
  return version;
}
