import { taskIdOf, type TaskCredential } from "../../src/sessions/task.ts";
import type { TaskStart } from "../../src/sessions/task-told.ts";

/** 2026-03-01T10:00:00Z: when tasks of tests begin. */
export const begin = Date.UTC(2026, 2, 1, 10);

/** Seconds after {@link begin}. */
export const after = (seconds: number): number => begin + seconds * 1000;

export function taskStart(changes: Partial<TaskStart> = {}): TaskStart {
  const { agent = "aider", externalId = "T-123" } = changes;
  return {
    id: taskIdOf(agent, externalId), externalId, agent,
    mode: "readonly", expectedSeconds: 120, repository: "acme/api", actor: "alice",
    reason: "find the leak", startedAt: begin, heartbeatSeconds: 60,
    ...changes,
  };
}

/** Issued so many seconds after the start, for a quarter of an hour. */
export function taskCredential(accessKeyId: string, seconds: number): TaskCredential {
  return {
    accessKeyId, roleArn: "arn:aws:iam::111122223333:role/agents/aider-ro",
    sessionName: "aider-1772359200", issuedAt: after(seconds), expiresAt: after(seconds + 900),
  };
}
