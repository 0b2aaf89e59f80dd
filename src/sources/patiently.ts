import { AwsFault } from "../aws/fault.ts";
import { retryDelayMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";

export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** It is tried again after so long. */
  readonly failed: (fault: AwsFault, delayMs: number) => void;
  /** It worked again. */
  readonly recovered: () => void;
}

/** What fails so often in a row is given up: a minute or two. */
const attemptsMax = 8;

/** Asks AWS again where it fails with what is over by itself. Throws an AwsFault for all else. */
export async function patiently<T>(ask: () => Promise<T>, patience: Patience): Promise<T> {
  const { clock, signal, failed, recovered } = patience;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const answer = await ask();
      if (attempt > 1) recovered();
      return answer;
    } catch (error) {
      const isPassing = error instanceof AwsFault && passing.has(error.code);
      if (!isPassing || attempt >= attemptsMax || signal.aborted) throw error;
      const delayMs = retryDelayMs(attempt);
      failed(error, delayMs);
      await clock.wait(delayMs, signal);
    }
  }
}

/** What is over by itself; all else somebody has to mend. */
const passing: ReadonlySet<string> = new Set(["throttled", "network", "unavailable"]);
