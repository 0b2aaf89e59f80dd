import { cutoffOf, effectsOf, type Effect } from "../revocations/effects.ts";
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
  if (JSON.stringify(known) === JSON.stringify(now)) return;
  connection.run("DELETE FROM revocation_effects WHERE revocation_id = ?", [columnText(after.id)]);
  for (const [i, effect] of now.entries()) {
    const { of, revocationId } = effect;
    connection.run(KEEP, [
      columnText(of), columnText(revocationId), i, cutoffOf(effect), JSON.stringify(effect),
    ]);
  }
  for (const { of, since } of [...known, ...now]) {
    // Whoever's last credential had ended by then lost nothing.
    for (const sql of [OBSERVE, MARK]) connection.run(sql, [columnText(of), since - userLifeMs]);
  }
}

export function effectsOn(connection: Connection, names: readonly string[]): readonly Effect[] {
  return connection.all(ON, [JSON.stringify(names.map(columnText))])
    .map((row) => jsonIn(row) as Effect);
}

/** Of groups that gained events: those that an open revocation may concern are to be looked at. */
export function markObservable(connection: Connection, groupIds: readonly number[]): void {
  if (connection.all("SELECT 1 FROM revocation_effects LIMIT 1", []).length === 0) return;
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

const KEEP = `INSERT INTO revocation_effects (of, revocation_id, nth, cutoff, data)
  VALUES (?, ?, ?, ?, ?)`;
const ON = `SELECT data FROM revocation_effects WHERE of IN (SELECT value FROM json_each(?))
  ORDER BY of, revocation_id, nth`;
// `AROA…:` to `AROA…;`: every session of the role.
const CONCERNED = `state IS NOT NULL AND last_at >= ?2 AND (
  (principal_id >= ?1 || ':' AND principal_id < ?1 || ';')
  OR id IN (SELECT group_id FROM group_keys WHERE access_key_id = ?1))`;
const MARK = `UPDATE groups SET dirty = 1, revision = revision + 1 WHERE ${CONCERNED}`;
const AGAIN = "ON CONFLICT (group_id) DO UPDATE SET mark = mark + 1";
const OBSERVE = `INSERT INTO observables (group_id, mark)
  SELECT id, 1 FROM groups WHERE ${CONCERNED} ${AGAIN}`;
const OBSERVE_GAINS = `INSERT INTO observables (group_id, mark)
  SELECT DISTINCT groups.id, 1 FROM json_each(?) AS gained JOIN groups ON groups.id = gained.value
  JOIN revocation_effects AS effects ON
    (effects.of = substr(principal_id, 1, instr(principal_id, ':') - 1)
      AND (effects.cutoff IS NULL OR created_at IS NULL OR created_at < effects.cutoff))
    OR effects.of IN (SELECT access_key_id FROM group_keys WHERE group_id = groups.id)
  JOIN revocations ON revocations.id = effects.revocation_id AND revocations.is_open = 1
  WHERE true ${AGAIN}`;
const OBSERVABLES = `SELECT key, mark FROM observables JOIN groups ON groups.id = group_id
  ORDER BY group_id LIMIT ?`;
const OBSERVED = `DELETE FROM observables
  WHERE group_id = (SELECT id FROM groups WHERE key = ?) AND mark = ?`;
