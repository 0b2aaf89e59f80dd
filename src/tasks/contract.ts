import { z } from "zod";
import { Mode } from "../config/run-schema.ts";
import { modes } from "../sessions/attribution.ts";
import { taskBases, taskOutcomes } from "../sessions/task.ts";

/**
 * What the service and those who work for it say to each other about tasks: bodies of requests are
 * strict, answers may grow. With examples: `docs/tasks-api.md`.
 */

/** ISO 8601, UTC. */
export const At = z.iso.datetime();
const Text = z.string().min(1).max(1024);
/** Printable ASCII without spaces, so that it can stand in a name, a tag and an address. */
export const ExternalId = z.string().regex(/^[!-~]{1,256}$/, "printable ASCII without spaces");
/** Of an access key; that of a secret key is longer, and holds other characters. */
const AccessKeyId = z.string().regex(/^[A-Z0-9]{16,32}$/, "an access key id");

/** POST /v1/tasks: 201 the task; 200 when it runs already; 409 when it has ended. */
export const StartTask = z.strictObject({
  externalId: ExternalId,
  agent: z.string().min(1).max(63),
  mode: Mode,
  startedAt: At,
  expectedSeconds: z.int().min(1).nullable(),
  /** Null: no signs of life will come; the task ends when somebody says so. */
  heartbeatSeconds: z.int().min(1).nullable(),
  repository: Text.nullable(),
  actor: Text.nullable(),
  reason: Text.nullable(),
});

/** POST /v1/tasks/:id/heartbeat: 200 the task; 409 when it was ended by somebody. */
export const Heartbeat = z.strictObject({ at: At });

/** POST /v1/tasks/:id/end: 200 the task, also when it had ended. The earliest end told counts. */
export const EndTask = z.strictObject({
  at: At,
  outcome: z.enum(["succeeded", "failed", "cancelled"]),
  exitCode: z.int().nullable(),
  /** That what is still valid of its credentials be revoked, as the config allows. */
  revoke: z.boolean(),
});

/** POST /v1/tasks/:id/credentials: 200 the task. Told twice is told once, by access key id. */
export const TellCredential = z.strictObject({
  accessKeyId: AccessKeyId,
  roleArn: z.string().max(2048),
  sessionName: z.string().max(64),
  issuedAt: At,
  expiresAt: At,
});

/** POST /v1/tasks/:id/approval: 200 the approval, which stays what it is when asked again. */
export const AskApproval = z.strictObject({ reason: Text.nullable(), expiresAt: At });

/** POST /v1/tasks/:id/approval/decision, by another person: 200 the approval. */
export const DecideApproval = z.strictObject({
  decision: z.enum(["granted", "denied"]),
  comment: Text.nullable(),
});

/** GET /v1/tasks/:id/approval?waitSeconds=20: answers when decided, or when so long is over. */
export const ApprovalView = z.object({
  state: z.enum(["pending", "granted", "denied", "expired"]),
  expiresAt: At,
  decidedBy: z.string().nullable(),
  decidedAt: At.nullable(),
  comment: z.string().nullable(),
});

export const TaskView = z.object({
  id: z.string(),
  externalId: z.string(),
  agent: z.string(),
  mode: z.enum(modes),
  expectedSeconds: z.number().nullable(),
  repository: z.string().nullable(),
  actor: z.string().nullable(),
  reason: z.string().nullable(),
  startedAt: At,
  heartbeatSeconds: z.number().nullable(),
  heartbeatAt: At.nullable(),
  endedAt: At.nullable(),
  outcome: z.enum(taskOutcomes).nullable(),
  basis: z.enum(taskBases),
  confidence: z.enum(["high", "medium", "low"]),
  credentials: z.array(z.object(TellCredential.shape)),
});

/** GET /v1/tasks */
export const TaskPage = z.object({ items: z.array(TaskView), next: z.string().nullable() });

export type StartTask = z.infer<typeof StartTask>;
export type EndTask = z.infer<typeof EndTask>;
export type TellCredential = z.infer<typeof TellCredential>;
export type AskApproval = z.infer<typeof AskApproval>;
export type DecideApproval = z.infer<typeof DecideApproval>;
export type ApprovalView = z.infer<typeof ApprovalView>;
export type TaskView = z.infer<typeof TaskView>;
