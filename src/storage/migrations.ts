import { audits } from "./audit-tables.ts";
import { learning } from "./learning-migration.ts";
import { responses } from "./migration-responses.ts";
import { originTables } from "./origin-tables.ts";

/**
 * One step of the schema, forward only. What was released is never edited: a change is a new step.
 */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

/**
 * Column text is escaped (`column-text.ts`), instants are integer ms UTC, `data` and `state` are
 * JSON.
 */
const first: Migration = {
  version: 1,
  statements: [
    `CREATE TABLE counters (name TEXT NOT NULL, label TEXT NOT NULL, value INTEGER NOT NULL,
      PRIMARY KEY (name, label))`,
    `CREATE TABLE deliveries (id TEXT PRIMARY KEY, name TEXT NOT NULL, event_count INTEGER NOT
      NULL, duplicate_count INTEGER NOT NULL, skipped_count INTEGER NOT NULL, rejected_count
      INTEGER NOT NULL, bytes INTEGER NOT NULL)`,
    // Every event ever claimed, by the digest of `claims.ts`; the ingest tells when it may be
    // forgotten.
    "CREATE TABLE event_keys (key BLOB PRIMARY KEY, ingest_id INTEGER NOT NULL) WITHOUT ROWID",
    // A group without state is a place that parts hang on: correlations, or a group retention has
    // forgotten.
    `CREATE TABLE groups (id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
      principal_id TEXT, created_at INTEGER, first_at INTEGER, last_at INTEGER, event_count
      INTEGER NOT NULL DEFAULT 0, dirty INTEGER NOT NULL DEFAULT 0, revision INTEGER NOT NULL
      DEFAULT 0, state TEXT)`,
    "CREATE INDEX groups_by_principal ON groups (principal_id, created_at)",
    "CREATE INDEX groups_by_first ON groups (first_at)",
    "CREATE INDEX groups_by_last ON groups (last_at)",
    "CREATE INDEX groups_dirty ON groups (key) WHERE dirty = 1",
    `CREATE TABLE group_keys (access_key_id TEXT NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY
      (access_key_id, group_id)) WITHOUT ROWID`,
    "CREATE INDEX group_keys_by_group ON group_keys (group_id)",
    // The records of one group in one delivery (`block.ts`): no row per event.
    `CREATE TABLE blocks (id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL,
      ingest_id INTEGER NOT NULL, event_count INTEGER NOT NULL, deflated INTEGER NOT NULL, ids
      TEXT, data BLOB NOT NULL)`,
    "CREATE INDEX blocks_by_group ON blocks (group_id)",
    "CREATE INDEX blocks_by_ingest ON blocks (ingest_id)",
    // Four bytes per event id, to find the blocks an id may be in: narrow, so that a scan of all of
    // them is quick.
    "CREATE TABLE block_prints (block_id INTEGER PRIMARY KEY, prints BLOB NOT NULL)",
    // `is_swept`: its expiry has been judged (see `expiry.ts`).
    `CREATE TABLE issuances (event_key TEXT PRIMARY KEY, access_key_id TEXT, principal_id TEXT,
      issuer_group TEXT NOT NULL, issued_at INTEGER NOT NULL, expires_at INTEGER, is_swept
      INTEGER NOT NULL DEFAULT 0, data TEXT NOT NULL)`,
    "CREATE INDEX issuances_by_issuer ON issuances (issuer_group)",
    "CREATE INDEX issuances_unswept ON issuances (expires_at) WHERE is_swept = 0",
    "CREATE INDEX issuances_by_key ON issuances (access_key_id)",
    "CREATE INDEX issuances_by_principal ON issuances (principal_id, issued_at)",
    `CREATE TABLE shared_events (shared_id TEXT NOT NULL, event_key TEXT NOT NULL, richness
      INTEGER NOT NULL, group_id INTEGER NOT NULL, PRIMARY KEY (shared_id, event_key)) WITHOUT
      ROWID`,
    "CREATE INDEX shared_events_by_group ON shared_events (group_id)",
    "CREATE TABLE rejections (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL)",
    `CREATE TABLE sessions (id TEXT NOT NULL, group_id INTEGER NOT NULL, data TEXT NOT NULL,
      PRIMARY KEY (id, group_id))`,
    "CREATE INDEX sessions_by_group ON sessions (group_id)",
    `CREATE TABLE hits (at INTEGER NOT NULL, event_key TEXT NOT NULL, rule TEXT NOT NULL,
      group_id INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (at, event_key, rule)) WITHOUT
      ROWID`,
    "CREATE INDEX hits_by_group ON hits (group_id)",
    `CREATE TABLE finding_parts (fingerprint TEXT NOT NULL, group_id INTEGER NOT NULL, data TEXT
      NOT NULL, PRIMARY KEY (fingerprint, group_id))`,
    "CREATE INDEX finding_parts_by_group ON finding_parts (group_id)",
    `CREATE TABLE findings (fingerprint TEXT PRIMARY KEY, level_order INTEGER NOT NULL, last_at
      INTEGER NOT NULL, status TEXT NOT NULL, verdict TEXT, note TEXT, is_withdrawn INTEGER NOT
      NULL, data TEXT NOT NULL)`,
    "CREATE INDEX findings_by_rank ON findings (level_order, last_at DESC, fingerprint)",
    `CREATE TABLE suppressions (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, data TEXT NOT
      NULL)`,
  ],
};

