import type { Migration } from "./migrations.ts";

/** What revocations do to sessions, what asks for them, and what is to be looked at for both. */
export const responses: Migration = {
  version: 10,
  statements: [
    // `of`: a role's id, or a key's; of its sessions those of principals from first to last that
    // were created before `cutoff`, where there is one.
    `CREATE TABLE revocation_effects (revocation_id TEXT NOT NULL, nth INTEGER NOT NULL, of TEXT NOT
      NULL, first_principal TEXT NOT NULL, last_principal TEXT NOT NULL, cutoff INTEGER, is_open
      INTEGER NOT NULL DEFAULT 1, data TEXT NOT NULL, PRIMARY KEY (revocation_id, nth))
      WITHOUT ROWID`,
    "CREATE INDEX revocation_effects_by_of ON revocation_effects (of)",
    "CREATE INDEX revocation_effects_open ON revocation_effects (of) WHERE is_open = 1",
    // Groups whose events may tell of a revocation; `mark` grows with each that comes.
    "CREATE TABLE observables (group_id INTEGER PRIMARY KEY, mark INTEGER NOT NULL)",
    // Findings that changed, and have not been looked at for what they ask for.
    "CREATE TABLE unanswered (fingerprint TEXT PRIMARY KEY) WITHOUT ROWID",
    // What rules ask for, until it is in the ledger.
    "CREATE TABLE revocation_wishes (id TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID",
    // ms UTC, of the last that was told of it; what is closed is forgotten by it.
    "ALTER TABLE revocations ADD COLUMN told_at INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX revocations_closed ON revocations (told_at) WHERE is_open = 0",
    // Null: it was not; while it is taken, when that began.
    "ALTER TABLE credentials ADD COLUMN revoked_at INTEGER",
    `CREATE INDEX tasks_to_revoke ON tasks (ended_at)
      WHERE json_extract(told, '$.end.revoke') = 1`,
  ],
};
