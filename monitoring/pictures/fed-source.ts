import type { Handover, Source } from "../../src/sources/source.ts";

/** What it is fed: it acknowledges, or gives back. */
export type Fed = Omit<Handover, "acknowledge" | "giveBack">;

/** Hands over what it is fed, one after the other. */
export class FedSource implements Source {
  readonly name = "trail";
  readonly kind = "sqs";
  readonly #waiting: Handover[] = [];
  #wake: () => void = () => undefined;
  #isOver = false;

  /** When it is acknowledged. */
  async feed(fed: Fed): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiting.push({
        ...fed,
        acknowledge: () => { resolve(); return Promise.resolve(); },
        giveBack: (why) => {
          reject(new Error(`${fed.name} was given back: ${why}.`));
          return Promise.resolve();
        },
      });
      this.#wake();
    });
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *handovers(): AsyncGenerator<Handover> {
    while (!this.#isOver) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }
}
