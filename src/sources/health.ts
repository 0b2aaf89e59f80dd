import type { Fault, SourceWatcher } from "./source.ts";

/** Tells what of a source fails, and once when all of it works again. */
export class Health {
  readonly #source: string;
  readonly #watcher: SourceWatcher;
  readonly #failing = new Set<string>();

  constructor(source: string, watcher: SourceWatcher) {
    this.#source = source;
    this.#watcher = watcher;
  }

  /** `what`: which of its doings, any word. It is tried again after `delayMs`; null: it is not. */
  failed(what: string, fault: Fault, delayMs: number | null): void {
    if (delayMs !== null) this.#failing.add(what);
    this.#watcher.failed(this.#source, fault, delayMs);
  }

  worked(what: string): void {
    if (this.#failing.delete(what) && this.#failing.size === 0) {
      this.#watcher.recovered(this.#source);
    }
  }
}
