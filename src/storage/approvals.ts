import { judgeDecision, type Approval, type ApprovalDecision } from "../sessions/approval.ts";
import type { DecidedApproval } from "../sessions/task-store.ts";
import { columnText } from "./column-text.ts";
import { jsonIn, type Connection } from "./connection.ts";
import { keepDeed } from "./finding-decisions.ts";
import { toldOf } from "./task-rows.ts";

export function askApproval(
  connection: Connection,
  asked: Omit<Approval, "decision">,
): Approval | null {
  const { taskId } = asked;
  if (toldOf(connection, taskId) === null) return null;
  const known = approvalOf(connection, taskId);
  if (known !== null) return known;
  const approval: Approval = { ...asked, decision: null };
  connection.run(KEEP, [columnText(taskId), JSON.stringify(approval)]);
  return approval;
}

export function approvalOf(connection: Connection, taskId: string): Approval | null {
  const [row] = connection.all("SELECT data FROM approvals WHERE task_id = ?", [
    columnText(taskId),
  ]);
  return row === undefined ? null : jsonIn(row) as Approval;
}

export function decideApproval(
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
  connection.run(KEEP, [columnText(taskId), JSON.stringify(after)]);
  keepDeed(connection, {
    action: `task.approval ${decision.decision}`,
    subject: taskId,
    reason: decision.comment ?? "No comment.",
    by: { actor: decision.by, at: decision.at },
  });
  return { approval: after, decided };
}

const KEEP = `INSERT INTO approvals (task_id, data) VALUES (?, ?)
  ON CONFLICT (task_id) DO UPDATE SET data = excluded.data`;
