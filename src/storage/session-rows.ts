import type { Session } from "../sessions/session.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";

/** Puts sessions and their credentials in the place of those the groups had. */
export function forgetSessions(connection: Connection, groupIds: string): void {
  for (const statement of FORGET) connection.run(statement, [groupIds]);
}

/** One row a session and one a credential of it, with what lists are sorted and chosen by. */
export function keepSession(connection: Connection, groupId: number, session: Session): void {
  const { account, attribution, role, mode, firstAt, lastAt, eventCount, counts } = session;
  const of = [textOrNull(account), textOrNull(attribution.agent)];
  const roleArn = textOrNull(role?.arn ?? null);
  const writeCount = (counts.write ?? 0) + (counts.permissions ?? 0) + (counts.tagging ?? 0);
  const id = columnText(session.id);
  connection.run(KEEP_SESSION, [
    id, groupId, ...of, attribution.status, roleArn, mode.mode, firstAt, lastAt,
    expiryOf(session), eventCount, writeCount, session.deniedCount, JSON.stringify(session),
  ]);
  for (const { accessKeyId, kind, expiresAt, useCount, ...used } of session.credentials) {
    connection.run(KEEP_CREDENTIAL, [
      columnText(accessKeyId), groupId, id, kind, ...of, roleArn, used.firstAt, used.lastAt,
      expiresAt, useCount,
    ]);
  }
}

/** The last of its credentials' ends; null when none is known. */
function expiryOf({ credentials }: Session): number | null {
  const known = credentials.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt]));
  return known.length === 0 ? null : Math.max(...known);
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : columnText(text);
}

const FORGET = ["sessions", "credentials"].map(
  (table) => `DELETE FROM ${table} WHERE group_id IN (SELECT value FROM json_each(?))`,
);
const KEEP_SESSION = `INSERT INTO sessions (id, group_id, account, agent, agent_status, role_arn,
  mode, first_at, last_at, expires_at, event_count, write_count, denied_count, data)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id, group_id) DO UPDATE SET data = excluded.data`;
const KEEP_CREDENTIAL = `INSERT INTO credentials (access_key_id, group_id, session_id, kind,
  account, agent, role_arn, first_at, last_at, expires_at, use_count)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (access_key_id, session_id, group_id) DO NOTHING`;
