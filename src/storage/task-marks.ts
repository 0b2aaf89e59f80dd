import type { Task } from "../sessions/task.ts";
import { tieTo } from "../sessions/task-tie.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { touchGroups } from "./marks.ts";

/**
 * Marks the groups that see a task otherwise than before: those that used its keys, those opened
 * from there, and those whose sessions call themselves by its name.
 */
export function markTied(connection: Connection, before: Task | null, after: Task): void {
  const known = new Set(before?.credentials.map(({ accessKeyId }) => accessKeyId));
  const isSame = before !== null && viewOf(before) === viewOf(after);
  const keys = after.credentials
    .map(({ accessKeyId }) => accessKeyId)
    .filter((key) => !isSame || !known.has(key));
  touchGroups(connection, keys.map((accessKeyId) => ({ principalId: null, accessKeyId, at: 0 })));
  if (!isSame) connection.run(MARK_NAMED, [columnText(after.id)]);
}

function viewOf(task: Task): string {
  return JSON.stringify(tieTo(task, "access-key"));
}

const MARK_NAMED = `UPDATE groups SET dirty = 1, revision = revision + 1
  WHERE state IS NOT NULL AND id IN (SELECT group_id FROM sessions WHERE task_id = ?)`;