/** What a service asks for: lists by what they are about, what leaves the system, who did what. */
const second: Migration = {
  version: 2,
  statements: [
    "ALTER TABLE deliveries ADD COLUMN received_at INTEGER",
    "CREATE INDEX deliveries_by_arrival ON deliveries (received_at)",
    "CREATE TABLE cursors (name TEXT PRIMARY KEY, data TEXT NOT NULL)",
    // Made again from what is stored, with the columns below, when judging next.
    "DROP TABLE sessions",
    `CREATE TABLE sessions (id TEXT NOT NULL, group_id INTEGER NOT NULL, account TEXT, agent TEXT,
      agent_status TEXT NOT NULL, role_arn TEXT, mode TEXT NOT NULL, first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL, expires_at INTEGER, event_count INTEGER NOT NULL, write_count
      INTEGER NOT NULL, denied_count INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (id,
      group_id))`,
    "CREATE INDEX sessions_by_group ON sessions (group_id)",
    "CREATE INDEX sessions_by_last ON sessions (last_at, id)",
    "CREATE INDEX sessions_by_agent ON sessions (agent, last_at)",
    "CREATE INDEX sessions_by_role ON sessions (role_arn, last_at)",
    `CREATE TABLE credentials (access_key_id TEXT NOT NULL, group_id INTEGER NOT NULL, session_id
      TEXT NOT NULL, kind TEXT NOT NULL, account TEXT, agent TEXT, role_arn TEXT, first_at INTEGER
      NOT NULL, last_at INTEGER NOT NULL, expires_at INTEGER, use_count INTEGER NOT NULL, PRIMARY
      KEY (access_key_id, session_id, group_id)) WITHOUT ROWID`,
    "CREATE INDEX credentials_by_group ON credentials (group_id)",
    "CREATE INDEX credentials_by_last ON credentials (last_at, access_key_id)",
    "CREATE INDEX credentials_by_expiry ON credentials (expires_at)",
    "UPDATE groups SET dirty = 1, revision = revision + 1 WHERE state IS NOT NULL",
    "ALTER TABLE findings ADD COLUMN rule TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE findings ADD COLUMN first_at INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE findings ADD COLUMN account TEXT",
    "ALTER TABLE findings ADD COLUMN agent TEXT",
    "ALTER TABLE findings ADD COLUMN role_arn TEXT",
    "ALTER TABLE findings ADD COLUMN session_id TEXT",
    `UPDATE findings SET rule = json_extract(data, '$.rule'),
      first_at = json_extract(data, '$.firstEventAt'), account = json_extract(data, '$.account'),
      agent = json_extract(data, '$.agent.name'), role_arn = json_extract(data, '$.role.arn'),
      session_id = json_extract(data, '$.session.id')`,
    "CREATE INDEX findings_by_last ON findings (last_at, fingerprint)",
    "CREATE INDEX findings_by_session ON findings (session_id)",
    // The newest word on each subject, in the order in which words came. What is said again moves
    // to the end.
    `CREATE TABLE outbox (seq INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, subject TEXT
      NOT NULL, version TEXT NOT NULL, data TEXT NOT NULL, UNIQUE (topic, subject))`,
    // How far each receiver has been told.
    "CREATE TABLE outbox_receivers (name TEXT PRIMARY KEY, seq INTEGER NOT NULL)",
    `CREATE TABLE audit_log (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, actor TEXT
      NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL)`,
  ],
};

