import type { Task } from "../sessions/task.ts";
import { printable } from "../text/printable.ts";

/** A task that ended, as a log shows it: what it is called, others chose. */
export function taskFields({ id, agent, externalId, outcome, startedAt, endedAt }: Task) {
  const seconds = endedAt === null ? null : (endedAt - startedAt) / 1000;
  return { id, agent: printable(agent), task: printable(externalId), outcome, seconds };
}
