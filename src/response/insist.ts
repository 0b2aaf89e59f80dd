import { AwsFault } from "../aws/fault.ts";
import type { AwsFaultCode } from "../aws/fault.ts";

/** What passes, and how it is waited for. */
export interface Patience {
  /** Waits so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** 0 to 1. */
  readonly random: () => number;
}

/** IAM lets through a few writes a second, and says so; the rest heals by itself. */
const passing: ReadonlySet<AwsFaultCode> = new Set(["throttled", "network", "unavailable"]);
const triesMax = 7;
const firstPauseMs = 200;
const longestPauseMs = 8000;

/**
 * Asks again while AWS is throttling or away, 15 seconds in all at most; the last fault is thrown.
 * Pauses double, and are anything between nothing and that, so that two who were throttled together
 * do not come back together.
 * https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export async function insist<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask();
    } catch (error) {
      const isPassing = error instanceof AwsFault && passing.has(error.code);
      if (!isPassing || tried >= triesMax) throw error;
    }
    await patience.wait(pauseMs(tried, patience));
  }
}

/** @param nth from 1 */
export function pauseMs(nth: number, { random }: Pick<Patience, "random">): number {
  return Math.round(random() * Math.min(longestPauseMs, firstPauseMs * 2 ** (nth - 1)));
}
