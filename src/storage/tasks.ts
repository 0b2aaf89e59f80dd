import type { Task, TaskCredential } from "../sessions/task.ts";
import { noTasks, type ToldTasks } from "../sessions/task-tie.ts";
import {
  isSilent, startTold, taskOf, withNews, type TaskEnd, type TaskStart, type TaskTold,
} from "../sessions/task-told.ts";
import type {
  StartedTask, TaskFilter, TaskPlace, TaskStore, Teller,
} from "../sessions/task-store.ts";
import { askApproval, approvalOf, decideApproval } from "./approvals.ts";
import { columnText } from "./column-text.ts";
import type { Connection, Parameter } from "./connection.ts";
import { credentialsOfAgent, dueTasks, tasksJudged, tasksJudgedBy } from "./due-tasks.ts";
import { keepDeed } from "./finding-decisions.ts";
import type { Engine } from "./sqlite-store.ts";
import { keepNews, keepTask, takeWaiting, toldOf, toldWhere } from "./task-rows.ts";

export function taskStore({ writer, reader }: Engine): TaskStore {
  const { connection } = writer;
  return {
    startTask: (start, by) => writer.transaction(() => startTask(connection, start, by)),
    taskLives: (id, at, heardAt) => writer.transaction(() =>
      keepNews(connection, { id, at: heardAt }, { kind: "heartbeat", at, heardAt })),
    tellCredential: (id, credential, unapproved) => writer.transaction(() =>
      tellCredential(connection, id, { credential, unapproved })),
    endTask: (id, end, by) => writer.transaction(() => endTask(connection, { id, end, by })),
    // Mostly there is none, and it is asked every few seconds: no need of the write lock then.
    sweepLost: async (by, listeningSince) => toldWhere(reader, SILENT, [by]).length === 0
      ? []
      : await writer.transaction(() => toldWhere(connection, SILENT, [by])
        .filter((told) => isSilent(told, by, listeningSince))
        .map((told) => keepTask(connection, told, withNews(told, { kind: "silence", by })))),
    task: (id) => Promise.resolve(taskOrNull(toldOf(reader, id))),
    hasTasks: () => Promise.resolve(reader.all("SELECT 1 FROM tasks LIMIT 1", []).length > 0),
    toldTasks: (keys, externalIds) => Promise.resolve(toldTasks(reader, keys, externalIds)),
    dueTasks: (by, limit) => Promise.resolve(dueTasks(reader, by, limit)),
    credentialsOfAgent: (agent) => Promise.resolve(credentialsOfAgent(reader, agent)),
    tasksJudged: (judged, by) => writer.transaction(() => { tasksJudged(connection, judged, by); }),
    tasksJudgedBy: () => Promise.resolve(tasksJudgedBy(reader)),
    listTasks: (filter, slice) => Promise.resolve(listTasks(reader, filter, slice)),
    askApproval: (approval) => writer.transaction(() => askApproval(connection, approval)),
    approval: (taskId) => Promise.resolve(approvalOf(reader, taskId)),
    decideApproval: (taskId, decision) =>
      writer.transaction(() => decideApproval(connection, taskId, decision)),
  };
}

function startTask(connection: Connection, start: TaskStart, by: Teller): StartedTask {
  const known = taskOrNull(toldOf(connection, start.id));
  if (known !== null) return { task: known, isNew: false };
  keepDeed(connection, {
    action: "task.start", subject: start.id, by,
    reason: start.reason ?? `${start.agent} ${start.mode} ${start.externalId}`,
  });
  const told = takeWaiting(connection, start.id).reduce(withNews, startTold(start, by.at));
  return { task: keepTask(connection, null, told), isNew: true };
}

function endTask(
  connection: Connection,
  { id, end, by }: { readonly id: string; readonly end: TaskEnd; readonly by: Teller },
): Task | null {
  if (toldOf(connection, id)?.end == null) {
    const { outcome, exitCode, revoke } = end;
    const reason = `Exit code ${exitCode ?? "none"}${revoke ? ", to be revoked" : ""}.`;
    keepDeed(connection, { action: `task.end ${outcome}`, subject: id, reason, by });
  }
  return keepNews(connection, { id, at: by.at }, { kind: "end", end });
}

function tellCredential(
  connection: Connection,
  id: string,
  { credential, unapproved }: {
    readonly credential: TaskCredential;
    readonly unapproved: Teller | undefined;
  },
): Task | null {
  const known = toldOf(connection, id)?.credentials ?? [];
  const { accessKeyId, issuedAt: at } = credential;
  const isNew = !known.some((each) => each.accessKeyId === accessKeyId);
  const task = keepNews(connection, { id, at }, { kind: "credential", credential });
  if (task !== null && isNew && unapproved !== undefined) {
    const deed = { action: "task.credential unapproved", subject: id, reason: accessKeyId };
    keepDeed(connection, { ...deed, by: unapproved });
  }
  return task;
}

function taskOrNull(told: TaskTold | null): Task | null {
  return told === null ? null : taskOf(told);
}

function toldTasks(
  connection: Connection,
  accessKeyIds: readonly string[],
  externalIds: readonly string[],
): ToldTasks {
  if (accessKeyIds.length + externalIds.length === 0) return noTasks;
  const keys = JSON.stringify(accessKeyIds.map(columnText));
  const names = JSON.stringify(externalIds.map(columnText));
  const tasks = toldWhere(connection, TIED, [keys, names]).map(taskOf);
  const wanted = new Set(accessKeyIds);
  const byKey = new Map<string, Task[]>();
  const byExternalId = new Map<string, Task[]>();
  const add = (map: Map<string, Task[]>, key: string, task: Task) => {
    map.set(key, [...(map.get(key) ?? []), task]);
  };
  for (const task of tasks) {
    add(byExternalId, task.externalId, task);
    for (const { accessKeyId } of task.credentials) {
      if (wanted.has(accessKeyId)) add(byKey, accessKeyId, task);
    }
  }
  return { byKey, byExternalId };
}

function listTasks(
  connection: Connection,
  { agent, isOpen, since }: TaskFilter,
  { limit, after }: { readonly limit: number; readonly after: TaskPlace | null },
): readonly Task[] {
  const conditions: (readonly [string, readonly Parameter[]])[] = [
    ...(agent === undefined ? [] : [["agent = ?", [columnText(agent)]] as const]),
    ...(isOpen === undefined ? [] : [[`ended_at IS ${isOpen ? "" : "NOT "}NULL`, []] as const]),
    ...(since === undefined ? [] : [["(ended_at IS NULL OR ended_at >= ?)", [since]] as const]),
    ...(after === null
      ? []
      : [["(started_at, id) < (?, ?)", [after.startedAt, columnText(after.id)]] as const]),
  ];
  const where = conditions.map(([condition]) => `AND ${condition}`).join(" ");
  const sql = `SELECT told AS data FROM tasks WHERE 1 ${where}
    ORDER BY started_at DESC, id DESC LIMIT ?`;
  return toldWhere(connection, sql, [...conditions.flatMap(([, values]) => values), limit])
    .map(taskOf);
}

const SILENT = "SELECT told AS data FROM tasks WHERE silent_at <= ?";
const TIED = `SELECT told AS data FROM tasks WHERE id IN (SELECT task_id FROM task_credentials
  WHERE access_key_id IN (SELECT value FROM json_each(?1)))
  UNION SELECT told FROM tasks WHERE external_id IN (SELECT value FROM json_each(?2))`;
