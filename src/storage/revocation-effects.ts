import { effectsOf, type Effect } from "../revocations/effects.ts";
import { isClosed } from "../revocations/life-cycle.ts";
import { userLifeMs } from "../revocations/lifetime.ts";
import type { Revocation } from "../revocations/revocation.ts";
import type { Observable } from "../revocations/store.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { integerIn, jsonIn, textIn, type Connection } from "./connection.ts";

/**
 * Keeps what a revocation takes by now. Where that is other than before, the groups whose sessions
 * it may concern are to be judged, and looked at for what it did, again.
 */
export function keepEffects(
  connection: Connection,
  before: Revocation | null,
  after: Revocation,
): void {
  const [known, now] = [before === null ? [] : effectsOf(before), effectsOf(after)];
  const id = columnText(after.id);
  if (JSON.stringify(known) !== JSON.stringify(now)) {
    connection.run("DELETE FROM revocation_effects WHERE revocation_id = ?", [id]);
    for (const [nth, effect] of now.entries()) {
      const bounds = [columnText(effect.of), ...boundsOf(effect)];
      connection.run(KEEP, [id, nth, ...bounds, JSON.stringify(effect)]);
    }
    for (const effect of [...known, ...now]) {
      // Whoever's last credential had ended by then lost nothing.
      const values = [columnText(effect.of), ...boundsOf(effect), effect.since - userLifeMs];
      for (const sql of [OBSERVE, MARK]) connection.run(sql, values);
    }
  }
  if (isClosed(after)) connection.run(CLOSE, [id]);
}

/**
 * The first and the last principal id that it may concern, and when a session has to be created
 * before; null: whenever. Of a key there are none.
 */
function boundsOf({ of, denial }: Effect): readonly [string, string, number | null] {
  if (denial === null) return ["", "", null];
  const { kind, value, issuedBefore } = denial;
  return kind === "user-id"
    ? [columnText(value), columnText(value), issuedBefore]
    : [`${columnText(of)}:`, `${columnText(of)};`, issuedBefore];
}

export function effectsOn(connection: Connection, names: readonly string[]): readonly Effect[] {
  return connection.all(ON, [JSON.stringify(names.map(columnText))])
    .map((row) => jsonIn(row) as Effect);
}

/**
 * Of groups that gained events: those that an open revocation may concern are to be looked at.
 */
export function markObservable(connection: Connection, groupIds: readonly number[]): void {
  if (connection.all(OPEN, []).length === 0) return;
  connection.run(OBSERVE_GAINS, [JSON.stringify(groupIds)]);
}

export function observables(connection: Connection, limit: number): readonly Observable[] {
  return connection.all(OBSERVABLES, [limit]).map((row) => ({
    groupKey: textOfColumn(textIn(row, "key")), mark: integerIn(row, "mark"),
  }));
}

/** What was marked once more since stays. */
export function observed(connection: Connection, done: readonly Observable[]): void {
  for (const { groupKey, mark } of done) connection.run(OBSERVED, [columnText(groupKey), mark]);
}

const KEEP = `INSERT INTO revocation_effects
  (revocation_id, nth, of, first_principal, last_principal, cutoff, data)
  VALUES (?, ?, ?, ?, ?, ?, ?)`;
const CLOSE = "UPDATE revocation_effects SET is_open = 0 WHERE revocation_id = ? AND is_open = 1";
const OPEN = "SELECT 1 FROM revocation_effects WHERE is_open = 1 LIMIT 1";
const ON = `SELECT data FROM revocation_effects WHERE of IN (SELECT value FROM json_each(?))
  ORDER BY of, revocation_id, nth`;
const CONCERNED = `state IS NOT NULL AND last_at >= ?5 AND (
  (principal_id BETWEEN ?2 AND ?3 AND (?4 IS NULL OR created_at IS NULL OR created_at < ?4))
  OR id IN (SELECT group_id FROM group_keys WHERE access_key_id = ?1))`;
const MARK = `UPDATE groups SET dirty = 1, revision = revision + 1 WHERE ${CONCERNED}`;
const AGAIN = "ON CONFLICT (group_id) DO UPDATE SET mark = mark + 1";
const OBSERVE = `INSERT INTO observables (group_id, mark)
  SELECT id, 1 FROM groups WHERE ${CONCERNED} ${AGAIN}`;
const EFFECTS = "CROSS JOIN revocation_effects AS effects ON effects.is_open = 1";
const OBSERVE_GAINS = `INSERT INTO observables (group_id, mark)
  SELECT id, 1 FROM (
    SELECT groups.id FROM json_each(?1) AS gained CROSS JOIN groups ON groups.id = gained.value
      ${EFFECTS} AND effects.of = substr(principal_id, 1, instr(principal_id, ':') - 1)
      AND principal_id BETWEEN first_principal AND last_principal
      AND (cutoff IS NULL OR created_at IS NULL OR created_at < cutoff)
    UNION SELECT group_id FROM json_each(?1) AS gained
      CROSS JOIN group_keys ON group_id = gained.value ${EFFECTS}
      AND effects.of = group_keys.access_key_id)
  WHERE true ${AGAIN}`;
const OBSERVABLES = `SELECT key, mark FROM observables JOIN groups ON groups.id = group_id
  ORDER BY group_id LIMIT ?`;
const OBSERVED = `DELETE FROM observables
  WHERE group_id = (SELECT id FROM groups WHERE key = ?) AND mark = ?`;
