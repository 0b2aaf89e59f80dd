import { setTimeout as delay } from "node:timers/promises";
import { AwsFault } from "../aws/fault.ts";
import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import { observeAll } from "../response/observe.ts";
import { openResponder, type OpenResponder } from "../response/open-responder.ts";
import { round } from "../response/respond.ts";
import { stateOf } from "../revocations/life-cycle.ts";
import { wholeList } from "../revocations/store.ts";
import { StoreFault } from "../storage/fault.ts";
import type { Store } from "../storage/store.ts";
import type { ResponseTelemetry } from "../telemetry/response.ts";
import type { StoreWatcher } from "./committer.ts";

/** Other processes ask in the store, and others yet take our policies off: so often it is seen. */
const everyMs = 5000;

export interface RespondingOptions {
  readonly store: Store;
  /** As it is by now. */
  readonly config: () => Config;
  /** ms UTC. */
  readonly now: () => number;
  readonly watcher: StoreWatcher;
  readonly telemetry: ResponseTelemetry;
}

/** Carries revocations out and sees what becomes of them, as long as the service runs. */
export class Responding {
  readonly #options: RespondingOptions;
  readonly #closing = new AbortController();
  #woken = new AbortController();
  #opened: Promise<OpenResponder> | null = null;
  /** Whether anything may be told of what is committed: as of the last round. */
  #isAnyOpen = true;
  /** Committed, and not looked at yet. */
  #events: TrailEvent[] = [];
  #observing: Promise<void> = Promise.resolve();

  constructor(options: RespondingOptions) {
    this.#options = options;
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

  /** What was committed: told of the revocations that it concerns. */
  note(events: readonly TrailEvent[]): void {
    if (!this.#isAnyOpen || events.length === 0) return;
    for (const event of events) this.#events.push(event);
    // A store that fails keeps them: the next round looks again.
    this.#observing = this.#observing.then(() => this.#observe()).catch((error: unknown) => {
      if (!(error instanceof StoreFault)) throw error;
      this.#options.watcher.storeFailed(error);
    });
  }

  /** The next round begins now. */
  wake(): void {
    this.#woken.abort();
  }

  /** Until the signal; then what was committed is still looked at, and nothing is begun. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener("abort", () => { this.#closing.abort(); });
    for (let isFailing = false; ; ) {
      const isLast = signal.aborted;
      try {
        await this.#observing;
        await this.#observe();
        if (!isLast) await this.#round();
        if (isFailing) this.#options.watcher.storeRecovered();
        isFailing = false;
      } catch (error) {
        if (error instanceof StoreFault) {
          this.#options.watcher.storeFailed(error);
          isFailing = true;
        } else if (!signal.aborted) throw error;
      }
      if (isLast) break;
      await delay(everyMs, undefined, { signal: AbortSignal.any([signal, this.#woken.signal]) })
        .catch(() => undefined);
      this.#woken = new AbortController();
    }
    await this.#opened?.then((opened) => { opened.close(); }, () => undefined);
  }

  async #observe(): Promise<void> {
    const { store, now, telemetry } = this.#options;
    const events = this.#events;
    if (events.length === 0) return;
    for (const seen of await observeAll(events, store, now())) telemetry.observed(seen);
    this.#events = this.#events.slice(events.length);
  }

  async #round(): Promise<void> {
    const { store, config, now, telemetry } = this.#options;
    const open = await store.listRevocations({ isOpen: true }, wholeList);
    this.#isAnyOpen = open.length > 0;
    if (config().response.enabled && this.#isAnyOpen) {
      try {
        for (const left of await round(await this.responder())) telemetry.left(left);
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        telemetry.left({ key: "our credentials", as: error });
      }
    }
    const stand = await store.listRevocations({ isOpen: true }, wholeList);
    this.#isAnyOpen = stand.length > 0;
    const states = stand.map((one) => [one.id, stateOf(one, now())] as const);
    telemetry.stand(new Map(states), (await store.responsePause()) !== null);
  }
}
