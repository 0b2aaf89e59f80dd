import { setTimeout as delay } from "node:timers/promises";
import type { OutboxMessage } from "../findings/outbox.ts";
import type { Sink, Word } from "../notifications/sink.ts";
import { retryDelayMs } from "../sources/backoff.ts";
import type { Store } from "../storage/store.ts";

export interface TellingWatcher {
  outboxTold(receiver: string, count: number): void;
  outboxFailed(receiver: string, error: unknown): void;
}

export interface TellingOptions {
  readonly store: Pick<Store, "outbox" | "told" | "finding">;
  readonly watcher: TellingWatcher;
  /** ms UTC: what is suppressed by now is not told. */
  readonly now: () => number;
}

const messagesAtOnce = 100;
const idleMs = 500;

/**
 * Tells one receiver what the outbox holds, oldest first, until the signal. Told first, marked as
 * told after: a word may come twice, and none is left out. One that fails keeps its own words
 * waiting, nobody else's.
 */
export async function tell(
  sink: Sink,
  options: TellingOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 0; !signal.aborted; ) {
    try {
      const count = await tellSome(sink, options);
      attempt = 0;
      if (count < messagesAtOnce) await pause(idleMs, signal);
    } catch (error) {
      attempt += 1;
      options.watcher.outboxFailed(sink.name, error);
      await pause(retryDelayMs(attempt), signal);
    }
  }
}

/** Once more before the end; what cannot be told now waits for the next start. */
export async function tellLast(sink: Sink, options: TellingOptions): Promise<void> {
  try {
    await tellSome(sink, options);
  } catch (error) {
    options.watcher.outboxFailed(sink.name, error);
  }
}

/** Returns how many messages there were. */
export async function tellSome(
  sink: Sink,
  { store, watcher, now }: TellingOptions,
): Promise<number> {
  const messages = await store.outbox(sink.name, messagesAtOnce);
  const last = messages.at(-1);
  if (last === undefined) return 0;
  const words: Word[] = [];
  for (const message of messages) words.push(...(await wordOf(store, message, now())));
  if (words.length > 0) await sink.tell(words);
  await store.told(sink.name, last.seq);
  watcher.outboxTold(sink.name, words.length);
  return messages.length;
}

/** The finding as it is by now; nothing where it is suppressed, or forgotten. */
async function wordOf(
  store: TellingOptions["store"],
  { seq, subject, version }: OutboxMessage,
  now: number,
): Promise<readonly Word[]> {
  const found = await store.finding(subject.slice(0, 16), now);
  return found
    .filter(({ fingerprint, status }) => fingerprint === subject && status !== "suppressed")
    .map((finding) => ({ seq, version, finding }));
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}
