import type { Migration } from "./migrations.ts";

/** Where events come from, in which hours, and how late: `sessions/origin.ts`. */
export const originTables: Migration = {
  version: 9,
  statements: [
    `CREATE TABLE origins (account TEXT NOT NULL, region TEXT NOT NULL, dirty INTEGER NOT NULL
      DEFAULT 1, revision INTEGER NOT NULL DEFAULT 0, due_at INTEGER, PRIMARY KEY (account, region))
      WITHOUT ROWID`,
    "CREATE INDEX origins_dirty ON origins (account, region) WHERE dirty = 1",
    "CREATE INDEX origins_by_due ON origins (due_at) WHERE due_at IS NOT NULL",
    `CREATE TABLE origin_days (account TEXT NOT NULL, region TEXT NOT NULL, day INTEGER NOT NULL,
      hours INTEGER NOT NULL, PRIMARY KEY (account, region, day)) WITHOUT ROWID`,
    // By quarters of an hour, of our clock.
    `CREATE TABLE origin_arrivals (account TEXT NOT NULL, region TEXT NOT NULL, at INTEGER NOT NULL,
      lag_ms INTEGER NOT NULL, PRIMARY KEY (account, region, at)) WITHOUT ROWID`,
  ],
};
