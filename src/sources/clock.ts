import { setTimeout as delay } from "node:timers/promises";

/** Time as sources need it: what they do at which moment is then a matter of values. */
export interface Clock {
  /** ms UTC */
  now(): number;
  /** Ends early, and quietly, when the signal comes. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  wait: async (ms, signal) => {
    await delay(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  },
};
