import { judgeDecision, type Approval, type ApprovalDecision } from "../sessions/approval.ts";
import type { Task, TaskCredential } from "../sessions/task.ts";
import {
  byIssue, isSilent, silentAt, startTold, taskOf, withNews, type TaskEnd, type TaskNews,
  type TaskStart, type TaskTold,
} from "../sessions/task-told.ts";
import type {
  DecidedApproval, StartedTask, TaskFilter, TaskPlace, TaskStore, Teller,
} from "../sessions/task-store.ts";
import { columnText } from "./column-text.ts";
import { jsonIn, type Connection, type Parameter } from "./connection.ts";
import { keepDeed } from "./finding-decisions.ts";
import type { Engine } from "./sqlite-store.ts";

/** What the column `told` holds; credentials have rows of their own. */
type KeptTold = Omit<TaskTold, "credentials">;

export function taskStore({ writer, reader }: Engine): TaskStore {
  const { connection } = writer;
  const news = (id: string, what: TaskNews) =>
    writer.transaction(() => keepNews(connection, id, what));
  return {
    startTask: (start, by) => writer.transaction(() => startTask(connection, start, by)),
    taskLives: (id, at, heardAt) => news(id, { kind: "heartbeat", at, heardAt }),
    tellCredential: (id, credential, unapproved) => writer.transaction(() =>
      tellCredential(connection, id, { credential, unapproved })),
    endTask: (id, end, by) => writer.transaction(() => endTask(connection, { id, end, by })),
    // Mostly there is none, and it is asked every few seconds: no need of the write lock then.
    sweepLost: async (by, listeningSince) => wentSilent(reader, by).length === 0
      ? []
      : await writer.transaction(() => wentSilent(connection, by)
        .filter((told) => isSilent(told, by, listeningSince))
        .map((told) => keep(connection, withNews(told, { kind: "silence", by })))),
    task: (id) => Promise.resolve(taskOrNull(toldOf(reader, id))),
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
  return { task: keep(connection, startTold(start, by.at)), isNew: true };
}

function endTask(
  connection: Connection,
  { id, end, by }: { readonly id: string; readonly end: TaskEnd; readonly by: Teller },
): Task | null {
  const told = toldOf(connection, id);
  if (told === null) return null;
  if (told.end === null) {
    const { outcome, exitCode, revoke } = end;
    const reason = `Exit code ${exitCode ?? "none"}${revoke ? ", to be revoked" : ""}.`;
    keepDeed(connection, { action: `task.end ${outcome}`, subject: id, reason, by });
  }
  return keep(connection, withNews(told, { kind: "end", end }));
}

function keepNews(connection: Connection, id: string, news: TaskNews): Task | null {
  const told = toldOf(connection, id);
  if (told === null) return null;
  return keep(connection, withNews(told, news));
}

function tellCredential(
  connection: Connection,
  id: string,
  { credential, unapproved }: {
    readonly credential: TaskCredential;
    readonly unapproved: Teller | undefined;
  },
): Task | null {
  const task = keepNews(connection, id, { kind: "credential", credential });
  if (task === null) return null;
  const { accessKeyId } = credential;
  const row = [columnText(id), columnText(accessKeyId), JSON.stringify(credential)];
  const isNew = connection.run(KEEP_CREDENTIAL, row) > 0;
  if (isNew && unapproved !== undefined) {
    const deed = { action: "task.credential unapproved", subject: id, reason: accessKeyId };
    keepDeed(connection, { ...deed, by: unapproved });
  }
  return task;
}

function keep(connection: Connection, told: TaskTold): Task {
  const { start, heardAt, heartbeatAt, end, silentBy } = told;
  const kept: KeptTold = { start, heardAt, heartbeatAt, end, silentBy };
  const { id, agent, startedAt } = start;
  const task = taskOf(told);
  connection.run(KEEP, [
    columnText(id), columnText(agent), startedAt, task.endedAt,
    task.endedAt === null ? silentAt(told) : null, JSON.stringify(kept),
  ]);
  return task;
}

function toldOf(connection: Connection, id: string): TaskTold | null {
  const [row] = connection.all("SELECT told AS data FROM tasks WHERE id = ?", [columnText(id)]);
  return row === undefined ? null : whole(connection, jsonIn(row) as KeptTold);
}

function wentSilent(connection: Connection, by: number): readonly TaskTold[] {
  return connection.all(SILENT, [by]).map((row) => whole(connection, jsonIn(row) as KeptTold));
}

function whole(connection: Connection, kept: KeptTold): TaskTold {
  const rows = connection.all(CREDENTIALS, [columnText(kept.start.id)]);
  return { ...kept, credentials: rows.map((row) => jsonIn(row) as TaskCredential).sort(byIssue) };
}

function taskOrNull(told: TaskTold | null): Task | null {
  return told === null ? null : taskOf(told);
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
  const rows = connection.all(sql, [...conditions.flatMap(([, values]) => values), limit]);
  return rows.map((row) => taskOf(whole(connection, jsonIn(row) as KeptTold)));
}

function askApproval(
  connection: Connection,
  asked: Omit<Approval, "decision">,
): Approval | null {
  const { taskId } = asked;
  if (toldOf(connection, taskId) === null) return null;
  const known = approvalOf(connection, taskId);
  if (known !== null) return known;
  const approval: Approval = { ...asked, decision: null };
  connection.run(KEEP_APPROVAL, [columnText(taskId), JSON.stringify(approval)]);
  return approval;
}

function approvalOf(connection: Connection, taskId: string): Approval | null {
  const [row] = connection.all("SELECT data FROM approvals WHERE task_id = ?", [
    columnText(taskId),
  ]);
  return row === undefined ? null : jsonIn(row) as Approval;
}

function decideApproval(
  connection: Connection,
  taskId: string,
  decision: ApprovalDecision,
): DecidedApproval | null {
  const approval = approvalOf(connection, taskId);
  const told = toldOf(connection, taskId);
  if (approval === null || told === null) return null;
  const decided = judgeDecision(approval, told.start, decision);
  if (decided !== "decided") return { approval, decided };
  const after: Approval = { ...approval, decision };
  connection.run(KEEP_APPROVAL, [columnText(taskId), JSON.stringify(after)]);
  keepDeed(connection, {
    action: `task.approval ${decision.decision}`,
    subject: taskId,
    reason: decision.comment ?? "No comment.",
    by: { actor: decision.by, at: decision.at },
  });
  return { approval: after, decided };
}

const KEEP = `INSERT INTO tasks (id, agent, started_at, ended_at, silent_at, told)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at,
  silent_at = excluded.silent_at, told = excluded.told`;
const KEEP_CREDENTIAL = `INSERT INTO task_credentials (task_id, access_key_id, data)
  VALUES (?, ?, ?) ON CONFLICT DO NOTHING`;
const CREDENTIALS = "SELECT data FROM task_credentials WHERE task_id = ?";
const SILENT = "SELECT told AS data FROM tasks WHERE silent_at <= ?";
const KEEP_APPROVAL = `INSERT INTO approvals (task_id, data) VALUES (?, ?)
  ON CONFLICT (task_id) DO UPDATE SET data = excluded.data`;
