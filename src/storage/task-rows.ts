import type { Task, TaskCredential } from "../sessions/task.ts";
import {
  byIssue, silentAt, taskOf, withNews, type TaskNews, type TaskTold,
} from "../sessions/task-told.ts";
import { columnText } from "./column-text.ts";
import { jsonIn, type Connection } from "./connection.ts";
import { markTied } from "./task-marks.ts";

/** What the column `told` holds; credentials have rows of their own. */
type KeptTold = Omit<TaskTold, "credentials">;

/** Keeps what is told of a task, and marks what it changes for sessions. */
export function keepTask(connection: Connection, before: TaskTold | null, told: TaskTold): Task {
  const { start, heardAt, heartbeatAt, end, silentBy } = told;
  const kept: KeptTold = { start, heardAt, heartbeatAt, end, silentBy };
  const { id, agent, externalId, startedAt } = start;
  const task = taskOf(told);
  connection.run(KEEP, [
    columnText(id), columnText(agent), startedAt, task.endedAt,
    task.endedAt === null ? silentAt(told) : null, JSON.stringify(kept), columnText(externalId),
  ]);
  const known = new Set(before?.credentials.map(({ accessKeyId }) => accessKeyId));
  for (const credential of told.credentials) {
    const { accessKeyId } = credential;
    if (known.has(accessKeyId)) continue;
    const row = [columnText(id), columnText(accessKeyId), JSON.stringify(credential)];
    connection.run(KEEP_CREDENTIAL, row);
  }
  markTied(connection, before === null ? null : taskOf(before), task);
  return task;
}

/**
 * Takes news of a task in; null where nobody told of its start yet: they wait for it.
 *
 * @param at ms UTC, by our clock
 */
export function keepNews(
  connection: Connection,
  { id, at }: { readonly id: string; readonly at: number },
  news: TaskNews,
): Task | null {
  const told = toldOf(connection, id);
  if (told !== null) return keepTask(connection, told, withNews(told, news));
  const [row] = connection.all(WAITING_COUNT, [columnText(id)]);
  if (Number(row?.["count"] ?? 0) < waitingMax) {
    connection.run(KEEP_WAITING, [columnText(id), at, JSON.stringify(news)]);
  }
  return null;
}

/** Of one task: nobody can fill the store with what nobody has begun. */
const waitingMax = 100;

/** What was told of a task before its start; it waits no longer. */
export function takeWaiting(connection: Connection, id: string): readonly TaskNews[] {
  return connection.all(TAKE_WAITING, [columnText(id)]).map((row) => jsonIn(row) as TaskNews);
}

export function toldOf(connection: Connection, id: string): TaskTold | null {
  const [row] = connection.all("SELECT told AS data FROM tasks WHERE id = ?", [columnText(id)]);
  return row === undefined ? null : whole(connection, jsonIn(row) as KeptTold);
}

/** @param sql gives `told` as `data` */
export function toldWhere(
  connection: Connection,
  sql: string,
  parameters: Parameters<Connection["all"]>[1],
): readonly TaskTold[] {
  return connection.all(sql, parameters).map((row) => whole(connection, jsonIn(row) as KeptTold));
}

function whole(connection: Connection, kept: KeptTold): TaskTold {
  const rows = connection.all(CREDENTIALS, [columnText(kept.start.id)]);
  return { ...kept, credentials: rows.map((row) => jsonIn(row) as TaskCredential).sort(byIssue) };
}

const KEEP = `INSERT INTO tasks (id, agent, started_at, ended_at, silent_at, told, external_id)
  VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at,
  silent_at = excluded.silent_at, told = excluded.told, dirty = 1, revision = revision + 1`;
const KEEP_CREDENTIAL = `INSERT INTO task_credentials (task_id, access_key_id, data)
  VALUES (?, ?, ?) ON CONFLICT DO NOTHING`;
const CREDENTIALS = "SELECT data FROM task_credentials WHERE task_id = ?";
const WAITING_COUNT = "SELECT count(*) AS count FROM task_news WHERE task_id = ?";
const KEEP_WAITING = "INSERT INTO task_news (task_id, at, data) VALUES (?, ?, ?)";
const TAKE_WAITING = "DELETE FROM task_news WHERE task_id = ? RETURNING data";
