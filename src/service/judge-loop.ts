import { setTimeout as delay } from "node:timers/promises";
import type { StoreWatcher } from "./committer.ts";
import { StoreFault } from "../storage/fault.ts";

/** What an idle store is looked at for: credentials that have expired unused. */
const idleMs = 5000;
const retryMs = 1000;
/**
 * Passes begin so far apart: what many small commits brought is judged at the price of one. The
 * first after a pause waits for nothing.
 */
const apartMs = 100;

/**
 * Judges whenever something was committed, one pass at a time: what comes during a pass is the next
 * one's. What waits to be judged is marked in the store, so that nothing is lost by stopping here.
 */
export class JudgeLoop {
  readonly #judge: (isLast: boolean) => Promise<number | null>;
  readonly #watcher: StoreWatcher;
  #wakeUp: () => void = () => undefined;
  #isWoken = true;

  /** @param judge says in how many ms it is to be asked again; null: when woken */
  constructor(judge: (isLast: boolean) => Promise<number | null>, watcher: StoreWatcher) {
    this.#judge = judge;
    this.#watcher = watcher;
  }

  /** There is something to judge. */
  wake(): void {
    this.#isWoken = true;
    this.#wakeUp();
  }

  /** Until the signal; then once more, so that what was committed by then is judged. */
  async run(signal: AbortSignal): Promise<void> {
    let isFailing = false;
    let pauseMs = 0;
    let begunAt = -Infinity;
    while (!signal.aborted) {
      await this.#whenWoken(pauseMs, signal);
      await sleep(begunAt + apartMs - performance.now(), signal);
      begunAt = performance.now();
      this.#isWoken = false;
      try {
        pauseMs = Math.min((await this.#judge(false)) ?? idleMs, idleMs);
        if (isFailing) this.#watcher.storeRecovered();
        isFailing = false;
      } catch (error) {
        if (!(error instanceof StoreFault)) throw error;
        isFailing = true;
        this.#watcher.storeFailed(error);
        this.#isWoken = true;
        await sleep(retryMs, signal);
      }
    }
    try {
      await this.#judge(true);
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      // Its marks are in the store: the next start judges it.
      this.#watcher.storeFailed(error);
    }
  }

  async #whenWoken(longestMs: number, signal: AbortSignal): Promise<void> {
    if (this.#isWoken || signal.aborted) return;
    const wait = new AbortController();
    const end = () => { wait.abort(); };
    this.#wakeUp = end;
    signal.addEventListener("abort", end);
    await delay(longestMs, undefined, { signal: wait.signal }).catch(() => undefined);
    signal.removeEventListener("abort", end);
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal }).catch(() => undefined);
}
