import type { InferredTask } from "./infer-task.ts";
import type { IssuedCredential } from "./lifetimes.ts";
import type { TaskPlace } from "./task-store.ts";

/** A credential's place in the list: of the last one before it. */
export type IssuedPlace = Pick<IssuedCredential, "issuedAt" | "accessKeyId">;

/** Issued at `since` or after, and before `until`; ms UTC. */
export interface IssuedWithin {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** A task nobody told of, by the sessions that seem to be for it. Instants in ms UTC. */
export interface SeenTask extends InferredTask {
  /** {@link taskIdOf} its agent and external id. */
  readonly id: string;
  readonly agent: string;
  /** Of its first session. */
  readonly roleArn: string | null;
  /** Its first call. */
  readonly startedAt: number;
  readonly lastCallAt: number;
  readonly sessionCount: number;
  /** A key that two of its sessions used counts twice. */
  readonly credentialCount: number;
}

export interface SeenTaskFilter {
  readonly agent?: string | undefined;
  /** Only those that were called after an instant (ms UTC), or were not. */
  readonly called?: { readonly after: number; readonly isSo: boolean } | undefined;
  /** ms UTC: only what went on at this instant or after. */
  readonly since?: number | undefined;
}

/** Some of a list, and where to go on; a part may be shorter than asked for, and still go on. */
export interface Listed<T, P> {
  readonly items: readonly T[];
  /** Null: that is all. */
  readonly next: P | null;
}

/** How many, and behind which place; null: from the beginning. */
export interface From<P> {
  readonly limit: number;
  readonly after: P | null;
}

/** What the store knows of how long credentials were needed, and of tasks nobody told of. */
export interface LifetimeStore {
  /** Temporary credentials of agents, told of or seen, each key once, the last issued first. */
  issuedCredentials(
    within: IssuedWithin,
    from: From<IssuedPlace>,
  ): Promise<Listed<IssuedCredential, IssuedPlace>>;
  /** Those of a task, told of or inferred: the last issued first, at most `limit`. */
  credentialsOfTask(id: string, limit: number): Promise<readonly IssuedCredential[]>;
  /** The latest begun first. */
  seenTasks(
    filter: SeenTaskFilter, from: From<TaskPlace>,
  ): Promise<Listed<SeenTask, TaskPlace>>;
  /** Null also where somebody told of it. */
  seenTask(id: string): Promise<SeenTask | null>;
}
