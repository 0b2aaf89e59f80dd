import type { Config } from "../config/schema.ts";
import type { Issuance } from "./issuance.ts";
import { externalIdIn } from "./session-name.ts";
import type { TaskBasis } from "./task.ts";

/** What a session says of the task it is for. */
export interface Hinting {
  readonly issuance: Pick<Issuance, "tags" | "sourceIdentity"> | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
}

/** A task's external id as a session names it, and where it does. */
export interface TaskHint {
  readonly externalId: string;
  readonly basis: TaskBasis & ("session-tag" | "source-identity" | "session-name");
}

/**
 * The external ids that a session may be naming, the best first: tags are set by whoever may tag,
 * a source identity stays down the chain, a name is as its convention has it.
 */
export function taskHints(
  { issuance, sessionName, sourceIdentity }: Hinting,
  { tasks, agents }: Pick<Config, "tasks" | "agents">,
): readonly TaskHint[] {
  const hints: TaskHint[] = [];
  for (const key of tasks.sessionTags) {
    const externalId = issuance?.tags[key];
    if (externalId) hints.push({ externalId, basis: "session-tag" });
  }
  const source = sourceIdentity ?? issuance?.sourceIdentity ?? null;
  if (tasks.sourceIdentity === "task" && source !== null) {
    hints.push({ externalId: source, basis: "source-identity" });
  }
  if (sessionName === null) return hints;
  for (const { name, sessionName: template } of agents) {
    const externalId = externalIdIn(sessionName, template, name);
    if (externalId !== null) hints.push({ externalId, basis: "session-name" });
  }
  return hints;
}
