import { z } from "zod";
import { taskIdOf } from "../sessions/task.ts";
import type { AskApproval, EndTask, StartTask, TellCredential } from "./contract.ts";

/** Something to tell the service, as a value: sent now, or kept and sent later. */
export const TaskCall = z.object({ path: z.string(), body: z.record(z.string(), z.unknown()) });
export type TaskCall = Readonly<z.infer<typeof TaskCall>>;

export const isoAt = (at: number): string => new Date(at).toISOString();

export const isoOrNull = (at: number | null): string | null => at === null ? null : isoAt(at);

export function startCall(body: StartTask): TaskCall {
  return { path: "/v1/tasks", body };
}

export function heartbeatCall(id: string, at: number): TaskCall {
  return { path: `/v1/tasks/${id}/heartbeat`, body: { at: isoAt(at) } };
}

export function endCall(id: string, body: EndTask): TaskCall {
  return { path: `/v1/tasks/${id}/end`, body };
}

export function credentialCall(id: string, body: TellCredential): TaskCall {
  return { path: `/v1/tasks/${id}/credentials`, body };
}

export function askApprovalCall(id: string, body: AskApproval): TaskCall {
  return { path: `/v1/tasks/${id}/approval`, body };
}

export function taskIdIn({ agent, externalId }: StartTask): string {
  return taskIdOf(agent, externalId);
}
