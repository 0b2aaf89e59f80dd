/**
 * How much may be in hand at once: whoever would go beyond waits, in the order of asking. Something
 * larger than all of it gets in alone.
 */
export class Room {
  readonly #max: number;
  readonly #waiting: { readonly size: number; readonly enter: () => void }[] = [];
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Runs `work` when there is room for it. */
  async within<T>(size: number, work: () => Promise<T>): Promise<T> {
    const need = Math.min(size, this.#max);
    await this.#enter(need);
    try {
      return await work();
    } finally {
      this.#taken -= need;
      this.#admit();
    }
  }

  #enter(size: number): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push({ size, enter });
      this.#admit();
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#taken + next.size > this.#max) return;
      this.#waiting.shift();
      this.#taken += next.size;
      next.enter();
    }
  }
}
