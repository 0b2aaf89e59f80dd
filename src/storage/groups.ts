import type { Issuance } from "../sessions/issuance.ts";
import type { GroupState } from "../sessions/state.ts";
import type { IngestTransaction } from "../sessions/store.ts";
import { columnText } from "./column-text.ts";
import type { Connection, Row } from "./connection.ts";
import { textIn } from "./connection.ts";

/**
 * A session's creation and its issuance are logged by two clocks of AWS's; how far they may be
 * apart.
 */
const creationToleranceMs = 2000;

/** Replaces a group's state and marks it. */
export function saveGroup(connection: Connection, id: number, state: GroupState): void {
  const { principalId, createdAt, firstAt, lastAt, eventCount } = state;
  const principal = principalId === null ? null : columnText(principalId);
  const text = JSON.stringify(state);
  connection.run(SAVE, [principal, createdAt, firstAt, lastAt, eventCount, text, id]);
  for (const key of state.accessKeyIds) connection.run(ADD_KEY, [columnText(key), id]);
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

/**
 * Marks the groups that a credential opened: those that used the key, those of the principal
 * created then.
 */
export function touchGroups(
  connection: Connection,
  children: Parameters<IngestTransaction["touch"]>[0],
): void {
  for (const { principalId, accessKeyId, at } of children) {
    if (principalId !== null) {
      connection.run(`${MARK} ${BY_PRINCIPAL}`, principalParameters(principalId, at));
    }
    if (accessKeyId !== null) connection.run(`${MARK} ${BY_KEY}`, [columnText(accessKeyId)]);
  }
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
const FIND = "SELECT key, state FROM groups";
const BY_PRINCIPAL = "WHERE state IS NOT NULL AND principal_id = ? AND created_at BETWEEN ? AND ?";
const BY_KEY = `WHERE state IS NOT NULL
  AND id IN (SELECT group_id FROM group_keys WHERE access_key_id = ?)`;
