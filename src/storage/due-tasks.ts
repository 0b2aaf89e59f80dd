import type { Session } from "../sessions/session.ts";
import type { DueTask, HeldCredential, JudgedTask } from "../sessions/task-store.ts";
import type { TaskCredential } from "../sessions/task.ts";
import { taskOf } from "../sessions/task-told.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import { integerIn, jsonIn, textIn, textOrNullIn, type Connection } from "./connection.ts";
import { toldOf } from "./task-rows.ts";

export function dueTasks(
  connection: Connection,
  by: number,
  limit: number,
): readonly DueTask[] {
  return connection.all(DUE, [by, limit]).flatMap((row) => {
    const id = textOfColumn(textIn(row, "id"));
    const told = toldOf(connection, id);
    if (told === null) return [];
    const sessions = connection.all(SESSIONS, [columnText(id)]).map((each) =>
      jsonIn(each) as Session);
    return [{ task: taskOf(told), revision: integerIn(row, "revision"), sessions }];
  });
}

export function tasksJudged(
  connection: Connection,
  judged: readonly JudgedTask[],
  by: number,
): void {
  for (const { id, revision, dueAt } of judged) {
    connection.run(JUDGED, [dueAt, columnText(id), revision]);
  }
  connection.run(KEEP_BY, [by]);
}

export function tasksJudgedBy(connection: Connection): number | null {
  const [row] = connection.all("SELECT value FROM meta WHERE key = 'tasks_judged_by'", []);
  return row === undefined ? null : Number(textIn(row, "value"));
}

/** As told, where it was; else as seen. */
export function credentialsOfAgent(
  connection: Connection,
  agent: string,
): readonly HeldCredential[] {
  const name = columnText(agent);
  const told = connection.all(TOLD_OF_AGENT, [name]).map((row): HeldCredential => {
    const { accessKeyId, roleArn, issuedAt, expiresAt } = jsonIn(row) as TaskCredential;
    return { accessKeyId, roleArn, issuedAt, expiresAt, seen: null };
  });
  const known = new Set(told.map(({ accessKeyId }) => accessKeyId));
  const used = connection.all(SEEN_OF_AGENT, [name]).map((row): HeldCredential => ({
    accessKeyId: textOfColumn(textIn(row, "access_key_id")),
    roleArn: textOrNullIn(row, "role_arn"),
    issuedAt: integerIn(row, "issued_at"),
    expiresAt: row["expires_at"] === null ? null : integerIn(row, "expires_at"),
    seen: null,
  }));
  return [...told, ...used.filter(({ accessKeyId }) => !known.has(accessKeyId))];
}

const TOLD_OF_AGENT = `SELECT task_credentials.data AS data FROM task_credentials
  JOIN tasks ON tasks.id = task_credentials.task_id WHERE tasks.agent = ?
  GROUP BY access_key_id`;
const SEEN_OF_AGENT = `SELECT access_key_id, max(role_arn) AS role_arn,
  min(coalesce(issued_at, first_at)) AS issued_at, max(expires_at) AS expires_at
  FROM credentials WHERE agent = ? AND kind = 'temporary' GROUP BY access_key_id`;
const DUE = `SELECT id, revision FROM tasks WHERE dirty = 1 OR due_at <= ? ORDER BY id LIMIT ?`;
const SESSIONS = "SELECT data FROM sessions WHERE task_id = ? ORDER BY id, group_id";
const JUDGED = "UPDATE tasks SET dirty = 0, due_at = ? WHERE id = ? AND revision = ?";
const KEEP_BY = `INSERT INTO meta (key, value) VALUES ('tasks_judged_by', ?)
  ON CONFLICT (key) DO UPDATE SET
    value = max(CAST(meta.value AS INTEGER), CAST(excluded.value AS INTEGER))`;
