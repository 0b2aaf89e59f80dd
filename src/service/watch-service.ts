import type { App } from "../app.ts";
import type { Bench } from "../judging/bench.ts";
import { LiveJudge } from "../judging/live-judge.ts";
import { readingChoice, type ReadingChoice } from "../reading-choice.ts";
import type { Config } from "../config/schema.ts";
import type { Standing } from "../telemetry/happenings.ts";
import type { FindingChange } from "../findings/store.ts";
import type { RuleBook } from "../findings/rule-book.ts";
import { nameOf, type Receiver } from "../notifications/create-receiver.ts";
import { systemClock } from "../sources/clock.ts";
import type { Source } from "../sources/source.ts";
import type { StoreFault } from "../storage/fault.ts";
import type { Telemetry } from "../telemetry/telemetry.ts";
import { runBeside, type BesideOptions } from "./beside.ts";
import { Backlog } from "./backlog.ts";
import { Committer, type Committed, type StoreWatcher } from "./committer.ts";
import { Consumer } from "./consumer.ts";
import { JudgeLoop } from "./judge-loop.ts";
import { Listening } from "./listening.ts";
import { Responding } from "./responding.ts";
import { Room } from "./room.ts";
import { readiness, StandingReading, type Readiness } from "./standing.ts";
import { tell, tellLast } from "./telling.ts";
import { Watermark } from "./watermark.ts";

export interface WatchOptions {
  readonly app: App;
  readonly sources: readonly Source[];
  readonly receivers: readonly Receiver[];
  readonly telemetry: Telemetry;
  /** The clock, ms UTC. */
  readonly now: () => number;
  /** Only records that can be an agent's. */
  readonly agentsOnly: boolean;
  /** Told of each finding that opened, grew worse or came back, after it is kept. */
  readonly onFinding: (change: FindingChange) => void;
  readonly leaveReports: BesideOptions["leaveReports"];
}

/** How much of the store's recent groups judging keeps in memory. */
const judgingBytesMax = 64 * 1024 ** 2;
/**
 * Of records committed and not judged, as JSON; parsed they take four times as much. Some five
 * thousand: a pass over them takes a second or two.
 */
const backlogBytesMax = 8 * 1024 ** 2;

/** From sources to findings, without end: commits, judges, tells, forgets. */
export class WatchService {
  readonly #options: WatchOptions;
  readonly #room: Room;
  readonly #judgeLoop: JudgeLoop;
  readonly #backlog = new Backlog(backlogBytesMax);
  readonly #watermark: Watermark;
  readonly #listening: Listening;
  readonly #standing: StandingReading;
  readonly responding: Responding;
  #live: LiveJudge;
  #bench: Bench;
  #choice: ReadingChoice;
  /** When the first of what waits to be judged reached us. */
  #waitingSince: number | null = null;
  #storeFault: StoreFault | null = null;
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

  private constructor(options: WatchOptions, lastAt: number) {
    const { app, now } = options;
    this.#options = options;
    this.#bench = app;
    this.#choice = readingChoice(app.config, options.agentsOnly);
    this.#room = new Room(app.config.service.inHandBytesMax);
    this.#watermark = new Watermark(lastAt, now);
    this.#listening = new Listening(now);
    this.#standing = new StandingReading(app.store);
    this.responding = new Responding({
      store: app.store, normalise: app.normalise,
      config: () => this.config,
      now,
      watcher: this.#storeWatcher,
      telemetry: options.telemetry.response,
    });
    this.#live = new LiveJudge(app, { bytesMax: judgingBytesMax });
    this.#judgeLoop = new JudgeLoop((isLast) => this.#judge(isLast), this.#storeWatcher);
  }

  static async open(options: WatchOptions): Promise<WatchService> {
    const { store } = options.app;
    return new WatchService(options, (await store.latestAt()) ?? 0);
  }

  /** What is in force by now. */
  get bench(): Bench {
    return this.#bench;
  }

  get config(): Config {
    return this.#bench.config;
  }

  get storeFault(): StoreFault | null {
    return this.#storeFault;
  }

  /** Bytes of records between source and commit. */
  get inHandBytes(): number {
    return this.#room.taken;
  }

