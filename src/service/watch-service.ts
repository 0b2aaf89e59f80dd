import type { App } from "../app.ts";
import type { Config } from "../config/schema.ts";
import type { FindingChange } from "../findings/store.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import type { Sink } from "../notifications/sink.ts";
import type { Source } from "../sources/source.ts";
import { StoreFault } from "../storage/fault.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { Committer, type Committed } from "./committer.ts";
import { Consumer } from "./consumer.ts";
import { JudgeLoop } from "./judge-loop.ts";
import { keepRetention } from "./retention.ts";
import { Room } from "./room.ts";
import { tell, tellSome } from "./telling.ts";
import { Watermark } from "./watermark.ts";

export interface WatchOptions {
  readonly app: App;
  readonly sources: readonly Source[];
  readonly sinks: readonly Sink[];
  readonly telemetry: Telemetry;
  /** The clock, ms UTC. */
  readonly now: () => number;
  /** Only records that can be an agent's. */
  readonly agentsOnly: boolean;
  /** Told of each finding that opened, grew worse or came back, after it is kept. */
  readonly onFinding: (change: FindingChange) => void;
}

/** How much of the store's recent groups judging keeps in memory. */
const judgingBytesMax = 64 * 1024 ** 2;

/** From sources to findings, without end: commits, judges, tells, forgets. */
export class WatchService {
  readonly #options: WatchOptions;
  readonly #room: Room;
  readonly #judgeLoop: JudgeLoop;
  readonly #watermark: Watermark;
  #live: LiveJudge;
  #config: Config;
  /** When the first of what waits to be judged reached us. */
  #waitingSince: number | null = null;
  #storeFault: StoreFault | null = null;

  private constructor(options: WatchOptions, lastAt: number | null) {
    const { app, now, telemetry } = options;
    this.#options = options;
    this.#config = app.config;
    this.#room = new Room(app.config.service.inHandBytesMax);
    this.#watermark = new Watermark(lastAt, now);
    this.#live = new LiveJudge(app, { bytesMax: judgingBytesMax });
    this.#judgeLoop = new JudgeLoop(() => this.#judge(), this.#storeWatcher);
  }

  static async open(options: WatchOptions): Promise<WatchService> {
    const { lastAt } = await options.app.store.counts();
    return new WatchService(options, lastAt);
  }

  get storeFault(): StoreFault | null {
    return this.#storeFault;
  }

  get inHandBytes(): number {
    return this.#room.taken;
  }

  /**
   * Until the signal, or until every source has ended; then until what is in hand is committed,
   * acknowledged, judged and told.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { app, sources, sinks, telemetry, now } = this.#options;
    const consumer = this.#consumer(signal);
    const rest = new AbortController();
    const telling = { store: app.store, watcher: telemetry, now };
    const beside = Promise.all([
      this.#judgeLoop.run(rest.signal),
      this.#keepRetention(rest.signal),
      ...sinks.map((sink) => tell(sink, telling, rest.signal)),
    ]);
    try {
      // What fails for good ends everything: the process is started again by whoever runs it.
      await Promise.race([
        Promise.all(sources.map((source) => consumer.consume(source, signal))),
        beside,
      ]);
    } finally {
      rest.abort();
    }
    await beside;
    for (const sink of sinks) await tellSome(sink, telling);
  }

  /** Judges by these from now on; what changes a judgement judges everything again. */
  reload(config: Config, rules: RuleBook): void {
    const { app } = this.#options;
    this.#config = config;
    this.#live = new LiveJudge({ ...app, config, rules }, { bytesMax: judgingBytesMax });
    this.#judgeLoop.wake();
  }

  #consumer(signal: AbortSignal): Consumer {
    const { app, telemetry } = this.#options;
    const committer = new Committer(app, {
      watcher: this.#storeWatcher,
      onCommitted: (committed) => { this.#onCommitted(committed); },
      signal,
    });
    return new Consumer({
      store: app.store,
      committer,
      watcher: telemetry,
      choice: () => this.#choice,
      room: this.#room,
    });
  }

  #onCommitted({ brought, ingested, gains, seconds }: Committed): void {
    const { telemetry, now } = this.#options;
    this.#live.note(gains);
    for (const { state } of gains) this.#watermark.advance(state.lastAt);
    const firstAt = Math.min(...brought.map(({ receivedAt }) => receivedAt));
    this.#waitingSince = Math.min(this.#waitingSince ?? Infinity, firstAt);
    telemetry.committed({
      deliveries: brought.map(({ source, receivedAt }, i) => {
        const { fresh = [], ...counts } = ingested[i] ?? {};
        return { source, receivedAt, counts, events: fresh };
      }),
      committedAt: now(),
      seconds,
    });
    this.#judgeLoop.wake();
  }

  async #judge(): Promise<void> {
    const { telemetry, now, onFinding } = this.#options;
    const startedAt = performance.now();
    const receivedAt = this.#waitingSince;
    this.#waitingSince = null;
    const { announceHours } = this.#config.service;
    const { tallies, changes } = await this.#live.judge({
      asOf: this.#watermark.asOf,
      announceFrom: now() - announceHours * 3_600_000,
    });
    const seconds = (performance.now() - startedAt) / 1000;
    telemetry.judged({ tallies, changes, receivedAt, judgedAt: now(), seconds });
    for (const change of changes) {
      if (change.what !== "grown" && change.what !== "withdrawn") onFinding(change);
    }
  }

  #keepRetention(signal: AbortSignal): Promise<void> {
    const { app, telemetry } = this.#options;
    return keepRetention({
      store: app.store,
      days: () => this.#config.retentionDays,
      asOf: () => this.#watermark.asOf,
      onRemoved: (count) => { telemetry.retention(count); },
      onFault: this.#storeWatcher.storeFailed,
    }, signal);
  }

  readonly #storeWatcher: StoreWatcher = {
    storeFailed: (fault) => {
      this.#storeFault = fault;
      this.#options.telemetry.storeFailed(fault);
    },
    storeRecovered: () => {
      this.#storeFault = null;
      this.#options.telemetry.storeRecovered();
    },
  };
}
