import { setTimeout as delay } from "node:timers/promises";
import { afterFailure, closedCircuit, isOpen } from "../notices/circuit.ts";
import type { Telling } from "../notices/notice.ts";
import { nameOf, type Receiver } from "../notifications/create-receiver.ts";
import { SinkFault } from "../notifications/fault.ts";
import { retryDelayMs } from "../sources/backoff.ts";
import type { Store } from "../storage/store.ts";
import { tellFromDesk } from "./desk-telling.ts";
import { tellWords } from "./word-telling.ts";

export interface TellingWatcher {
  outboxTold(receiver: string, count: number): void;
  /** People were. */
  notified(receiver: string, what: Telling | "digest"): void;
  /** @param isOpen whether it is left alone for a while */
  outboxFailed(receiver: string, error: unknown, isOpen: boolean): void;
  outboxWorks(receiver: string): void;
}

export interface TellingOptions {
  readonly store: Pick<
    Store,
    "outbox" | "told" | "finding" | "takeWords" | "dueNotices" | "keepNotices" | "deskState"
  >;
  readonly watcher: TellingWatcher;
  /** ms UTC: what is suppressed by now is not told. */
  readonly now: () => number;
}

const idleMs = 500;
/** What the last round before the end may take, beside a request that is under way. */
const lastMs = 5000;

/**
 * Tells one receiver what the outbox holds, oldest first, until the signal. Told first, marked as
 * told after: a word may come twice, and none is left out. One that fails keeps its own words
 * waiting, nobody else's. Gives whether it could be told when the signal came.
 */
export async function tell(
  receiver: Receiver,
  options: TellingOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { watcher, now } = options;
  const name = nameOf(receiver);
  let circuit = closedCircuit;
  while (!signal.aborted) {
    try {
      const isMore = await tellSome(receiver, options, signal);
      if (circuit.failedCount > 0) watcher.outboxWorks(name);
      circuit = closedCircuit;
      if (!isMore) await pause(idleMs, signal);
    } catch (error) {
      const askedMs = error instanceof SinkFault ? error.askedMs : null;
      const delayMs = retryDelayMs(circuit.failedCount + 1);
      circuit = afterFailure(circuit, delayMs, { askedMs, now: now() });
      watcher.outboxFailed(name, error, isOpen(circuit));
      await pause(circuit.notBefore - now(), signal);
    }
  }
  return circuit.failedCount === 0;
}

/** Once more before the end; what cannot be told now waits for the next start. */
export async function tellLast(receiver: Receiver, options: TellingOptions): Promise<void> {
  try {
    await tellSome(receiver, options, AbortSignal.timeout(lastMs));
  } catch (error) {
    options.watcher.outboxFailed(nameOf(receiver), error, false);
  }
}

/**
 * Whether there may be more right now.
 *
 * @param signal begins nothing new after it; what is begun is finished
 */
export async function tellSome(
  receiver: Receiver,
  options: TellingOptions,
  signal: AbortSignal,
): Promise<boolean> {
  return "sink" in receiver
    ? await tellWords(receiver, options, signal)
    : await tellFromDesk(receiver, options, signal);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