  /** What gauges show. */
  standing(): Promise<Standing> {
    const { receivers, now } = this.#options;
    return this.#standing.read({
      receivers: receivers.map(nameOf),
      asOf: now(),
      config: this.config,
    });
  }

  /** @param isStopping whether the signal has come */
  readiness(isStopping: boolean): Readiness {
    return readiness(this.#storeFault, isStopping);
  }

  /**
   * Until the signal, or until every source has ended; then until what is in hand is committed,
   * acknowledged, judged and told.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { app, sources, receivers, telemetry, now, leaveReports } = this.#options;
    const consumer = this.#consumer(signal);
    const rest = new AbortController();
    const telling = { store: app.store, watcher: telemetry.receivers, now };
    const told = Promise.all(receivers.map((receiver) => tell(receiver, telling, rest.signal)));
    const beside = Promise.all([
      this.#judgeLoop.run(rest.signal),
      runBeside({
        app, telemetry, now, leaveReports,
        config: () => this.config,
        watcher: this.#storeWatcher,
        asOf: () => this.#watermark.asOf,
        responding: this.responding,
      }, rest.signal),
      told,
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
    const works = await told;
    await Promise.all(receivers.filter((_, i) => works[i] === true)
      .map((receiver) => tellLast(receiver, telling)));
  }

  /**
   * Reads and judges by these from now on; where that makes other judgements, everything is judged
   * again. A UsageError where agents' records cannot be told apart by them; then nothing changes.
   */
  reload(config: Config, rules: RuleBook): void {
    this.#choice = readingChoice(config, this.#options.agentsOnly);
    this.#bench = { ...this.#bench, config, rules };
    this.#live = new LiveJudge(this.#bench, { bytesMax: judgingBytesMax });
    this.#judgeLoop.wake();
  }

  #consumer(signal: AbortSignal): Consumer {
    const { app, telemetry } = this.#options;
    const committer = new Committer(app, {
      watcher: this.#storeWatcher,
      onCommitted: (committed) => { this.#onCommitted(committed); },
      room: () => this.#backlog.room(),
      signal,
    });
    return new Consumer({
      store: app.store,
      committer,
      watcher: telemetry,
      choice: () => this.#choice,
      room: this.#room,
      clock: systemClock,
    });
  }

  #onCommitted({ brought, ingested, gains, seconds }: Committed): void {
    const { telemetry, now } = this.#options;
    this.#live.note(gains);
    this.#listening.note(ingested);
    for (const { state, bytes } of gains) {
      this.#watermark.advance(state.lastAt);
      this.#backlog.add(bytes);
    }
    const firstAt = Math.min(...brought.map(({ receivedAt }) => receivedAt));
    this.#waitingSince = Math.min(this.#waitingSince ?? Infinity, firstAt);
    telemetry.committed({
      deliveries: ingested.flatMap(({ fresh, ...counts }, i) => {
        const from = brought[i];
        if (from === undefined) return [];
        const events = fresh.map(({ at, account, region }) => ({ at, account, region }));
        return [{ source: from.source, receivedAt: from.receivedAt, counts, events }];
      }),
      committedAt: now(),
      seconds,
    });
    this.#judgeLoop.wake();
  }

  /** In how many ms to judge again, whatever comes; null: when something does. */
  async #judge(isLast: boolean): Promise<number | null> {
    const { app, telemetry, now, onFinding } = this.#options;
    const startedAt = performance.now();
    const receivedAt = this.#waitingSince;
    this.#waitingSince = null;
    this.#backlog.begin();
    const when = {
      asOf: this.#watermark.asOf,
      announceFrom: now() - this.config.service.announceHours * 3_600_000,
      tasksAsOf: now(),
      sourcesAsOf: await this.#listening.silentBy(this.#watermark, app.store, this.config.arrival),
    };
    const change = await (isLast ? this.#live.finish(when) : this.#live.judge(when));
    this.#backlog.end();
    const seconds = (performance.now() - startedAt) / 1000;
    const { tallies, findings: changes } = change;
    telemetry.judged({ tallies, changes, receivedAt, judgedAt: now(), seconds });
    this.responding.note();
    for (const found of changes) {
      if (news.has(found.what)) onFinding(found);
    }
    return change.dueInMs;
  }
}

const news: ReadonlySet<FindingChange["what"]> = new Set(["opened", "worse", "reopened"]);
