import type { Approval, ApprovalDecision, Decided } from "./approval.ts";
import type { Credential, Session } from "./session.ts";
import type { Task, TaskCredential } from "./task.ts";
import type { ToldTasks } from "./task-tie.ts";
import type { TaskEnd, TaskStart } from "./task-told.ts";

/** Who tells, `token:ci` or `cli:ann`, and when (ms UTC): starts, ends and decisions are logged. */
export interface Teller {
  readonly actor: string;
  readonly at: number;
}

/** A place in the list: of the last task before it. */
export type TaskPlace = Pick<Task, "startedAt" | "id">;

export interface TaskFilter {
  readonly agent?: string | undefined;
  /** Only those that run (true), or that have ended. */
  readonly isOpen?: boolean | undefined;
  /** ms UTC: only what went on at this instant or after. */
  readonly since?: number | undefined;
}

/** A task to be judged, and its revision: a number that grows whenever it changes. */
export interface DueTask {
  readonly task: Task;
  readonly revision: number;
  /** Those for which it was told that they are for it, or which seem to be. */
  readonly sessions: readonly Session[];
}

/** A credential of a task or an agent: told of, or seen in use. */
export interface HeldCredential {
  readonly accessKeyId: string;
  readonly roleArn: string | null;
  /** ms UTC; of one that was only seen, its issuance's, else its first use. */
  readonly issuedAt: number;
  /** ms UTC; null: not known. */
  readonly expiresAt: number | null;
  /** Null while no call was seen, or who called does not matter. */
  readonly seen: { readonly session: Session; readonly credential: Credential } | null;
}

export interface JudgedTask {
  readonly id: string;
  /** As it was read; what changed since is due still. */
  readonly revision: number;
  readonly dueAt: number | null;
}

export interface StartedTask {
  readonly task: Task;
  readonly isNew: boolean;
}

export interface DecidedApproval {
  readonly approval: Approval;
  readonly decided: Decided;
}

/**
 * What the store keeps of tasks. Every call may be made again. Null: there is no such task; what
 * was told of it is kept until its start is told, so that it does not matter which comes first.
 *
 * Whatever changes when a task began, ended, or which credentials are its own marks the groups that
 * used them, or were opened from there, or call themselves by its name: to be judged again.
 */
export interface TaskStore {
  /** The first start that is told of a task stands; `isNew` where this is it. */
  startTask(start: TaskStart, by: Teller): Promise<StartedTask>;
  /** @param heardAt ms UTC, by our clock */
  taskLives(id: string, at: number, heardAt: number): Promise<Task | null>;
  /** The earliest end that is told stands; `lost` gives way to it. */
  endTask(id: string, end: TaskEnd, by: Teller): Promise<Task | null>;
  /**
   * Told twice is told once, by access key id. Also after the end.
   *
   * @param unapproved who tells of one that was issued without the approval it needs: it is true
   *   all the same, and logged
   */
  tellCredential(
    id: string, credential: TaskCredential, unapproved?: Teller,
  ): Promise<Task | null>;
  /**
   * Ends as `lost` what has been silent for too long by then, and gives it.
   *
   * @param listeningSince ms UTC: silence before that says nothing, since nobody could be heard
   */
  sweepLost(by: number, listeningSince: number): Promise<readonly Task[]>;

  task(id: string): Promise<Task | null>;
  /** Whether any was ever told of. */
  hasTasks(): Promise<boolean>;
  /** Those that these keys were told to be issued for, and those that are called so. */
  toldTasks(accessKeyIds: readonly string[], externalIds: readonly string[]): Promise<ToldTasks>;
  /**
   * Tasks of which something changed, or will have by `by` (ms UTC), with what is known of their
   * credentials; at most `limit`, by id.
   */
  dueTasks(by: number, limit: number): Promise<readonly DueTask[]>;
  /** All temporary credentials of an agent, told of or seen, each once. */
  credentialsOfAgent(agent: string): Promise<readonly HeldCredential[]>;
  /** They were judged as of `by`; each is due again at `dueAt`, or when it changes. */
  tasksJudged(judged: readonly JudgedTask[], by: number): Promise<void>;
  /** The latest instant any was judged as of; null before. */
  tasksJudgedBy(): Promise<number | null>;
  /** The latest started first. */
  listTasks(
    filter: TaskFilter,
    slice: { readonly limit: number; readonly after: TaskPlace | null },
  ): Promise<readonly Task[]>;

  /** The first question that is asked stands. */
  askApproval(approval: Omit<Approval, "decision">): Promise<Approval | null>;
  approval(taskId: string): Promise<Approval | null>;
  /** Null: nobody asked. */
  decideApproval(taskId: string, decision: ApprovalDecision): Promise<DecidedApproval | null>;
}
