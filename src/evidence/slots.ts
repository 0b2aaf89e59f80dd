/** Lets so much be under way at the same time; the rest waits its turn. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** The results in the order of the items, with so many of them begun beforehand. */
export async function* ahead<T, R>(
  items: Iterable<T>,
  count: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Promise<R>[] = [];
  for (const item of items) {
    const one = work(item);
    // Thrown where it is waited for; until then nobody listens.
    one.catch(() => undefined);
    begun.push(one);
    if (begun.length < count) continue;
    const first = begun.shift();
    if (first !== undefined) yield await first;
  }
  for (const one of begun) yield await one;
}
