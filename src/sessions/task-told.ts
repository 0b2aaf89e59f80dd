import { taskOutcomes, type Task, type TaskCredential, type TaskOutcome } from "./task.ts";

/** What is told when a task begins. */
export type TaskStart = Pick<
  Task,
  | "id" | "externalId" | "agent" | "mode" | "expectedSeconds" | "repository" | "actor" | "reason"
  | "startedAt" | "heartbeatSeconds"
>;

/** How somebody says that a task ended. */
export interface TaskEnd {
  /** ms UTC. */
  readonly at: number;
  readonly outcome: Exclude<TaskOutcome, "lost">;
  readonly exitCode: number | null;
  /** Whether what is still valid of its credentials is to be revoked. */
  readonly revoke: boolean;
}

/** Something told of a task after its start, or its silence. */
export type TaskNews =
  /** `at` by the clock of who sent it, `heardAt` by ours: for how long it lives. */
  | { readonly kind: "heartbeat"; readonly at: number; readonly heardAt: number }
  | { readonly kind: "credential"; readonly credential: TaskCredential }
  | { readonly kind: "end"; readonly end: TaskEnd }
  /** Nothing that was due had come by then. */
  | { readonly kind: "silence"; readonly by: number };

/**
 * All that was told of one task, as mergeable state: maxima, sets, the earliest end, and the start
 * that was told first. So it is the same in whatever order heartbeats, credentials, ends and
 * silences come, and however often.
 */
export interface TaskTold {
  readonly start: TaskStart;
  /** ms UTC, by our clock: when the start or the latest heartbeat reached us. */
  readonly heardAt: number;
  readonly heartbeatAt: number | null;
  /** By `issuedAt`, then key. */
  readonly credentials: readonly TaskCredential[];
  readonly end: TaskEnd | null;
  /** The latest silence. */
  readonly silentBy: number | null;
}

export function startTold(start: TaskStart, heardAt: number): TaskTold {
  return { start, heardAt, heartbeatAt: null, credentials: [], end: null, silentBy: null };
}

export function withNews(told: TaskTold, news: TaskNews): TaskTold {
  switch (news.kind) {
    case "heartbeat":
      return {
        ...told,
        heartbeatAt: Math.max(told.heartbeatAt ?? -Infinity, news.at),
        heardAt: Math.max(told.heardAt, news.heardAt),
      };
    case "credential":
      return { ...told, credentials: withCredential(told.credentials, news.credential) };
    case "end":
      return { ...told, end: earlierEnd(told.end, news.end) };
    case "silence":
      return { ...told, silentBy: Math.max(told.silentBy ?? -Infinity, news.by) };
    default:
      return news satisfies never;
  }
}

/** Whatever is told later cannot move an end away, nor take back that revocation was asked for. */
function earlierEnd(a: TaskEnd | null, b: TaskEnd): TaskEnd {
  if (a === null) return b;
  const isFirst = a.at === b.at ? outcomeOf(a) <= outcomeOf(b) : a.at < b.at;
  return { ...(isFirst ? a : b), revoke: a.revoke || b.revoke };
}

function outcomeOf({ outcome, exitCode }: TaskEnd): string {
  return `${taskOutcomes.indexOf(outcome)} ${exitCode ?? ""}`;
}

function withCredential(
  known: readonly TaskCredential[],
  told: TaskCredential,
): readonly TaskCredential[] {
  if (known.some(({ accessKeyId }) => accessKeyId === told.accessKeyId)) return known;
  return [...known, told].sort(byIssue);
}

/** The order of a task's credentials. */
export function byIssue(a: TaskCredential, b: TaskCredential): number {
  return a.issuedAt - b.issuedAt || (a.accessKeyId < b.accessKeyId ? -1 : 1);
}

/**
 * When silence makes the task lost, ms UTC by our clock: no heartbeat for as long as promised;
 * where none was promised, when its last credential expires. Null: never, since nothing tells, or
 * since somebody said how it ended.
 */
export function silentAt({ start, heardAt, credentials, end }: TaskTold): number | null {
  if (end !== null) return null;
  if (start.heartbeatSeconds !== null) return heardAt + start.heartbeatSeconds * 1000;
  return lastExpiry(credentials);
}

/** Whether the task went silent by then, to somebody who has listened since. ms UTC, our clock. */
export function isSilent(told: TaskTold, by: number, listeningSince: number): boolean {
  const dueAt = silentAt(told);
  if (dueAt === null || by < dueAt) return false;
  const { heartbeatSeconds } = told.start;
  return heartbeatSeconds === null || by >= listeningSince + heartbeatSeconds * 1000;
}

/** The task as it is by what was told. */
export function taskOf(told: TaskTold): Task {
  const { start, heartbeatAt, credentials } = told;
  return {
    ...start, heartbeatAt, credentials, ...endOf(told), basis: "told", confidence: "high",
  };
}

/**
 * As told; else, of a task that went silent, the latest instant at which it may have lived: calls
 * it made between its last sign of life and then are no zombie's. A sign of life that comes later
 * moves that, or undoes it.
 */
function endOf(told: TaskTold): Pick<Task, "endedAt" | "outcome"> {
  const { start, heartbeatAt, credentials, end, silentBy } = told;
  if (end !== null) return { endedAt: end.at, outcome: end.outcome };
  const dueAt = silentAt(told);
  if (dueAt === null || silentBy === null || silentBy < dueAt) {
    return { endedAt: null, outcome: null };
  }
  const { startedAt, heartbeatSeconds } = start;
  return {
    endedAt: heartbeatSeconds === null
      ? Math.max(startedAt, lastExpiry(credentials) ?? startedAt)
      : Math.max(startedAt, heartbeatAt ?? startedAt) + heartbeatSeconds * 1000,
    outcome: "lost",
  };
}

function lastExpiry(credentials: readonly TaskCredential[]): number | null {
  return credentials.reduce<number | null>(
    (last, { expiresAt }) => Math.max(last ?? expiresAt, expiresAt), null,
  );
}
