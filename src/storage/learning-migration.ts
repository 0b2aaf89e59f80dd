import type { Migration } from "./migrations.ts";

/** What is normal for roles: `baselines/store.ts`. Days count since the epoch, UTC. */
export const learning: Migration = {
  version: 8,
  statements: [
    // `data`: the subject. `from_day`: what was learned before it was reset.
    `CREATE TABLE baseline_subjects (id INTEGER PRIMARY KEY, data TEXT NOT NULL UNIQUE, from_day
      INTEGER)`,
    // What a session gives its day, the groups it may mark, and what rules saw of it.
    `CREATE TABLE baseline_sessions (session_id TEXT PRIMARY KEY, group_id INTEGER NOT NULL,
      subject_id INTEGER NOT NULL, day INTEGER NOT NULL, data TEXT NOT NULL, score REAL,
      score_above REAL, p_value REAL, is_unusual INTEGER NOT NULL, confidence TEXT NOT NULL, sight
      TEXT NOT NULL, blemishes TEXT) WITHOUT ROWID`,
    "CREATE INDEX baseline_sessions_by_day ON baseline_sessions (day, session_id)",
    "CREATE INDEX baseline_sessions_by_subject ON baseline_sessions (subject_id, day)",
    "CREATE INDEX baseline_sessions_by_group ON baseline_sessions (group_id)",
    `CREATE INDEX baseline_sessions_blemished ON baseline_sessions (subject_id, day)
      WHERE blemishes IS NOT NULL`,
    `CREATE TABLE baseline_days (subject_id INTEGER NOT NULL, day INTEGER NOT NULL, digest TEXT NOT
      NULL, data BLOB NOT NULL, PRIMARY KEY (subject_id, day)) WITHOUT ROWID`,
    "CREATE INDEX baseline_days_by_day ON baseline_days (day)",
    // Stands in for days on which nothing was learned here.
    `CREATE TABLE baseline_imports (subject_id INTEGER NOT NULL, day INTEGER NOT NULL, data BLOB NOT
      NULL, PRIMARY KEY (subject_id, day)) WITHOUT ROWID`,
    // Buckets to be made anew, and days whose sessions are to be compared again.
    `CREATE TABLE baseline_marks (day INTEGER NOT NULL, subject_id INTEGER NOT NULL, PRIMARY KEY
      (day, subject_id)) WITHOUT ROWID`,
    "CREATE TABLE baseline_stale (day INTEGER PRIMARY KEY, version INTEGER NOT NULL)",
    // Judged in order of days.
    "DROP INDEX groups_dirty",
    "CREATE INDEX groups_dirty ON groups (first_at / 86400000, key) WHERE dirty = 1",
    "UPDATE groups SET dirty = 1, revision = revision + 1 WHERE state IS NOT NULL",
  ],
};
