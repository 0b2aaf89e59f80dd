import type { Config } from "../../src/config/schema.ts";
import { auditOnSchedule, type AuditingOptions } from "../../src/service/auditing.ts";

const minuteMs = 60_000;

export interface Auditing extends Pick<AuditingOptions, "store" | "normalise" | "telemetry"> {
  /** Whatever it says of a schedule. */
  readonly config: Config;
}

/** One audit, as `watch` makes it, by a clock that is at an instant (ms UTC), and never waits. */
export async function auditAt(
  at: number,
  { store, normalise, telemetry, config }: Auditing,
): Promise<void> {
  const done = new AbortController();
  const begunAt = performance.now();
  let now = at - minuteMs;
  await auditOnSchedule({
    store, normalise, telemetry,
    config: () => ({ ...config, audit: { ...config.audit, schedule: "* * * * *" } }),
    clock: {
      now: () => now + Math.floor(performance.now() - begunAt),
      wait: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    },
    watcher: {
      storeFailed: (fault) => { throw fault; },
      storeRecovered: () => undefined,
    },
    leaveReports: () => {
      done.abort();
      return Promise.resolve();
    },
  }, done.signal);
}
