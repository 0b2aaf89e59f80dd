import { z } from "zod";
import {
  ApprovalView, AskApproval, DecideApproval, EndTask, Heartbeat, StartTask, TaskView,
  TellCredential,
} from "../tasks/contract.ts";

export const exampleTask = {
  id: "61ad6ec4c6b2a9a6cb9f8a3b0f5b8d70",
  externalId: "T-123",
  agent: "aider",
  mode: "readonly" as const,
  expectedSeconds: 120,
  repository: "acme/api",
  actor: "alice",
  reason: "find the leak",
  startedAt: "2026-03-01T10:00:00.000Z",
  heartbeatSeconds: 60,
  heartbeatAt: "2026-03-01T10:01:40.000Z",
  endedAt: "2026-03-01T10:02:00.000Z",
  outcome: "succeeded" as const,
  basis: "told" as const,
  confidence: "high" as const,
  credentials: [{
    accessKeyId: "ASIATASKKEY000000001",
    roleArn: "arn:aws:iam::111122223333:role/agents/aider-readonly",
    sessionName: "aider-1772359200",
    issuedAt: "2026-03-01T10:00:00.000Z",
    expiresAt: "2026-03-01T10:15:00.000Z",
  }],
};

export const TaskShape = TaskView.meta({
  id: "Task",
  description: "A unit of work given to an agent, as it was told. lost: its signs of life " +
    "stopped, and nobody said how it ended.",
  example: exampleTask,
});

export const ApprovalShape = ApprovalView.meta({
  id: "Approval",
  description: "Another person's yes or no to a task.",
  example: {
    state: "granted",
    expiresAt: "2026-03-01T10:15:00.000Z",
    decidedBy: "token:bob",
    decidedAt: "2026-03-01T10:01:00.000Z",
    comment: null,
  },
});

const { externalId, agent, mode, expectedSeconds, repository, actor, reason } = exampleTask;
const { startedAt, heartbeatSeconds, credentials } = exampleTask;

/** What is told, with examples. */
export const bodies = {
  start: StartTask.meta({
    example: {
      externalId, agent, mode, startedAt, expectedSeconds, heartbeatSeconds, repository, actor,
      reason,
    },
  }),
  heartbeat: Heartbeat.meta({ example: { at: exampleTask.heartbeatAt } }),
  credential: TellCredential.meta({ example: credentials[0] }),
  end: EndTask.meta({
    example: { at: exampleTask.endedAt, outcome: "succeeded", exitCode: 0, revoke: false },
  }),
  ask: AskApproval.meta({
    example: { reason: "release 4.2", expiresAt: "2026-03-01T10:15:00.000Z" },
  }),
  decide: DecideApproval.meta({ example: { decision: "granted", comment: null } }),
};

/** A task's id in a path. */
export const TaskPath = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{32}$/, "expected the 32 hex digits of a task's id")
    .meta({ example: exampleTask.id }),
});
