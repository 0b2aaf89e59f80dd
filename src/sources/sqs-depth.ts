import { AwsFault } from "../aws/fault.ts";
import type { Queue } from "../aws/sqs.ts";
import type { Clock } from "./clock.ts";
import type { Health } from "./health.ts";

export interface DepthOptions {
  readonly everyMs: number;
  readonly onDepth: (messageCount: number) => void;
  readonly health: Health;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Asks again and again how many messages wait in a queue, until the signal. */
export async function watchDepth(
  queue: Pick<Queue, "arn" | "depth">,
  { everyMs, onDepth, health, clock, signal }: DepthOptions,
): Promise<void> {
  const what = `depth of ${queue.arn}`;
  while (!isOver(signal)) {
    try {
      onDepth(await queue.depth(signal));
      health.worked(what);
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      if (!isOver(signal)) health.failed(what, error, everyMs);
    }
    await clock.wait(everyMs, signal);
  }
}

/** Asked anew: what a signal said before a wait, it may not say after. */
export function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}
