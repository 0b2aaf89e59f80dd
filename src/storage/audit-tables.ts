import type { Migration } from "./migrations.ts";

/** Runs of the audit in short; of the latest, what failed and who agents are, in its order. */
export const audits: Migration = {
  version: 11,
  statements: [
    `CREATE TABLE audit_runs (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, data TEXT
      NOT NULL)`,
    `CREATE TABLE audit_failures (place INTEGER PRIMARY KEY, check_name TEXT NOT NULL, level_order
      INTEGER NOT NULL, data TEXT NOT NULL)`,
    `CREATE TABLE agent_identities (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, data TEXT NOT
      NULL)`,
  ],
};
