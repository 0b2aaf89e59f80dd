import { setTimeout as delay } from "node:timers/promises";
import type { TaskStore } from "../sessions/task-store.ts";
import type { Task } from "../sessions/task.ts";
import { StoreFault } from "../storage/fault.ts";
import type { StoreWatcher } from "./committer.ts";

/** A sign of life is expected every 3 seconds at the most often. */
const everyMs = 1000;

export interface LostTasksOptions {
  readonly store: Pick<TaskStore, "sweepLost">;
  /** ms UTC. */
  readonly now: () => number;
  readonly watcher: StoreWatcher;
  readonly onLost: (task: Task) => void;
}

/**
 * Ends tasks that went silent, until the signal. Nobody could be heard before this began: silence
 * counts from then on.
 */
export async function endLostTasks(
  { store, now, watcher, onLost }: LostTasksOptions,
  signal: AbortSignal,
): Promise<void> {
  const listeningSince = now();
  for (let isFailing = false; ; ) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      for (const task of await store.sweepLost(now(), listeningSince)) onLost(task);
      if (isFailing) watcher.storeRecovered();
      isFailing = false;
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      watcher.storeFailed(error);
      isFailing = true;
    }
  }
}
