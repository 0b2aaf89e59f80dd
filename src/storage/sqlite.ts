import { Kysely, SqliteDialect } from "kysely";
import { Connection } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { migrations } from "./migrations.ts";
import type { Tables } from "./schema.ts";
import { sqliteStore } from "./sqlite-store.ts";
import { StateCache } from "./state-cache.ts";
import type { Store } from "./store.ts";
import { busyTimeoutMs, Writer } from "./writer.ts";

export interface StoreOptions {
  /** A file, created when missing, or `:memory:`. */
  readonly path: string;
  /**
   * How long a write waits for another process's. Default 30 s: a big delivery of the other one.
   */
  readonly lockTimeoutMs?: number;
}

/** The index pages a writer goes back to: keys of the last hours, groups that are active. */
const writerCacheKib = 16 * 1024;
const readerCacheKib = 4 * 1024;

/**
 * Opens the embedded store and brings its schema up to date. Several processes may hold the same
 * file.
 *
 * On a file, readers see whole deliveries only. In memory there is one connection: a read made
 * while a delivery is being ingested sees the part of it that is there.
 *
 * @throws StoreFault
 */
export async function openSqliteStore(
  { path, lockTimeoutMs = 30_000 }: StoreOptions,
): Promise<Store> {
  const writer = new Writer(
    new Connection({ path, busyTimeoutMs, cacheKib: writerCacheKib }), lockTimeoutMs,
  );
  try {
    await migrate(writer, migrations);
    const reader = path === ":memory:"
      ? writer.connection
      : new Connection({ path, busyTimeoutMs, cacheKib: readerCacheKib });
    const queries = new Kysely<Tables>({ dialect: new SqliteDialect({ database: reader }) });
    return sqliteStore({ writer, reader, queries, states: new StateCache() });
  } catch (error) {
    writer.connection.close();
    throw error;
  }
}
