import type { From, Listed, SeenTask, SeenTaskFilter } from "../sessions/lifetime-store.ts";
import type { Session } from "../sessions/session.ts";
import { taskIdOf } from "../sessions/task.ts";
import type { TaskPlace } from "../sessions/task-store.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import {
  integerIn, jsonIn, textIn, textOrNullIn, type Connection, type Parameter, type Row,
} from "./connection.ts";

/** By the first session of each, so that a page reads no more than its own tasks. */
export function seenTasks(
  connection: Connection,
  { agent, called, since }: SeenTaskFilter,
  { limit, after }: From<TaskPlace>,
): Listed<SeenTask, TaskPlace> {
  const calledSince = `task_id IN (SELECT other.task_id FROM sessions AS other
    WHERE other.last_at >= ? AND other.task_id IS NOT NULL)`;
  const conditions: (readonly [string, readonly Parameter[]])[] = [
    ...(agent === undefined ? [] : [["agent = ?", [columnText(agent)]] as const]),
    ...(called === undefined
      ? []
      : [[`${called.isSo ? "" : "NOT "}(${calledSince})`, [called.after + 1]] as const]),
    ...(since === undefined ? [] : [[calledSince, [since]] as const]),
    ...(after === null
      ? []
      : [["(first_at, task_id) < (?, ?)", [after.startedAt, columnText(after.id)]] as const]),
  ];
  const where = conditions.map(([condition]) => `AND ${condition}`).join(" ");
  const sql = `${FIRST_SESSIONS} ${where} ORDER BY first_at DESC, task_id DESC LIMIT ?`;
  const rows = connection.all(sql, [...conditions.flatMap(([, values]) => values), limit]);
  const last = rows.length < limit ? undefined : rows.at(-1);
  return {
    items: rows.flatMap((row) => taskIn(connection, row) ?? []),
    next: last === undefined
      ? null
      : { startedAt: integerIn(last, "first_at"), id: textOfColumn(textIn(last, "task_id")) },
  };
}

export function seenTask(connection: Connection, id: string): SeenTask | null {
  const [row] = connection.all(`${FIRST_SESSIONS} AND task_id = ?`, [columnText(id)]);
  return row === undefined ? null : taskIn(connection, row);
}

/** Null of one that was told of, and is forgotten by now: see `retention.ts`. */
function taskIn(connection: Connection, first: Row): SeenTask | null {
  const column = textIn(first, "task_id");
  const id = textOfColumn(column);
  const { task, attribution: { agent } } = jsonIn(first) as Session;
  const [all] = connection.all(SUM, [column]);
  if (task === null || agent === null || all === undefined) return null;
  if (taskIdOf(agent, task.externalId) !== id) return null;
  const roleArn = textOrNullIn(first, "role_arn");
  return {
    ...task,
    id,
    agent,
    roleArn: roleArn === null ? null : textOfColumn(roleArn),
    startedAt: integerIn(first, "first_at"),
    lastCallAt: integerIn(all, "last_at"),
    sessionCount: integerIn(all, "sessions"),
    credentialCount: integerIn(all, "credentials"),
  };
}

const FIRST_SESSIONS = `SELECT task_id, role_arn, first_at, data FROM sessions
  WHERE task_id IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.id = sessions.task_id)
    AND NOT EXISTS (SELECT 1 FROM sessions AS other WHERE other.task_id = sessions.task_id
      AND (other.first_at, other.id, other.group_id)
        < (sessions.first_at, sessions.id, sessions.group_id))`;
const SUM = `SELECT max(last_at) AS last_at, count(*) AS sessions,
  sum(credential_count) AS credentials FROM sessions WHERE task_id = ?`;
