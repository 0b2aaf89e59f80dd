import type { Credential, Session } from "../sessions/session.ts";
import { sessionTaskId } from "../sessions/session-task.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import type { KeptRow, Table } from "./kept-rows.ts";

/** A session with what lists are sorted and chosen by. */
export function sessionRow(session: Session): KeptRow {
  const { firstAt, lastAt, eventCount, deniedCount, counts, attribution, mode } = session;
  const { account, agent, roleArn } = aboutOf(session);
  const writeCount = (counts.write ?? 0) + (counts.permissions ?? 0) + (counts.tagging ?? 0);
  return {
    key: [columnText(session.id)],
    data: JSON.stringify(session),
    columns: [
      account, agent, attribution.status, roleArn, mode.mode, firstAt, lastAt, expiryOf(session),
      eventCount, writeCount, deniedCount, sessionTaskId(session), session.credentials.length,
    ],
  };
}

export const sessionTable: Table = {
  keys: ["id"],
  select: `SELECT id, group_id, data FROM sessions
    WHERE group_id IN (SELECT value FROM json_each(?))`,
  drop: "DELETE FROM sessions WHERE id = ? AND group_id = ?",
  keep: `INSERT OR REPLACE INTO sessions (id, group_id, data, account, agent, agent_status,
    role_arn, mode, first_at, last_at, expires_at, event_count, write_count, denied_count,
    task_id, credential_count)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
};

/**
 * Brings the credentials of some of a group's sessions up to date.
 *
 * @param changed ids of sessions, as columns hold them, that came, went or differ
 */
export function keepCredentials(
  connection: Connection,
  { groupId, changed }: { readonly groupId: number; readonly changed: readonly string[] },
  sessions: readonly Session[],
): void {
  if (changed.length === 0) return;
  const ids = new Set(changed);
  connection.run(FORGET, [groupId, JSON.stringify(changed)]);
  for (const session of sessions) {
    const sessionId = columnText(session.id);
    if (!ids.has(sessionId)) continue;
    const { account, agent, roleArn } = aboutOf(session);
    for (const credential of session.credentials) {
      const { accessKeyId, kind, issuance, firstAt, lastAt, expiresAt, useCount } = credential;
      const taskIds = credential.tasks.filter(({ by }) => by !== "name").map(({ id }) => id);
      connection.run(KEEP, [
        columnText(accessKeyId), groupId, sessionId, kind, account, agent, roleArn,
        firstAt, lastAt, expiresAt, useCount, issuance?.at ?? null,
        taskIds.length === 0 ? null : JSON.stringify(taskIds), revokedAt(session, credential),
      ]);
      for (const { id } of credential.tasks) connection.run(MARK_TASK, [id]);
    }
  }
}

function aboutOf({ account, attribution, role }: Session) {
  const text = (value: string | null) => value === null ? null : columnText(value);
  return {
    account: text(account),
    agent: text(attribution.agent),
    roleArn: text(role?.arn ?? null),
  };
}

/** Since when it can do nothing, ms UTC: what was given back in time counts as never taken. */
function revokedAt(
  { revocations = [] }: Session,
  { accessKeyId, expiresAt }: Credential,
): number | null {
  const lasting = revocations.filter((tie) =>
    (tie.until ?? Infinity) >= (expiresAt ?? Infinity) &&
    (tie.accessKeyId === null || tie.accessKeyId === accessKeyId));
  return lasting[0]?.since ?? null;
}

/** The last of its credentials' ends; null when none is known. */
function expiryOf({ credentials }: Session): number | null {
  const known = credentials.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [expiresAt]));
  return known.length === 0 ? null : Math.max(...known);
}

const FORGET = `DELETE FROM credentials WHERE group_id = ?
  AND session_id IN (SELECT value FROM json_each(?))`;
const KEEP = `INSERT INTO credentials (access_key_id, group_id, session_id, kind, account, agent,
  role_arn, first_at, last_at, expires_at, use_count, issued_at, task_ids, revoked_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (access_key_id, session_id, group_id) DO NOTHING`;
// What is said of a task leans on how its credentials are used.
const MARK_TASK = "UPDATE tasks SET dirty = 1, revision = revision + 1 WHERE id = ?";
