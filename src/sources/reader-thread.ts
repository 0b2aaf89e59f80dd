import { Worker } from "node:worker_threads";
import type { ReadOptions } from "../records/read.ts";
import type { Candidates } from "../records/scan/gzip-scan.ts";

/** What the other side is told: which file to look through. */
export interface Order {
  readonly path: string;
  /** As `findCandidates` wants it: a file's kind shows in its name. */
  readonly name: string;
}

/**
 * Looks through files on a thread of its own: where few records are wanted, inflating and
 * searching is most of the work, and it goes on while this thread understands and stores what was
 * found.
 */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #waiting: Settle[] = [];
  #failure: Error | null = null;

  constructor(options: ReadOptions, script = workerScript) {
    this.#worker = new Worker(script, { workerData: options, resourceLimits });
    this.#worker.on("message", (found: Candidates | null) => this.#waiting.shift()?.resolve(found));
    this.#worker.on("error", (error) => { this.#fail(error); });
    this.#worker.on("exit", () => { this.#fail(new Error("The reading thread has ended.")); });
  }

  /** How many files it has still to look through. */
  get waitingCount(): number {
    return this.#waiting.length;
  }

  /**
   * What `findCandidates` says of a file; null also when it cannot be read. Files are answered in
   * the order in which they were asked for.
   */
  find(order: Order): Promise<Candidates | null> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}

const workerScript = new URL("./reader-thread-worker.js", import.meta.url);

/** What the thread allocates is soon gone; the default would let it keep 48 MB of that. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

interface Settle {
  readonly resolve: (found: Candidates | null) => void;
  readonly reject: (error: unknown) => void;
}
