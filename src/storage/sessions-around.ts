import { sameRole } from "../revocations/role-name.ts";
import type { Target } from "../revocations/target.ts";
import { chainDepthMax } from "../sessions/chain.ts";
import type { Session } from "../sessions/session.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { jsonIn, textIn, type Connection } from "./connection.ts";
import { creationToleranceMs } from "./marks.ts";

/**
 * Every session that a revocation of the target may concern: those meant, those assumed from these
 * and from those, and all others of the roles and users that any of them is of. Each part along an
 * index; of a source identity, which has none, all sessions since then.
 *
 * @param since ms UTC: of the last call
 */
export function sessionsAround(
  connection: Connection,
  target: Target,
  since: number,
): readonly Session[] {
  if (target.kind === "source-identity") return connection.all(ALL, [since]).map(read);
  const found = new Map<string, Session>();
  const add = (sessions: readonly Session[]) => {
    const fresh = sessions.filter(({ id, groupKey }) => !found.has(`${groupKey} ${id}`));
    for (const one of fresh) found.set(`${one.groupKey} ${one.id}`, one);
    return fresh;
  };
  let level = add(meantBy(connection, target, since));
  for (let depth = 0; depth < chainDepthMax && level.length > 0; depth += 1) {
    const keys = [...new Set(level.map(({ groupKey }) => columnText(groupKey)))];
    level = add(connection.all(OPENED, [JSON.stringify(keys), since]).map(read));
  }
  const all = [...found.values()];
  add(sessionsOfRoles(connection, all.flatMap(({ role }) => role?.id ?? []), since));
  const users = all.flatMap(({ role, principalId }) => role === null ? principalId ?? [] : []);
  add(connection.all(OF_USERS, [listOf(users), since]).map(read));
  return [...found.values()];
}

/** @param roleIds `AROA…` */
export function sessionsOfRoles(
  connection: Connection,
  roleIds: readonly string[],
  since: number,
): readonly Session[] {
  return connection.all(OF_ROLES, [listOf(roleIds), since]).map(read);
}

function meantBy(
  connection: Connection,
  target: Exclude<Target, { kind: "source-identity" }>,
  since: number,
): readonly Session[] {
  const those = (sql: string, values: readonly string[]) =>
    connection.all(sql, [listOf(values), since]).map(read);
  switch (target.kind) {
    case "session":
      return those(BY_ID, [target.id]);
    case "sign-in-session":
      return those(BY_ID, [`sis:${target.arn}`]);
    case "credential":
      return those(BY_KEY, [target.accessKeyId]);
    case "agent":
      return those(BY_AGENT, [target.name]);
    case "role":
      return those(BY_ROLE, rolesIn(connection).filter((arn) => sameRole(arn, target.arn)));
    default:
      return target satisfies never;
  }
}

/** By whatever ARN records told them: a role's may leave its path out. */
function rolesIn(connection: Connection): readonly string[] {
  return connection.all(ROLES, []).map((row) => textOfColumn(textIn(row, "arn")));
}

function listOf(values: readonly string[]): string {
  return JSON.stringify([...new Set(values)].map(columnText));
}

function read(row: Parameters<typeof jsonIn>[0]): Session {
  return jsonIn(row) as Session;
}

const SESSIONS = "SELECT sessions.data AS data FROM sessions";
const LATE = "sessions.last_at >= ?2";
const ALL = `${SESSIONS} WHERE last_at >= ?1`;
const LISTED = "IN (SELECT value FROM json_each(?1))";
const BY_ID = `${SESSIONS} WHERE id ${LISTED} AND ${LATE}`;
const BY_AGENT = `${SESSIONS} WHERE agent ${LISTED} AND ${LATE}`;
const BY_ROLE = `${SESSIONS} WHERE role_arn ${LISTED} AND ${LATE}`;
const BY_KEY = `${SESSIONS} JOIN credentials ON credentials.session_id = sessions.id
  AND credentials.group_id = sessions.group_id WHERE access_key_id ${LISTED} AND ${LATE}`;
// From one role to the next along the index.
const ROLES = `WITH RECURSIVE roles (arn) AS (SELECT min(role_arn) FROM sessions
  UNION ALL SELECT (SELECT min(role_arn) FROM sessions WHERE role_arn > arn) FROM roles
    WHERE arn IS NOT NULL) SELECT arn FROM roles WHERE arn IS NOT NULL`;
// `AROA…:` to `AROA…;`: every session of the role. CROSS JOIN keeps the list outside.
const OF_ROLES = `${SESSIONS} WHERE ${LATE} AND group_id IN (SELECT groups.id
  FROM json_each(?1) AS role CROSS JOIN groups
    ON principal_id >= role.value || ':' AND principal_id < role.value || ';')`;
const OF_USERS = `${SESSIONS} WHERE ${LATE} AND group_id IN (
  SELECT id FROM groups WHERE principal_id ${LISTED})`;
const OPENED = `WITH opened AS (SELECT principal_id, access_key_id, issued_at FROM issuances
    WHERE issuer_group ${LISTED})
  ${SESSIONS} WHERE ${LATE} AND group_id IN (
    SELECT group_id FROM opened CROSS JOIN group_keys
      ON group_keys.access_key_id = opened.access_key_id
    UNION SELECT other.id FROM opened CROSS JOIN groups AS other
      ON other.principal_id = opened.principal_id AND (other.created_at IS NULL
        OR other.created_at BETWEEN opened.issued_at - ${creationToleranceMs}
          AND opened.issued_at + ${creationToleranceMs}))`;
