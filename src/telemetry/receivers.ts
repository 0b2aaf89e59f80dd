import type { Telling } from "../notices/notice.ts";
import { printable } from "../text/printable.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";

/** What is told of those who are told of findings. */
export class ReceiverTelemetry {
  readonly #logger: Logger;
  readonly #metrics: Metrics;
  /** Those that failed last, and whether they are left alone for it. */
  readonly #failing = new Map<string, boolean>();

  constructor(logger: Logger, metrics: Metrics) {
    this.#logger = logger;
    this.#metrics = metrics;
  }

  outboxTold(receiver: string, count: number): void {
    this.#metrics.outboxTold.inc({ receiver }, count);
    this.#logger.debug({ receiver, count }, "A receiver was told.");
  }

  notified(receiver: string, change: Telling | "digest"): void {
    this.#metrics.notifications.inc({ receiver, change });
    this.#logger.debug({ receiver, change }, "Somebody was notified.");
  }

  /** The first failure is told, and that it is left alone; the rest to those who look closely. */
  outboxFailed(receiver: string, error: unknown, isOpen: boolean): void {
    this.#metrics.outboxFailures.inc({ receiver });
    if (isOpen) this.#metrics.receiverUp.set({ receiver }, 0);
    const text = error instanceof Error ? error.message : String(error);
    const detail = printable(text).slice(0, 500);
    const level = this.#failing.get(receiver) === isOpen ? "debug" : "warn";
    this.#failing.set(receiver, isOpen);
    this.#logger[level]({ receiver, detail, isOpen }, "A receiver could not be told.");
  }

  outboxWorks(receiver: string): void {
    this.#metrics.receiverUp.set({ receiver }, 1);
    if (this.#failing.delete(receiver)) {
      this.#logger.info({ receiver }, "A receiver can be told again.");
    }
  }
}
