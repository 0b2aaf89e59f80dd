import { setTimeout as delay } from "node:timers/promises";
import type { Connection } from "./connection.ts";
import { StoreFault } from "./fault.ts";

/**
 * The one writer of this process: transactions stand in a queue, since SQLite has one writer and
 * ours span awaits.
 */
export class Writer {
  readonly connection: Connection;
  readonly #lockTimeoutMs: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection, lockTimeoutMs: number) {
    this.connection = connection;
    this.#lockTimeoutMs = lockTimeoutMs;
  }

  /** Runs `work` with the write lock held; what it throws undoes all of it. Not reentrant. */
  transaction<T>(work: () => Promise<T> | T): Promise<T> {
    const run = this.#last.then(() => this.#run(work));
    // The next one waits for this one's end, whichever; its outcome is its own caller's.
    this.#last = run.then(ignore, ignore);
    return run;
  }

  /** When every transaction asked for so far has ended. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #run<T>(work: () => Promise<T> | T): Promise<T> {
    await this.#begin();
    try {
      const result = await work();
      this.connection.exec("COMMIT");
      return result;
    } catch (error) {
      // A full disk may have rolled it back already. https://www.sqlite.org/lang_transaction.html
      if (this.connection.inTransaction) this.connection.exec("ROLLBACK");
      throw error;
    }
  }

  /** IMMEDIATE: reading first and then finding the write lock taken could not be retried inside. */
  async #begin(): Promise<void> {
    for (let waitedMs = 0; ; waitedMs += pauseMs + busyTimeoutMs) {
      try {
        this.connection.exec("BEGIN IMMEDIATE");
        return;
      } catch (error) {
        const isLock = error instanceof StoreFault && error.retryable;
        if (!isLock || waitedMs >= this.#lockTimeoutMs) throw error;
      }
      await delay(pauseMs);
    }
  }
}

/**
 * How long one BEGIN blocks this process, and then lets it do other things: a delivery of 5,000
 * events takes 100 ms.
 */
export const busyTimeoutMs = 100;
const pauseMs = 20;

function ignore(): void {
  return;
}
