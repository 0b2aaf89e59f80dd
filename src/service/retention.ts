import { setTimeout as delay } from "node:timers/promises";
import type { EventStore } from "../sessions/store.ts";
import { StoreFault } from "../storage/fault.ts";

const everyMs = 3_600_000;
const dayMs = 86_400_000;

export interface RetentionOptions {
  readonly store: Pick<EventStore, "retain">;
  /** Read anew each time: a reload may change it. */
  readonly days: () => number;
  /** ms UTC, in the events' time. */
  readonly asOf: () => number;
  readonly onRemoved: (eventCount: number) => void;
  readonly onFault: (fault: StoreFault) => void;
}

/** Forgets what is too old, every hour, until the signal. */
export async function keepRetention(options: RetentionOptions, signal: AbortSignal): Promise<void> {
  const { store, days, asOf, onRemoved, onFault } = options;
  for (;;) {
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      onRemoved(await store.retain(asOf() - days() * dayMs));
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      onFault(error);
    }
  }
}
