import { approvalState, type Approval } from "../sessions/approval.ts";
import type { Task, TaskCredential } from "../sessions/task.ts";
import type { TaskEnd, TaskStart } from "../sessions/task-told.ts";
import { isoAt, isoOrNull, taskIdIn } from "./call.ts";
import type { ApprovalView, EndTask, StartTask, TaskView, TellCredential } from "./contract.ts";

/** What the contract answers: its instants are text, ours numbers. */
export function taskView(task: Task): TaskView {
  const { startedAt, heartbeatAt, endedAt, credentials, ...rest } = task;
  return {
    ...rest,
    startedAt: isoAt(startedAt),
    heartbeatAt: isoOrNull(heartbeatAt),
    endedAt: isoOrNull(endedAt),
    credentials: credentials.map(({ issuedAt, expiresAt, ...of }) =>
      ({ ...of, issuedAt: isoAt(issuedAt), expiresAt: isoAt(expiresAt) })),
  };
}

export function approvalView(approval: Approval, asOf: number): ApprovalView {
  const { decision, expiresAt } = approval;
  return {
    state: approvalState(approval, asOf),
    expiresAt: isoAt(expiresAt),
    decidedBy: decision?.by ?? null,
    decidedAt: isoOrNull(decision?.at ?? null),
    comment: decision?.comment ?? null,
  };
}

export function startIn(body: StartTask): TaskStart {
  return { ...body, id: taskIdIn(body), startedAt: Date.parse(body.startedAt) };
}

export function endIn(body: EndTask): TaskEnd {
  return { ...body, at: Date.parse(body.at) };
}

export function credentialIn(body: TellCredential): TaskCredential {
  const { issuedAt, expiresAt } = body;
  return { ...body, issuedAt: Date.parse(issuedAt), expiresAt: Date.parse(expiresAt) };
}
