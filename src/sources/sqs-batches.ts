import { AwsFault } from "../aws/fault.ts";
import { messagesPerCall, type EntryResult } from "../aws/sqs.ts";
import { retryDelayMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { Health } from "./health.ts";

export interface BatchesOptions<T> {
  /** What it does, for `health`. */
  readonly what: string;
  /** One call; one result per entry. Throws an AwsFault where the whole of it failed. */
  readonly send: (entries: readonly T[]) => Promise<readonly EntryResult[]>;
  readonly health: Health;
  readonly clock: Clock;
}

interface Entry<T> {
  readonly value: T;
  readonly done: () => void;
  readonly broken: (error: unknown) => void;
}

/** What comes within this goes with the same call: requests are what SQS costs. */
const gatherMs = 25;
/** Some six seconds. What then still fails heals by redelivery. */
const attemptsMax = 6;
/** Nothing ends this wait: what is gathered is always sent. */
const never = new AbortController().signal;

/** Gathers what is to be told of messages into calls of ten. */
export class Batches<T> {
  readonly #options: BatchesOptions<T>;
  #gathered: Entry<T>[] = [];

  constructor(options: BatchesOptions<T>) {
    this.#options = options;
  }

  /** Resolves when it is done, or given up and told of. */
  add(value: T): Promise<void> {
    return new Promise((done, broken) => {
      this.#gathered.push({ value, done, broken });
      if (this.#gathered.length >= messagesPerCall) this.#flush();
      else if (this.#gathered.length === 1) void this.#flushSoon();
    });
  }

  async #flushSoon(): Promise<void> {
    await this.#options.clock.wait(gatherMs, never);
    this.#flush();
  }

  #flush(): void {
    const entries = this.#gathered;
    this.#gathered = [];
    if (entries.length > 0) {
      this.#insist(entries).catch((error: unknown) => {
        for (const { broken } of entries) broken(error);
      });
    }
  }

  async #insist(entries: readonly Entry<T>[]): Promise<void> {
    const { clock } = this.#options;
    let left = entries;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const delayMs = attempt < attemptsMax ? retryDelayMs(attempt) : null;
      left = await this.#sendOnce(left, delayMs);
      if (left.length > 0 && delayMs !== null) await clock.wait(delayMs, never);
    }
  }

  /** Returns those to try again after `delayMs`; null: never. */
  async #sendOnce(
    entries: readonly Entry<T>[],
    delayMs: number | null,
  ): Promise<readonly Entry<T>[]> {
    const { what, health } = this.#options;
    const results = await this.#results(entries);
    const told = new Set<AwsFault>();
    const again = entries.filter(({ done }, i) => {
      const fault = results[i] ?? null;
      if (fault === null) {
        done();
        return false;
      }
      const next = fault.retryable ? delayMs : null;
      if (!told.has(fault)) health.failed(what, fault, next);
      told.add(fault);
      if (next === null) done();
      return next !== null;
    });
    if (told.size === 0) health.worked(what);
    return again;
  }

  async #results(entries: readonly Entry<T>[]): Promise<readonly EntryResult[]> {
    try {
      return await this.#options.send(entries.map(({ value }) => value));
    } catch (error) {
      if (error instanceof AwsFault) return entries.map(() => error);
      throw error;
    }
  }
}