/** What the lists of the HTTP API and the gauges are read from, without reading whole rows. */
const third: Migration = {
  version: 3,
  statements: [
    "CREATE INDEX sessions_by_expiry ON sessions (expires_at, last_at)",
    "CREATE INDEX sessions_by_account ON sessions (account, last_at)",
    "DROP INDEX sessions_by_agent",
    `CREATE INDEX sessions_by_agent ON sessions (agent, last_at, first_at, agent_status,
      event_count, write_count, denied_count)`,
    "DROP INDEX sessions_by_role",
    `CREATE INDEX sessions_by_role ON sessions (role_arn, last_at, first_at, mode, event_count,
      write_count, denied_count)`,
    "DROP INDEX credentials_by_expiry",
    "CREATE INDEX credentials_by_expiry ON credentials (expires_at, last_at)",
    "DROP INDEX groups_by_last",
    "CREATE INDEX groups_by_last ON groups (last_at, first_at, event_count)",
    "ALTER TABLE findings ADD COLUMN entity TEXT NOT NULL DEFAULT ''",
    "UPDATE findings SET entity = json_extract(data, '$.entity.id')",
    `CREATE INDEX findings_open ON findings (rule, level_order, entity, agent, account, role_arn)
      WHERE status = 'open' AND is_withdrawn = 0`,
    "CREATE INDEX findings_by_rule ON findings (rule, level_order, last_at DESC, fingerprint)",
    "CREATE INDEX findings_by_agent ON findings (agent, level_order, last_at DESC, fingerprint)",
    // How much a receiver has not been told, without reading what.
    "CREATE INDEX outbox_by_topic ON outbox (topic, seq)",
    // What people type and links name.
    "CREATE INDEX findings_by_id ON findings (substr(fingerprint, 1, 16))",
  ],
};

/** Tasks: what was told of them (`sessions/task-told.ts`), and what lists and sweeps look at. */
const fourth: Migration = {
  version: 4,
  statements: [
    // `silent_at`: when silence makes it lost; null once it has ended, or where nothing would tell.
    `CREATE TABLE tasks (id TEXT PRIMARY KEY, agent TEXT NOT NULL, started_at INTEGER NOT NULL,
      ended_at INTEGER, silent_at INTEGER, told TEXT NOT NULL)`,
    "CREATE INDEX tasks_by_start ON tasks (started_at, id)",
    "CREATE INDEX tasks_by_agent ON tasks (agent, started_at, id)",
    "CREATE INDEX tasks_open ON tasks (started_at, id) WHERE ended_at IS NULL",
    "CREATE INDEX tasks_by_silence ON tasks (silent_at) WHERE silent_at IS NOT NULL",
    `CREATE TABLE task_credentials (task_id TEXT NOT NULL, access_key_id TEXT NOT NULL, data TEXT
      NOT NULL, PRIMARY KEY (task_id, access_key_id)) WITHOUT ROWID`,
    "CREATE TABLE approvals (task_id TEXT PRIMARY KEY, data TEXT NOT NULL)",
  ],
};

