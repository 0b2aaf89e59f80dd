import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Somebody ending us before there is a command to pass signals to: what waits is given up, and the
 * task ends as cancelled.
 */
export class Interruption {
  readonly #controller = new AbortController();
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[];
  #exitCode: number | null = null;

  constructor() {
    this.#handlers = signals.map((signal) => [signal, () => {
      this.#exitCode = 128 + constants.signals[signal];
      this.#controller.abort();
    }]);
    for (const [signal, handle] of this.#handlers) process.on(signal, handle);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Null while nobody has interrupted. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  /** The command takes the signals from now on. Throws when one came before. */
  handOver(): void {
    this.#controller.signal.throwIfAborted();
    for (const [signal, handle] of this.#handlers) process.off(signal, handle);
  }
}
