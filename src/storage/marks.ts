import type { GroupState } from "../sessions/state.ts";
import type { IngestTransaction } from "../sessions/store.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import type { Connection, Row } from "./connection.ts";
import { integerIn, textIn, textOrNullIn } from "./connection.ts";

/**
 * A session's creation and its issuance are logged by two clocks of AWS's; how far they may be
 * apart.
 */
export const creationToleranceMs = 2000;

type Opened = Parameters<IngestTransaction["touch"]>[0][number];

/** How far a chain of roles is followed; `sessions/chain.ts` reads no further up. */
const chainDepthMax = 8;
/** A broker's session may open thousands: so many that a statement's memory stays small. */
const touchedAtOnce = 2000;

/**
 * Marks the groups that credentials opened (those that used the key, those of the principal created
 * then or nobody knows when), and those that were opened from there: whose session is whose goes
 * down a chain. A few statements for each link, however many credentials: most of them match
 * nothing, and a statement costs more than what it finds.
 */
export function touchGroups(connection: Connection, children: readonly Opened[]): void {
  const seen = new Set<string>();
  let level: readonly Opened[] = children;
  for (let depth = 0; depth <= chainDepthMax && level.length > 0; depth += 1) {
    const fresh: string[] = [];
    for (let from = 0; from < level.length; from += touchedAtOnce) {
      for (const key of marked(connection, level.slice(from, from + touchedAtOnce))) {
        if (seen.has(key)) continue;
        seen.add(key);
        fresh.push(key);
      }
    }
    level = fresh.length === 0
      ? []
      : connection.all(OPENED_FROM, [JSON.stringify(fresh)]).map(openedIn);
  }
}

/** Marks what these credentials opened; the keys of the groups, as columns hold them. */
function marked(connection: Connection, level: readonly Opened[]): string[] {
  const keys = new Set<string>();
  const dated: (readonly [string, number, number])[] = [];
  const signedIn = new Set<string>();
  for (const { principalId, accessKeyId, at, signInSessionArn = null } of level) {
    if (accessKeyId !== null) keys.add(columnText(accessKeyId));
    if (principalId === null) continue;
    if (signInSessionArn === null) dated.push(around(principalId, at));
    else signedIn.add(columnText(principalId));
  }
  const asked = [[BY_KEYS, [...keys]], [BY_DATED, dated], [BY_PRINCIPALS, [...signedIn]]] as const;
  return asked.flatMap(([where, values]) => values.length === 0 ? [] : connection
    .all(`${MARK} ${where} RETURNING key`, [JSON.stringify(values)])
    .map((row) => textIn(row, "key")));
}

function around(principalId: string, at: number): readonly [string, number, number] {
  return [columnText(principalId), at - creationToleranceMs, at + creationToleranceMs];
}

function openedIn(row: Row): Opened {
  const text = (column: string) => {
    const value = textOrNullIn(row, column);
    return value === null ? null : textOfColumn(value);
  };
  return {
    principalId: text("principal_id"),
    accessKeyId: text("access_key_id"),
    at: integerIn(row, "issued_at"),
    signInSessionArn: textOrNullIn(row, "sign_in"),
  };
}

/**
 * Marks the groups that asked for credentials which have been swept as expired, and of which
 * further uses come: what is said of an expired issuance depends on its uses.
 *
 * @param keys access keys of the groups that gained events
 */
export function markIssuers(
  connection: Connection,
  keys: readonly string[],
  groups: readonly GroupState[],
): void {
  const opened = groups.flatMap(({ principalId, createdAt }) =>
    principalId === null || createdAt === null ? [] : [around(principalId, createdAt)]);
  if (keys.length > 0) connection.run(MARK_ISSUERS_OF_KEYS, [JSON.stringify(keys)]);
  if (opened.length > 0) connection.run(MARK_ISSUERS_OF_GROUPS, [JSON.stringify(opened)]);
}