/** What ties tasks to sessions, both ways. */
const fifth: Migration = {
  version: 5,
  statements: [
    "ALTER TABLE tasks ADD COLUMN external_id TEXT NOT NULL DEFAULT ''",
    // What names hold that need escapes stays as it is: no external id has any.
    "UPDATE tasks SET external_id = json_extract(told, '$.start.externalId')",
    "CREATE INDEX tasks_by_external_id ON tasks (external_id)",
    "CREATE INDEX task_credentials_by_key ON task_credentials (access_key_id)",
    // What was told of tasks before their start was.
    `CREATE TABLE task_news (id INTEGER PRIMARY KEY, task_id TEXT NOT NULL, at INTEGER NOT NULL,
      data TEXT NOT NULL)`,
    "CREATE INDEX task_news_by_task ON task_news (task_id)",
    // `due_at`: when something of it begins or is over that no event tells.
    "ALTER TABLE tasks ADD COLUMN dirty INTEGER NOT NULL DEFAULT 1",
    "ALTER TABLE tasks ADD COLUMN revision INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE tasks ADD COLUMN due_at INTEGER",
    "CREATE INDEX tasks_dirty ON tasks (id) WHERE dirty = 1",
    "CREATE INDEX tasks_by_due ON tasks (due_at) WHERE due_at IS NOT NULL",
    // The task a session is for, told or inferred: the first of its credentials' that has any.
    "ALTER TABLE sessions ADD COLUMN task_id TEXT",
    "ALTER TABLE sessions ADD COLUMN credential_count INTEGER NOT NULL DEFAULT 0",
    `CREATE INDEX sessions_by_task ON sessions (task_id, first_at, id, group_id, last_at,
      credential_count) WHERE task_id IS NOT NULL`,
    "CREATE INDEX sessions_tasked ON sessions (first_at, task_id) WHERE task_id IS NOT NULL",
    "ALTER TABLE credentials ADD COLUMN issued_at INTEGER",
    // JSON: the tasks told of that it, or a key of its chain, was issued for.
    "ALTER TABLE credentials ADD COLUMN task_ids TEXT",
    // Agents' alone: what lifetimes are of.
    `CREATE INDEX credentials_by_issue ON credentials (coalesce(issued_at, first_at),
      access_key_id) WHERE agent IS NOT NULL AND kind = 'temporary'`,
    "ALTER TABLE task_credentials ADD COLUMN issued_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE task_credentials SET issued_at = json_extract(data, '$.issuedAt')",
    "CREATE INDEX task_credentials_by_issue ON task_credentials (issued_at, access_key_id)",
    "UPDATE groups SET dirty = 1, revision = revision + 1 WHERE state IS NOT NULL",
  ],
};

/** What people are told: `notices/notice.ts`. */
const sixth: Migration = {
  version: 6,
  statements: [
    // `due_at`: when to look at it again; null: when there is a new word.
    `CREATE TABLE notices (fingerprint TEXT NOT NULL, receiver TEXT NOT NULL, seq INTEGER NOT NULL,
      first_at INTEGER NOT NULL, due_at INTEGER, data TEXT NOT NULL, PRIMARY KEY (fingerprint,
      receiver)) WITHOUT ROWID`,
    "CREATE INDEX notices_by_due ON notices (receiver, due_at) WHERE due_at IS NOT NULL",
    // How many messages went out lately, and when the next digest does.
    "ALTER TABLE outbox_receivers ADD COLUMN state TEXT",
  ],
};

/** Revocations: what was told of them (`revocations/revocation.ts`), and who may write where. */
const seventh: Migration = {
  version: 7,
  statements: [
    `CREATE TABLE revocations (id TEXT PRIMARY KEY, requested_at INTEGER NOT NULL, released_at
      INTEGER, is_open INTEGER NOT NULL, data TEXT NOT NULL)`,
    "CREATE INDEX revocations_by_request ON revocations (requested_at, id)",
    "CREATE INDEX revocations_open ON revocations (requested_at, id) WHERE is_open = 1",
    `CREATE TABLE revocation_changes (key TEXT NOT NULL, revocation_id TEXT NOT NULL, PRIMARY KEY
      (key, revocation_id)) WITHOUT ROWID`,
    "CREATE TABLE revocation_captures (revocation_id TEXT PRIMARY KEY, data TEXT NOT NULL)",
    // By our clock: one writer at a time.
    "CREATE TABLE leases (key TEXT PRIMARY KEY, holder TEXT NOT NULL, until INTEGER NOT NULL)",
    // At most one row.
    "CREATE TABLE response_pause (data TEXT NOT NULL)",
  ],
};

export const migrations: readonly Migration[] = [
  first, second, third, fourth, fifth, sixth, seventh, learning, originTables, responses, audits,
];
