import { setTimeout as delay } from "node:timers/promises";
import { AwsFault } from "../aws/fault.ts";
import type { Config } from "../config/schema.ts";
import type { Normalise } from "../events/normalise.ts";
import { openResponder, type OpenResponder } from "../response/open-responder.ts";
import { round } from "../response/respond.ts";
import { Wishes } from "../response/wishes.ts";
import { wholeList } from "../revocations/store.ts";
import { StoreFault } from "../storage/fault.ts";
import type { Store } from "../storage/store.ts";
import type { ResponseTelemetry } from "../telemetry/response.ts";
import type { StoreWatcher } from "./committer.ts";
import { observeMarked } from "./observing.ts";

/** Other processes ask in the store, and others yet take our policies off: so often it is seen. */
const everyMs = 5000;

export interface RespondingOptions {
  readonly store: Store;
  readonly normalise: Normalise;
  /** As it is by now. */
  readonly config: () => Config;
  /** ms UTC. */
  readonly now: () => number;
  readonly watcher: StoreWatcher;
  readonly telemetry: ResponseTelemetry;
}

/**
 * Asks for what findings and ended tasks ask for, carries revocations out, and sees what becomes of
 * them, as long as the service runs.
 */
export class Responding {
  readonly #options: RespondingOptions;
  readonly #closing = new AbortController();
  readonly #wishes: Wishes;
  #woken = new AbortController();
  /** When every place is looked at next; before, only what is asked for and was seen. */
  #wholeAt = -Infinity;
  #opened: Promise<OpenResponder> | null = null;

  constructor(options: RespondingOptions) {
    this.#options = options;
    const { store, config, now } = options;
    this.#wishes = new Wishes({
      store, now,
      get config() {
        return config().response;
      },
      responder: () => this.responder(),
    });
  }

  /** What asks AWS. Throws an AwsFault where it cannot be put together; the next time, anew. */
  async responder(): Promise<OpenResponder> {
    const { store, config } = this.#options;
    this.#opened ??= openResponder({ store, config, signal: this.#closing.signal });
    try {
      return await this.#opened;
    } catch (error) {
      this.#opened = null;
      throw error;
    }
  }

  /** The next round begins now. */
  wake(): void {
    this.#wholeAt = -Infinity;
    this.#woken.abort();
  }

  /** Events were committed, or findings changed: what they ask for or show is looked at now. */
  note(): void {
    this.#woken.abort();
  }

  /** Until the signal; then what was committed is still looked at, and nothing is begun. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => { this.#closing.abort(); });
    for (let isFailing = false; ; ) {
      const isLast = signal.aborted;
      try {
        await this.#observe();
        if (!isLast) await this.#respond();
        if (isFailing) this.#options.watcher.storeRecovered();
        isFailing = false;
      } catch (error) {
        if (error instanceof StoreFault) {
          this.#options.watcher.storeFailed(error);
          isFailing = true;
        } else if (!signal.aborted) throw error;
      }
      if (isLast) break;
      const restMs = Math.max(0, this.#wholeAt - performance.now());
      await delay(restMs, undefined, { signal: AbortSignal.any([signal, this.#woken.signal]) })
        .catch(() => undefined);
      this.#woken = new AbortController();
    }
    await this.#opened?.then((opened) => { opened.close(); }, () => undefined);
  }

  async #observe(): Promise<void> {
    const { now, telemetry } = this.#options;
    for (const seen of await observeMarked(this.#options, now())) telemetry.observed(seen);
  }

  async #respond(): Promise<void> {
    const { telemetry } = this.#options;
    for (const granted of await this.#wishes.grant()) {
      telemetry.granted(granted);
      if (granted.as === "asked") this.#wholeAt = -Infinity;
    }
    if (performance.now() < this.#wholeAt) return;
    this.#wholeAt = performance.now() + everyMs;
    await this.#round();
  }

  async #round(): Promise<void> {
    const { store, config, now, telemetry } = this.#options;
    const open = await store.listRevocations({ isOpen: true }, wholeList);
    if (config().response.enabled && open.length > 0) {
      try {
        for (const left of await round(await this.responder())) telemetry.left(left);
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        telemetry.left({ key: "our credentials", as: error });
      }
    }
    const stand = await store.listRevocations({ isOpen: true }, wholeList);
    telemetry.stand(stand, { isPaused: (await store.responsePause()) !== null, asOf: now() });
  }
}
