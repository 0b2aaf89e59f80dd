/**
 * So long nothing new may come before time goes on without it: files and their events are late by
 * minutes, and what looked unused may yet turn out to be used.
 */
const quietMs = 15 * 60_000;

/**
 * By when events are judged, in their own time: the newest one's instant, never the clock's. Where
 * nothing comes any more it goes on with the clock, so that what expires in silence is seen.
 */
export class Watermark {
  readonly #now: () => number;
  #lastAt: number;
  #seenAt: number;

  /**
   * @param from what it was before, or the newest stored event's instant; 0 in an empty store
   * @param now the clock, ms
   */
  constructor(from: number, now: () => number) {
    this.#now = now;
    this.#lastAt = from;
    this.#seenAt = now();
  }

  /** New events were committed, the newest of them at this instant. */
  advance(at: number): void {
    const now = this.#now();
    // A hostile or broken clock may write of tomorrow; what has not been cannot have expired.
    this.#lastAt = Math.max(this.#lastAt, Math.min(at, now));
    this.#seenAt = now;
  }

  get asOf(): number {
    const quietFor = this.#now() - this.#seenAt;
    return this.#lastAt === 0 ? 0 : this.#lastAt + Math.max(0, quietFor - quietMs);
  }
}
