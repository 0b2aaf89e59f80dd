import { setTimeout as delay } from "node:timers/promises";
import { ingestParts, type Intake, type Part, type TakenIn } from "../pipeline.ts";
import { StoreFault } from "../storage/fault.ts";

/** What the committer tells of the store. */
export interface StoreWatcher {
  storeFailed(fault: StoreFault): void;
  storeRecovered(): void;
}

/** A part, and who brought it when. */
export interface Brought {
  readonly part: Part;
  readonly source: string;
  /** ms UTC */
  readonly receivedAt: number;
}

/** What one transaction took in. */
export interface Committed extends TakenIn {
  /** In the order of `ingested`. */
  readonly brought: readonly Brought[];
  readonly seconds: number;
}

export interface CommitterOptions {
  readonly watcher: StoreWatcher;
  /** Told after each commit, before those who asked for it are. */
  readonly onCommitted: (committed: Committed) => void;
  /** When more may be committed; absent: always. */
  readonly room?: () => Promise<void>;
  /** From then on a store that fails is not waited for. */
  readonly signal: AbortSignal;
}

/**
 * Enough that a commit's own cost does not show; few enough to keep one transaction within a tenth
 * of a second or two, which is how long others wait for the store.
 */
const recordsPerTransaction = 2000;
/**
 * Small commits begin so far apart: what comes in between joins the next one. One record in a
 * commit of its own costs twice what it costs among fifty; the first after a pause waits for
 * nothing.
 */
const apartMs = 25;
/** A store that fails is tried again after this, doubled up to the longest. */
const firstDelayMs = 250;
const longestDelayMs = 15_000;

interface Waiting {
  readonly brought: Brought;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Commits parts in the order they come, as many together as have come while the last commit was
 * under way. While the store cannot be written, everything waits: nothing is lost, and nobody who
 * waits here acknowledges anything.
 */
export class Committer {
  readonly #intake: Intake;
  readonly #options: CommitterOptions;
  #waiting: Waiting[] = [];
  #isRunning = false;
  #begunAt = -Infinity;

  constructor(intake: Intake, options: CommitterOptions) {
    this.#intake = intake;
    this.#options = options;
  }

  /** When it is committed; throws a StoreFault when the signal ended the wait for the store. */
  commit(brought: Brought): Promise<void> {
    return new Promise((done, failed) => {
      this.#waiting.push({ brought, done, failed });
      if (this.#isRunning) return;
      this.#isRunning = true;
      // What the sources have ready at this moment joins the same commit.
      setImmediate(() => void this.#run());
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#options.room?.();
      await this.#gathered();
      const together = this.#next();
      try {
        await this.#patiently(together.map(({ brought }) => brought));
        for (const { done } of together) done();
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
    this.#isRunning = false;
  }

  /** When as much waits as a transaction may hold, or it is time anyway. */
  async #gathered(): Promise<void> {
    const restMs = this.#begunAt + apartMs - performance.now();
    const records = this.#waiting.reduce((sum, one) => sum + recordCount(one), 0);
    if (restMs > 0 && records < recordsPerTransaction) await delay(restMs);
    this.#begunAt = performance.now();
  }

  /** A delivery that came twice at a time waits for itself: its second copy is known then. */
  #next(): readonly Waiting[] {
    const ids = new Set<string>();
    let records = 0;
    const isNext = (one: Waiting) => {
      const { delivery } = one.brought.part;
      const isTwice = delivery.isRemembered !== false && ids.has(delivery.id);
      if (isTwice || (records > 0 && records >= recordsPerTransaction)) return false;
      ids.add(delivery.id);
      records += recordCount(one);
      return true;
    };
    const next = this.#waiting.filter(isNext);
    this.#waiting = this.#waiting.filter((one) => !next.includes(one));
    return next;
  }

  async #patiently(brought: readonly Brought[]): Promise<void> {
    const { watcher, onCommitted, signal } = this.#options;
    for (let delayMs = firstDelayMs; ; delayMs = Math.min(delayMs * 2, longestDelayMs)) {
      const startedAt = performance.now();
      try {
        const takenIn = await ingestParts(this.#intake, brought.map(({ part }) => part));
        if (delayMs > firstDelayMs) watcher.storeRecovered();
        onCommitted({ ...takenIn, brought, seconds: (performance.now() - startedAt) / 1000 });
        return;
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        watcher.storeFailed(error);
        if (signal.aborted) throw error;
        await delay(delayMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}

function recordCount({ brought }: Waiting): number {
  return brought.part.batch.records.length;
}