/** Marks every group when what they are judged by has changed. */
export function markUnder(connection: Connection, basis: string): void {
  const known = connection.all("SELECT value FROM meta WHERE key = 'judged_under'", []);
  if (known[0]?.["value"] === basis) return;
  connection.run(KEEP_BASIS, [basis]);
  connection.run(`${MARK} WHERE state IS NOT NULL`, []);
  connection.run("UPDATE tasks SET dirty = 1, revision = revision + 1", []);
  connection.run("UPDATE origins SET dirty = 1, revision = revision + 1", []);
}

/**
 * Marks the groups that asked for credentials which expired by now and had not when last looked at.
 *
 * @param by ms UTC
 * @returns the groups' keys
 */
export function sweepExpired(connection: Connection, by: number): ReadonlySet<string> {
  connection.run(MARK_EXPIRED, [by]);
  connection.run(KEEP_SWEPT, [by]);
  const groupKeys = new Set<string>();
  for (;;) {
    const swept = connection.all(SWEEP, [by, touchedAtOnce]);
    for (const row of swept) groupKeys.add(textOfColumn(textIn(row, "issuer_group")));
    if (swept.length < touchedAtOnce) return groupKeys;
  }
}

/** Whether any has expired that was not swept. */
export function isExpired(connection: Connection, by: number): boolean {
  return connection.all(`SELECT 1 ${UNSWEPT} LIMIT 1`, [by]).length > 0;
}

const MARK = "UPDATE groups SET dirty = 1, revision = revision + 1";
const KEEP_BASIS = `INSERT INTO meta (key, value) VALUES ('judged_under', ?)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
const KEEP_SWEPT = `INSERT INTO meta (key, value) VALUES ('swept_by', ?)
  ON CONFLICT (key) DO UPDATE SET
    value = max(CAST(meta.value AS INTEGER), CAST(excluded.value AS INTEGER))`;
const OPENED_FROM = `SELECT principal_id, access_key_id, issued_at,
  json_extract(data, '$.signInSessionArn') AS sign_in
  FROM issuances WHERE issuer_group IN (SELECT value FROM json_each(?))`;
const BY_KEYS = `WHERE state IS NOT NULL AND id IN (SELECT group_id FROM group_keys
  WHERE access_key_id IN (SELECT value FROM json_each(?)))`;
// Where no record told the creation, the principal alone may join (see `sessions/join.ts`). CROSS
// JOIN keeps the list outside and the index inside.
const BY_DATED = `WHERE state IS NOT NULL AND id IN (
  SELECT other.id FROM json_each(?) AS opened CROSS JOIN groups AS other
    ON other.principal_id = json_extract(opened.value, '$[0]')
    AND (other.created_at IS NULL OR other.created_at BETWEEN
      json_extract(opened.value, '$[1]') AND json_extract(opened.value, '$[2]')))`;
// A sign-in session keeps its principal's creation date, whenever its token was minted.
const BY_PRINCIPALS = `WHERE state IS NOT NULL
  AND principal_id IN (SELECT value FROM json_each(?))`;
const MARK_ISSUERS_OF_KEYS = `${MARK} WHERE state IS NOT NULL AND key IN
  (SELECT issuer_group FROM issuances
    WHERE is_swept = 1 AND access_key_id IN (SELECT value FROM json_each(?)))`;
const MARK_ISSUERS_OF_GROUPS = `${MARK} WHERE state IS NOT NULL AND key IN (
  SELECT issued.issuer_group FROM json_each(?) AS used CROSS JOIN issuances AS issued
    ON issued.is_swept = 1 AND issued.principal_id = json_extract(used.value, '$[0]')
    AND issued.issued_at BETWEEN
      json_extract(used.value, '$[1]') AND json_extract(used.value, '$[2]'))`;
const UNSWEPT = "FROM issuances WHERE is_swept = 0 AND expires_at <= ?";
const MARK_EXPIRED = `${MARK} WHERE state IS NOT NULL AND key IN (SELECT issuer_group ${UNSWEPT})`;
const SWEEP = `UPDATE issuances SET is_swept = 1
  WHERE event_key IN (SELECT event_key ${UNSWEPT} LIMIT ?) RETURNING issuer_group`;
