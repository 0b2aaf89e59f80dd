import type { Issuance } from "../sessions/issuance.ts";
import type { GroupState } from "../sessions/state.ts";
import type { IngestTransaction } from "../sessions/store.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import type { Connection, Row } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";

/**
 * A session's creation and its issuance are logged by two clocks of AWS's; how far they may be
 * apart.
 */
const creationToleranceMs = 2000;

/**
 * Replaces a group's state and marks it. The first use of a credential also marks the group that
 * asked for it: what is said of the issuance depends on whether it was used.
 */
export function saveGroup(connection: Connection, id: number, state: GroupState): void {
  const { principalId, createdAt, firstAt, lastAt, eventCount } = state;
  const principal = principalId === null ? null : columnText(principalId);
  const isNew = connection.all(IS_NEW, [id]).length > 0;
  const text = JSON.stringify(state);
  connection.run(SAVE, [principal, createdAt, firstAt, lastAt, eventCount, text, id]);
  for (const key of state.accessKeyIds) {
    const isFirstUse = connection.run(ADD_KEY, [columnText(key), id]) > 0;
    if (isFirstUse) connection.run(MARK_ISSUERS_BY_KEY, [columnText(key)]);
  }
  if (isNew && principalId !== null && createdAt !== null) {
    connection.run(MARK_ISSUERS_BY_PRINCIPAL, principalParameters(principalId, createdAt));
  }
}

/** The state of a group that has one. */
export function stateOf(connection: Connection, key: string): GroupState | null {
  const [row] = connection.all(
    "SELECT state FROM groups WHERE key = ? AND state IS NOT NULL", [columnText(key)],
  );
  return row === undefined ? null : stateIn(row);
}

export function stateIn(row: Row): GroupState {
  return JSON.parse(textIn(row, "state")) as GroupState;
}

type Opened = Parameters<IngestTransaction["touch"]>[0][number];

/**
 * How far a chain of roles is followed; `sessions/chain.ts` reads no further up.
 */
const chainDepthMax = 8;

/**
 * Marks the groups that credentials opened (those that used the key, those of the principal created
 * then or nobody knows when), and those that were opened from there: whose session is whose goes
 * down a chain.
 */
export function touchGroups(connection: Connection, children: readonly Opened[]): void {
  const seen = new Set<string>();
  let level: readonly Opened[] = children;
  for (let depth = 0; depth <= chainDepthMax && level.length > 0; depth += 1) {
    const keys = level.flatMap((opened) => marked(connection, opened));
    const fresh = keys.filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    level = fresh.flatMap((key) => connection.all(OPENED_FROM, [key]).map(openedIn));
  }
}

/** Marks what one credential opened; the keys of the groups, as columns hold them. */
function marked(connection: Connection, opened: Opened): string[] {
  const { principalId, accessKeyId, at, signInSessionArn = null } = opened;
  const byPrincipal = principalId === null ? [] : signInSessionArn === null
    ? connection.all(
      `${MARK} ${MAYBE_BY_PRINCIPAL} RETURNING key`, principalParameters(principalId, at),
    )
    : connection.all(`${MARK} ${OF_PRINCIPAL} RETURNING key`, [columnText(principalId)]);
  const byKey = accessKeyId === null ? [] : connection.all(
    `${MARK} ${BY_KEY} RETURNING key`, [columnText(accessKeyId)],
  );
  return [...byPrincipal, ...byKey].map((row) => textIn(row, "key"));
}

function openedIn(row: Row): Opened {
  const text = (column: string) =>
    row[column] === null ? null : textOfColumn(textIn(row, column));
  return {
    principalId: text("principal_id"),
    accessKeyId: text("access_key_id"),
    at: integerIn(row, "issued_at"),
    signInSessionArn: row["sign_in"] === null ? null : textIn(row, "sign_in"),
  };
}

/** Marks every group when what they are judged by has changed. */
export function markUnder(connection: Connection, basis: string): void {
  const known = connection.all("SELECT value FROM meta WHERE key = 'judged_under'", []);
  if (known[0]?.["value"] === basis) return;
  connection.run(KEEP_BASIS, [basis]);
  connection.run(`${MARK} WHERE state IS NOT NULL`, []);
}

/**
 * Marks the groups that asked for credentials which expired by now and had not when last looked at.
 *
 * @param by ms UTC
 */
export function sweepExpired(connection: Connection, by: number): void {
  connection.run(MARK_EXPIRED, [by]);
  connection.run("UPDATE issuances SET is_swept = 1 WHERE is_swept = 0 AND expires_at <= ?", [by]);
}

/** Groups that used what an issuance gave, in key order. */
export function usersOf(
  connection: Connection,
  { principalId, accessKeyId, at }: Issuance,
): readonly GroupState[] {
  const byPrincipal = principalId === null ? [] : connection.all(
    `${FIND} ${BY_PRINCIPAL}`,
    principalParameters(principalId, at),
  );
  const byKey = accessKeyId === null ? [] : connection.all(
    `${FIND} ${BY_KEY}`, [columnText(accessKeyId)],
  );
  const rows = new Map([...byPrincipal, ...byKey].map((row) => [textIn(row, "key"), row]));
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => stateIn(row));
}

function principalParameters(principalId: string, at: number): readonly (string | number)[] {
  return [columnText(principalId), at - creationToleranceMs, at + creationToleranceMs];
}

const SAVE = `UPDATE groups SET principal_id = ?, created_at = ?, first_at = ?, last_at = ?,
  event_count = ?, state = ?, dirty = 1, revision = revision + 1 WHERE id = ?`;
const ADD_KEY = `INSERT INTO group_keys (access_key_id, group_id) VALUES (?, ?)
  ON CONFLICT (access_key_id, group_id) DO NOTHING`;
const MARK = "UPDATE groups SET dirty = 1, revision = revision + 1";
const KEEP_BASIS = `INSERT INTO meta (key, value) VALUES ('judged_under', ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
const IS_NEW = "SELECT id FROM groups WHERE id = ? AND state IS NULL";
const OPENED_FROM = `SELECT principal_id, access_key_id, issued_at,
  json_extract(data, '$.signInSessionArn') AS sign_in FROM issuances WHERE issuer_group = ?`;
const MARK_ISSUERS_BY_KEY = `${MARK} WHERE state IS NOT NULL
  AND key IN (SELECT issuer_group FROM issuances WHERE access_key_id = ?)`;
const MARK_ISSUERS_BY_PRINCIPAL = `${MARK} WHERE state IS NOT NULL AND key IN
  (SELECT issuer_group FROM issuances WHERE principal_id = ? AND issued_at BETWEEN ? AND ?)`;
const MARK_EXPIRED = `${MARK} WHERE state IS NOT NULL AND key IN
  (SELECT issuer_group FROM issuances WHERE is_swept = 0 AND expires_at <= ?)`;
const FIND = "SELECT key, state FROM groups";
const BY_PRINCIPAL = "WHERE state IS NOT NULL AND principal_id = ? AND created_at BETWEEN ? AND ?";
// Where no record told the creation, the principal alone may join (see `sessions/join.ts`).
const MAYBE_BY_PRINCIPAL = `WHERE state IS NOT NULL AND principal_id = ?
  AND (created_at BETWEEN ? AND ? OR created_at IS NULL)`;
// A sign-in session keeps its principal's creation date, whenever its token was minted.
const OF_PRINCIPAL = "WHERE state IS NOT NULL AND principal_id = ?";
const BY_KEY = `WHERE state IS NOT NULL
  AND id IN (SELECT group_id FROM group_keys WHERE access_key_id = ?)`;
