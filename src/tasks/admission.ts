import { writeModes } from "../config/run-schema.ts";
import type { Config } from "../config/schema.ts";
import type { Task } from "../sessions/task.ts";
import type { StartTask } from "./contract.ts";

/**
 * Why the config does not let such a task begin, as a sentence; null when it may. Whoever starts
 * tasks has a config of their own: this is the service's word.
 */
export function refusalToStart(
  { agent: name, mode, reason }: Pick<StartTask, "agent" | "mode" | "reason">,
  { agents }: Pick<Config, "agents">,
): string | null {
  const modes = agents.find((agent) => agent.name === name)?.modes ?? {};
  const names = Object.keys(modes);
  if (names.length > 0 && modes[mode] === undefined) {
    return `Agent ${name} has no mode ${mode} in the service's config. It has ${names.join(", ")}.`;
  }
  const isReasonNeeded = writeModes.includes(mode) || modes[mode]?.needsReason === true;
  return isReasonNeeded && reason === null ? `Mode ${mode} needs a reason. Say why.` : null;
}

/** Whether the config wants another person's yes before a credential is issued. */
export function needsApproval(
  { agent: name, mode }: Pick<Task, "agent" | "mode">,
  { agents }: Pick<Config, "agents">,
): boolean {
  const modes: Readonly<Record<string, { readonly approval: boolean } | undefined>> =
    agents.find((agent) => agent.name === name)?.modes ?? {};
  return modes[mode]?.approval === true;
}
