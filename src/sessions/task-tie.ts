import type { Config } from "../config/schema.ts";
import type { ChainLink } from "./chain.ts";
import type { Issuance } from "./issuance.ts";
import type { Task } from "./task.ts";
import { taskHints } from "./task-hints.ts";

/** A task that somebody told of, as a credential of a session was issued for it. */
export type TaskTie = Pick<
  Task,
  "id" | "externalId" | "agent" | "mode" | "expectedSeconds" | "startedAt" | "endedAt" | "outcome"
> & {
  /**
   * Whoever issued it named its key; it was asked for with a key that was so named; or what the
   * session calls itself names the task, which anybody may write.
   */
  readonly by: "access-key" | "chain" | "name";
};

/** What was told of tasks, as far as it may concern a group. */
export interface ToldTasks {
  /** By the access keys that were told to be issued for them. */
  readonly byKey: ReadonlyMap<string, readonly Task[]>;
  readonly byExternalId: ReadonlyMap<string, readonly Task[]>;
}

export const noTasks: ToldTasks = { byKey: new Map(), byExternalId: new Map() };

/** What a credential shows of the task it is for. */
export interface Tied {
  readonly accessKeyId: string;
  readonly firstAt: number;
  /** The credential's own. */
  readonly issuance: Issuance | null;
  /** From the session's issuance up. */
  readonly links: readonly ChainLink[];
  readonly agent: string | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
}

/**
 * The tasks of a credential, the first started first; of its chain, the nearest key's that has any.
 * A name ties only what began before the task ended: names come again.
 */
export function tiesOf(tied: Tied, told: ToldTasks, config: Config): readonly TaskTie[] {
  const own = told.byKey.get(tied.accessKeyId);
  if (own !== undefined) return tiesTo(own, "access-key");
  for (const { issuer } of tied.links) {
    const asked = issuer.accessKeyId === null ? undefined : told.byKey.get(issuer.accessKeyId);
    if (asked !== undefined) return tiesTo(asked, "chain");
  }
  if (told.byExternalId.size === 0) return [];
  const since = tied.issuance?.at ?? tied.firstAt;
  for (const { externalId } of taskHints(tied, config)) {
    const named = (told.byExternalId.get(externalId) ?? []).filter(({ agent, endedAt }) =>
      agent === tied.agent && since <= (endedAt ?? Infinity));
    if (named.length > 0) return tiesTo(named, "name");
  }
  return [];
}

function tiesTo(tasks: readonly Task[], by: TaskTie["by"]): readonly TaskTie[] {
  return tasks.map((task) => tieTo(task, by)).sort(inTime);
}

/** Without its signs of life: while it lives, they say nothing new. */
export function tieTo(task: Task, by: TaskTie["by"]): TaskTie {
  const { id, externalId, agent, mode, expectedSeconds, startedAt, endedAt, outcome } = task;
  return { id, externalId, agent, mode, expectedSeconds, startedAt, endedAt, outcome, by };
}

function inTime(a: TaskTie, b: TaskTie): number {
  return a.startedAt - b.startedAt || (a.id < b.id ? -1 : 1);
}

/**
 * The task that an instant (ms UTC) of a credential belongs to: of those that ran then, the one
 * begun last; else the one that ended last before; else the first to begin.
 */
export function taskAt(ties: readonly TaskTie[], at: number): TaskTie | null {
  if (ties.length === 0) return null;
  const running = ties.filter((tie) => tie.startedAt <= at && (tie.endedAt ?? Infinity) >= at);
  if (running.length > 0) return running.at(-1) ?? null;
  const over = ties.filter(({ endedAt }) => endedAt !== null && endedAt < at);
  return over.reduce<TaskTie | null>(
    (last, tie) => (last?.endedAt ?? -Infinity) > (tie.endedAt ?? 0) ? last : tie, null,
  ) ?? ties[0] ?? null;
}
