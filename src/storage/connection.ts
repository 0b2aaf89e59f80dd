import Database from "libsql";
import { asStoreFault, StoreFault } from "./fault.ts";

/** Another process that opens the same new file holds it for a moment, while it switches to WAL. */
const openTimeoutMs = 5000;

export type ColumnValue = string | number | ArrayBuffer | null;
export type Row = Readonly<Record<string, ColumnValue>>;
export type Parameter = string | number | Buffer | null;

/**
 * A prepared statement whose errors are faults. Parameters always go in one array: a lone Buffer
 * would be taken for names.
 */
export interface Query {
  readonly reader: boolean;
  /**
   * Every row. There is no `get`: libsql's adds a `_metadata` key, and leaves the statement open,
   * which holds its snapshot.
   */
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
  iterate(parameters: readonly unknown[]): IterableIterator<unknown>;
}

export interface ConnectionOptions {
  readonly path: string;
  /** How long one statement waits for another process's lock, blocking this process. */
  readonly busyTimeoutMs: number;
  readonly cacheKib: number;
}

/**
 * One connection to SQLite: what kysely asks of a database, statements prepared once, faults
 * instead of SQLite's errors.
 */
export class Connection {
  readonly path: string;
  readonly #database: Database.Database;
  readonly #queries = new Map<string, Query>();

  constructor({ path, busyTimeoutMs, cacheKib }: ConnectionOptions) {
    this.path = path;
    this.#database = this.#guarded(() => new Database(path, { timeout: openTimeoutMs }));
    try {
      for (const pragma of pragmas(cacheKib)) this.all(`PRAGMA ${pragma}`, []);
      this.all(`PRAGMA busy_timeout = ${busyTimeoutMs}`, []);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  prepare(sql: string): Query {
    const known = this.#queries.get(sql);
    if (known !== undefined) return known;
    const statement = this.#guarded(() => this.#database.prepare(sql));
    const query: Query = {
      reader: statement.reader,
      all: (parameters) => this.#guarded(() => statement.all(parameters)),
      run: (parameters) => this.#guarded(() => statement.run(parameters)),
      iterate: (parameters) => this.#guarded(() => statement.iterate(parameters)),
    };
    // Lists of different lengths make different texts: beyond this many, they are prepared each
    // time.
    if (this.#queries.size < 500) this.#queries.set(sql, query);
    return query;
  }

  all(sql: string, parameters: readonly Parameter[]): readonly Row[] {
    return this.prepare(sql).all(parameters) as readonly Row[];
  }

  /** Rows changed. */
  run(sql: string, parameters: readonly Parameter[]): number {
    return this.prepare(sql).run(parameters).changes;
  }

  /** The new row's id; a third of the time that `RETURNING` takes. */
  insert(sql: string, parameters: readonly Parameter[]): number {
    return Number(this.prepare(sql).run(parameters).lastInsertRowid);
  }

  exec(sql: string): void {
    this.#guarded(() => this.#database.exec(sql));
  }

  /**
   * Brings the file itself up to date, then lets go of it: libsql keeps statements open until they
   * are collected, so that SQLite's own last checkpoint comes late, and a copy of the file alone
   * would lack what is in the log.
   */
  close(): void {
    if (!this.#database.open) return;
    try {
      this.all("PRAGMA wal_checkpoint(TRUNCATE)", []);
    } catch (error) {
      // Another process that reads, a full disk or a file we may only read can be in the way: then
      // the log stays, and nothing is lost.
      if (!(error instanceof StoreFault)) throw error;
    } finally {
      this.#queries.clear();
      this.#database.close();
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreFault(error, this.path);
    }
  }
}

/**
 * WAL lets one process write while others read. NORMAL syncs at checkpoints: a power cut may lose
 * the last deliveries, whole ones, never half of one; what lost its mark is delivered again.
 * https://www.sqlite.org/pragma.html
 */
function pragmas(cacheKib: number): readonly string[] {
  return [
    "journal_mode = WAL",
    "synchronous = NORMAL",
    `cache_size = -${cacheKib}`,
    "temp_store = MEMORY",
    // 16 MiB in pages of 4 KiB: a delivery of 5,000 events writes 2-4 MB, and the default would
    // checkpoint in each.
    "wal_autocheckpoint = 4000",
    // The log shrinks back to this after a burst.
    "journal_size_limit = 67108864",
  ];
}

export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`Column ${column} holds no text.`);
  return value;
}

export function integerIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`Column ${column} holds no number.`);
  return value;
}

export function integerOrNullIn(row: Row, column: string): number | null {
  return row[column] === null ? null : integerIn(row, column);
}

export function textOrNullIn(row: Row, column: string): string | null {
  return row[column] === null ? null : textIn(row, column);
}

/** libsql gives an ArrayBuffer, not better-sqlite3's Buffer. */
export function bytesIn(row: Row, column: string): Buffer {
  const value = row[column];
  if (!(value instanceof ArrayBuffer)) throw new Error(`Column ${column} holds no bytes.`);
  return Buffer.from(value);
}

/** What the row's `data` says. It is our own writing: whoever reads it knows its type. */
export function jsonIn(row: Row): unknown {
  return JSON.parse(textIn(row, "data"));
}
