import type { Approval, ApprovalDecision, Decided } from "./approval.ts";
import type { Task, TaskCredential } from "./task.ts";
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

export interface StartedTask {
  readonly task: Task;
  readonly isNew: boolean;
}

export interface DecidedApproval {
  readonly approval: Approval;
  readonly decided: Decided;
}

/** What the store keeps of tasks. Every call may be made again. Null: there is no such task. */
export interface TaskStore {
  /** The first start that is told of a task stands; `isNew` where this is it. */
  startTask(start: TaskStart, by: Teller): Promise<StartedTask>;
  /** @param heardAt ms UTC, by our clock */
  taskLives(id: string, at: number, heardAt: number): Promise<Task | null>;
  /** The first end that is told stands; `lost` gives way to it. */
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
