import type { App } from "../app.ts";
import type { Config } from "../config/schema.ts";
import { systemClock } from "../sources/clock.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { auditOnSchedule, type AuditingOptions } from "./auditing.ts";
import type { StoreWatcher } from "./committer.ts";
import { endLostTasks } from "./lost-tasks.ts";
import type { Responding } from "./responding.ts";
import { keepRetention } from "./retention.ts";

export interface BesideOptions {
  readonly app: Pick<App, "store" | "normalise">;
  readonly config: () => Config;
  readonly telemetry: Telemetry;
  readonly watcher: StoreWatcher;
  /** ms UTC. */
  readonly now: () => number;
  /** ms UTC: of events. */
  readonly asOf: () => number;
  readonly responding: Responding;
  readonly leaveReports: AuditingOptions["leaveReports"];
}

/** What goes on beside reading, judging and telling, until the signal. */
export async function runBeside(options: BesideOptions, signal: AbortSignal): Promise<void> {
  const { app: { store, normalise }, config, telemetry, watcher, now, asOf, responding } = options;
  await Promise.all([
    keepRetention({
      store,
      days: () => config().retentionDays,
      asOf,
      onRemoved: (count) => { telemetry.retention(count); },
      onFault: (fault) => { watcher.storeFailed(fault); },
    }, signal),
    endLostTasks({
      store, now, watcher, onLost: (task) => { telemetry.taskEnded(task); },
    }, signal),
    responding.run(signal),
    auditOnSchedule({
      ...options, store, normalise, clock: { ...systemClock, now }, telemetry: telemetry.audit,
    }, signal),
  ]);
}
