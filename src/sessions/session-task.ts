import type { Session } from "./session.ts";
import type { TaskTie } from "./task-tie.ts";
import { taskIdOf, type Task } from "./task.ts";

/** The task a session is for: told of, or inferred from it alone. */
export interface SessionTask extends Pick<Task, "id" | "externalId" | "basis" | "confidence"> {
  /** How its credential is known to be for a task that was told of; null of an inferred one. */
  readonly by: TaskTie["by"] | null;
  /** ms UTC; null while it runs, and of an inferred one. */
  readonly endedAt: number | null;
}

/** The first of its credentials' that has any; null of what is no agent's. */
export function sessionTask({ credentials, attribution, task }: Session): SessionTask | null {
  for (const { tasks: [tie] } of credentials) {
    if (tie === undefined) continue;
    const { id, externalId, by, endedAt } = tie;
    return { id, externalId, basis: "told", confidence: confidenceOf[by], by, endedAt };
  }
  if (task === null || attribution.agent === null) return null;
  return { id: taskIdOf(attribution.agent, task.externalId), ...task, by: null, endedAt: null };
}

/** Anybody may call a session by a task's name. */
const confidenceOf = { "access-key": "high", chain: "high", name: "medium" } as const;

export function sessionTaskId(session: Session): string | null {
  return sessionTask(session)?.id ?? null;
}
