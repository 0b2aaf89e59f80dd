import { AwsFault } from "../aws/fault.ts";
import { messagesPerCall, type EntryResult, type Queue, type QueueMessage } from "../aws/sqs.ts";
import type { Clock } from "./clock.ts";
import type { Health } from "./health.ts";

export interface HandOptions {
  readonly queue: Pick<Queue, "hide">;
  /** How long a message stays hidden between two signs of life. */
  readonly visibilitySeconds: number;
  readonly health: Health;
  readonly clock: Clock;
}

/** Signs of life in one time of hiding: two may get lost. */
const beatsPerVisibility = 3;

/**
 * The messages in hand. As long as one is here its queue hears that it is worked on, and gives it
 * to nobody else, however long that takes; the queue's own bound is twelve hours.
 * Amazon SQS developer guide, "Amazon SQS visibility timeout".
 */
export class Hand {
  readonly #options: HandOptions;
  readonly #messages = new Set<QueueMessage>();
  /** Those that are being deleted, or that the queue says are no longer ours. */
  readonly #unheld = new WeakSet<QueueMessage>();
  #beating: AbortController | null = null;
  #waiting: (() => void)[] = [];

  constructor(options: HandOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#messages.size;
  }

  take(message: QueueMessage): void {
    this.#messages.add(message);
    if (this.#beating !== null) return;
    this.#beating = new AbortController();
    void this.#beat(this.#beating.signal);
  }

  /** No more signs of life for it; it is in hand still. */
  unhold(message: QueueMessage): void {
    this.#unheld.add(message);
  }

  release(message: QueueMessage): void {
    this.#messages.delete(message);
    this.wake();
    if (this.#messages.size > 0) return;
    this.#beating?.abort();
    this.#beating = null;
  }

  /** Ends the waiting for a release. */
  wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** When the next one is released, or somebody wakes. */
  released(): Promise<void> {
    return new Promise((wake) => {
      this.#waiting.push(wake);
    });
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const { clock, visibilitySeconds } = this.#options;
    for (;;) {
      await clock.wait((visibilitySeconds * 1000) / beatsPerVisibility, signal);
      if (signal.aborted) return;
      const held = [...this.#messages].filter((message) => !this.#unheld.has(message));
      const calls: Promise<void>[] = [];
      for (let i = 0; i < held.length; i += messagesPerCall) {
        calls.push(this.#hold(held.slice(i, i + messagesPerCall)));
      }
      await Promise.all(calls);
    }
  }

  async #hold(messages: readonly QueueMessage[]): Promise<void> {
    const { queue, visibilitySeconds, health } = this.#options;
    const hidden = messages.map(({ receipt }) => ({ receipt, seconds: visibilitySeconds }));
    try {
      const results = await queue.hide(hidden);
      messages.forEach((message, i) => {
        this.#note(message, results[i] ?? null);
      });
      health.worked(what);
    } catch (error) {
      if (!(error instanceof AwsFault)) throw error;
      health.failed(what, error, (visibilitySeconds * 1000) / beatsPerVisibility);
    }
  }

  #note(message: QueueMessage, fault: EntryResult): void {
    if (fault === null || fault.retryable) return;
    if (!this.#messages.has(message) || this.#unheld.has(message)) return;
    this.#unheld.add(message);
    this.#options.health.failed(what, fault, null);
  }
}

const what = "hold";
