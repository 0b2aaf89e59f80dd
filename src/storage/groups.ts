import type { Issuance } from "../sessions/issuance.ts";
import type { GroupState } from "../sessions/state.ts";
import type { Revised } from "../sessions/store.ts";
import { columnText } from "./column-text.ts";
import type { Connection, Row } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";
import type { GroupIds } from "./group-ids.ts";
import { markObservable } from "./revocation-effects.ts";
import type { StateCache } from "./state-cache.ts";
import { creationToleranceMs, markIssuers } from "./marks.ts";

/** Replaces groups' states and marks them, and those that asked for what expired and is used. */
export function saveGroups(
  connection: Connection,
  ids: GroupIds,
  states: readonly GroupState[],
): void {
  const uses: (readonly [string, number])[] = [];
  for (const state of states) {
    const id = ids.of(state.key);
    save(connection, id, state);
    for (const key of state.accessKeyIds) uses.push([columnText(key), id]);
  }
  connection.run(ADD_KEYS, [JSON.stringify(uses)]);
  markIssuers(connection, uses.map(([key]) => key), states);
  markObservable(connection, states.map(({ key }) => ids.of(key)));
}

function save(connection: Connection, id: number, state: GroupState): void {
  const { principalId, createdAt, firstAt, lastAt, eventCount } = state;
  const principal = principalId === null ? null : columnText(principalId);
  const text = JSON.stringify(state);
  connection.run(SAVE, [principal, createdAt, firstAt, lastAt, eventCount, text, id]);
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

/** The groups of rows that have `id` and `revision`; states that nobody holds are read. */
export function revisedOf(
  connection: Connection,
  rows: readonly Row[],
  cache: StateCache,
): readonly Revised[] {
  const held = rows.map((row) => cache.get(integerIn(row, "id"), integerIn(row, "revision")));
  const missing = rows.filter((_, i) => held[i] === undefined).map((row) => integerIn(row, "id"));
  const read = new Map<number, Revised>();
  if (missing.length > 0) {
    for (const row of connection.all(READ, [JSON.stringify(missing)])) {
      const revised = { state: stateIn(row), revision: integerIn(row, "revision") };
      read.set(integerIn(row, "id"), revised);
    }
  }
  return rows.flatMap((row, i) => {
    const state = held[i];
    if (state !== undefined) return [{ state, revision: integerIn(row, "revision") }];
    return read.get(integerIn(row, "id")) ?? [];
  });
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
// `WHERE true` keeps SQLite from taking ON for a join's.
const ADD_KEYS = `INSERT INTO group_keys (access_key_id, group_id)
  SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?) WHERE true
  ON CONFLICT (access_key_id, group_id) DO NOTHING`;
const READ = `SELECT id, revision, state FROM groups
  WHERE id IN (SELECT value FROM json_each(?)) AND state IS NOT NULL`;
const FIND = "SELECT key, state FROM groups";
const BY_PRINCIPAL = "WHERE state IS NOT NULL AND principal_id = ? AND created_at BETWEEN ? AND ?";
const BY_KEY = `WHERE state IS NOT NULL
  AND id IN (SELECT group_id FROM group_keys WHERE access_key_id = ?)`;
