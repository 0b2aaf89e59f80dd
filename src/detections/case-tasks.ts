import { z } from "zod";
import { modes } from "../sessions/attribution.ts";
import { taskIdOf } from "../sessions/task.ts";
import { startTold, withNews, type TaskNews, type TaskTold } from "../sessions/task-told.ts";

const At = z.iso.datetime("expected an instant like 2026-03-01T10:00:00Z");

/** What somebody told of a task, as a case writes it. */
export const CaseTask = z.strictObject({
  agent: z.string(),
  task: z.string(),
  mode: z.enum(modes).default("readonly"),
  startedAt: At.default("2026-03-01T10:00:00Z"),
  expectedSeconds: z.int().min(1).optional(),
  endedAt: At.optional(),
  outcome: z.enum(["succeeded", "failed", "cancelled"]).default("succeeded"),
  credentials: z
    .array(z.strictObject({
      accessKeyId: z.string(),
      roleArn: z.string().default("arn:aws:iam::111111111111:role/agents/ro-inventory"),
      issuedAt: At.default("2026-03-01T10:00:00Z"),
      expiresAt: At.default("2026-03-01T11:00:00Z"),
    }))
    .default([]),
});

/** All of it, as if it had been told in time. */
export function taskToldIn(written: z.infer<typeof CaseTask>): TaskTold {
  const { agent, task: externalId, mode, outcome, endedAt } = written;
  const startedAt = Date.parse(written.startedAt);
  const start = {
    id: taskIdOf(agent, externalId), externalId, agent, mode, startedAt,
    expectedSeconds: written.expectedSeconds ?? null,
    repository: null, actor: null, reason: null, heartbeatSeconds: null,
  };
  const news: TaskNews[] = written.credentials.map(({ issuedAt, expiresAt, ...rest }) => ({
    kind: "credential",
    credential: {
      ...rest, sessionName: externalId,
      issuedAt: Date.parse(issuedAt), expiresAt: Date.parse(expiresAt),
    },
  }));
  if (endedAt !== undefined) {
    const end = { at: Date.parse(endedAt), outcome, exitCode: null, revoke: false };
    news.push({ kind: "end", end });
  }
  return news.reduce(withNews, startTold(start, startedAt));
}
