/**
 * How much is committed and not judged yet. It is held in memory until it is, so beyond a bound
 * whoever would commit more waits for judging to catch up.
 */
export class Backlog {
  readonly #bytesMax: number;
  #sinceBegun = 0;
  #inPass = 0;
  #waiting: (() => void)[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  add(bytes: number): void {
    this.#sinceBegun += bytes;
  }

  /** A pass begins, which judges all that was added by now; again where the last one failed. */
  begin(): void {
    this.#inPass += this.#sinceBegun;
    this.#sinceBegun = 0;
  }

  /** The pass has judged it. */
  end(): void {
    this.#inPass = 0;
    if (this.#isFull) return;
    for (const enter of this.#waiting.splice(0)) enter();
  }

  /** When more may be added. */
  async room(): Promise<void> {
    while (this.#isFull) {
      await new Promise<void>((enter) => {
        this.#waiting.push(enter);
      });
    }
  }

  get #isFull(): boolean {
    return this.#inPass + this.#sinceBegun > this.#bytesMax;
  }
}
