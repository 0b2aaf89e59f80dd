/** What changes slowly, and costs much. */
const againMs = 60_000;

/**
 * Something that gauges show, read beside scrapes, at most once a minute. A scrape waits for none
 * of it: it gets what was read last, of which there is nothing at first.
 */
export class SlowReading<A extends { readonly asOf: number }, T> {
  readonly #read: (asked: A) => Promise<T>;
  #known: T;
  #fault: Error | null = null;
  #readAt = -Infinity;
  /** What is read now; done, when nothing is. */
  #reading: Promise<void> = Promise.resolve();

  /** @param known before anything was read */
  constructor(read: (asked: A) => Promise<T>, known: T) {
    this.#read = read;
    this.#known = known;
  }

  /** Throws what kept it from being read, and then tries again. */
  latest(asked: A): T {
    const fault = this.#fault;
    this.#fault = null;
    if (asked.asOf - this.#readAt >= againMs) {
      this.#readAt = asked.asOf;
      this.#reading = this.#readNow(asked);
    }
    if (fault !== null) throw fault;
    return this.#known;
  }

  /** When nothing is being read any more. */
  settled(): Promise<void> {
    return this.#reading;
  }

  async #readNow(asked: A): Promise<void> {
    try {
      this.#known = await this.#read(asked);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fault = error;
      this.#readAt = -Infinity;
    }
  }
}
