import { setMaxListeners } from "node:events";
import { EventHistory, type HistoryPage } from "../aws/cloudtrail.ts";
import type { AwsFault } from "../aws/fault.ts";
import type { AwsConfig, LookupEventsSourceConfig } from "../config/schema.ts";
import type { EventStore } from "../sessions/store.ts";
import { StoreFault } from "../storage/fault.ts";
import { retryDelayMs } from "./backoff.ts";
import { systemClock, type Clock } from "./clock.ts";
import { SourceFault } from "./fault.ts";
import { HistoryLane, parcelOf } from "./history-lane.ts";
import {
  afterPage, firstProgress, historyDays, progressIn, windowAt,
  type LookupGap, type LookupProgress, type LookupWindow,
} from "./lookup-window.ts";
import { merged } from "./merged.ts";
import type { GivenBack, Handover, Source, SourceWatcher } from "./source.ts";

export interface LookupSurroundings {
  readonly aws: AwsConfig;
  readonly store: Pick<EventStore, "cursor">;
  readonly watcher: SourceWatcher;
  readonly clock?: Clock;
}

/** Waits begin at about two requests' time: most failures are for asking too fast. */
const firstAttempt = 2;
/** By then the wait is as long as it gets. */
const lastAttempt = 9;

/**
 * CloudTrail's event history, again and again: each account and region by itself, so that one that
 * is denied holds up none of the others.
 */
export class LookupEvents implements Source {
  readonly kind = "lookup-events";
  readonly name: string;
  readonly #config: LookupEventsSourceConfig;
  readonly #store: LookupSurroundings["store"];
  readonly #watcher: SourceWatcher;
  readonly #clock: Clock;
  readonly #histories: readonly EventHistory[];
  readonly #failing = new Set<EventHistory>();

  constructor(config: LookupEventsSourceConfig, surroundings: LookupSurroundings) {
    const { aws, store, watcher, clock = systemClock } = surroundings;
    this.name = config.name;
    this.#config = config;
    this.#store = store;
    this.#watcher = watcher;
    this.#clock = clock;
    this.#histories = config.accounts.flatMap(({ id, assumeRole }) =>
      config.regions.map((region) => new EventHistory(aws, { account: id, region, assumeRole })));
  }

  async *handovers(signal: AbortSignal): AsyncGenerator<Handover> {
    const histories = this.#histories;
    // Each account and region listens; Node warns of more than ten.
    setMaxListeners(0, signal);
    const lanes = histories.map((history) => new HistoryLane(history, {
      clock: this.#clock,
      onFailure: (fault, count) => this.#fails(history, fault, count),
      onSuccess: (failureCount) => {
        if (failureCount > 0) this.#works(history);
      },
    }));
    try {
      yield* merged(lanes.map((lane) => this.#lookAgainAndAgain(lane, signal)));
    } finally {
      for (const history of histories) history.close();
    }
  }

  async *#lookAgainAndAgain(
    lane: HistoryLane,
    signal: AbortSignal,
  ): AsyncGenerator<Handover, void> {
    const config = this.#config;
    const first = firstProgress(config.startHoursAgo, this.#clock.now());
    while (!signal.aborted) {
      const kept = progressIn(await this.#cursor(lane, signal));
      const { window, gap } = windowAt(kept ?? first, this.#clock.now());
      // What was before the very first look was never promised.
      if (gap !== null && kept !== null) this.#tellGap(lane, gap);
      const isDone = yield* this.#look(lane, window, signal);
      if (isDone) await this.#clock.wait(config.everySeconds * 1000, signal);
    }
  }

  /** What the store keeps of it; a store that cannot be read is waited for. */
  async #cursor(lane: HistoryLane, signal: AbortSignal): Promise<string | null> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#store.cursor(this.#cursorName(lane));
      } catch (error) {
        if (!(error instanceof StoreFault) || signal.aborted) throw error;
        const delayMs = retryDelayMs(attempt);
        this.#watcher.failed(this.name, error, delayMs);
        await this.#clock.wait(delayMs, signal);
      }
    }
  }

  /** Page by page down to the window's beginning; false when it broke off. */
  async *#look(
    lane: HistoryLane,
    { from, until, reached }: LookupWindow,
    signal: AbortSignal,
  ): AsyncGenerator<Handover, boolean> {
    const overlapMs = this.#config.overlapSeconds * 1000;
    const query = { from, until: reached };
    let window: LookupWindow = { from, until, reached };
    let token: string | null = null;
    for (let number = 1; ; number += 1) {
      const page: HistoryPage | "expired" | null = await lane.page(query, token, signal);
      if (page === null || page === "expired") return false;
      token = page.nextToken;
      const progress = afterPage(
        window, { oldestAt: page.oldestAt, isLast: token === null }, overlapMs,
      );
      const { handover, settled } = this.#handoverOf(lane, page, { progress, number, window });
      yield handover;
      // Pages are kept in their order: the cursor never says more than what is committed.
      if ((await settled) === "later") {
        await this.#clock.wait(retryDelayMs(lastAttempt), signal);
        return false;
      }
      if (progress.open === null) return true;
      window = { from, ...progress.open };
    }
  }

  /** What cannot heal by itself is asked again too: somebody may mend it. */
  #fails(history: EventHistory, fault: AwsFault, count: number): number {
    const delayMs = retryDelayMs(fault.retryable ? count + firstAttempt - 1 : lastAttempt);
    this.#failing.add(history);
    this.#watcher.failed(this.name, fault, delayMs);
    return delayMs;
  }

  #works(history: EventHistory): void {
    this.#failing.delete(history);
    if (this.#failing.size === 0) this.#watcher.recovered(this.name);
  }

  #tellGap({ label }: HistoryLane, gap: LookupGap): void {
    const [from, until] = [gap.from, gap.until].map((at) => new Date(at).toISOString());
    const why = new Error(
      `CloudTrail keeps its event history for ${historyDays} days. Read that time from a trail's ` +
        "bucket, with trailwarden backfill",
    );
    const what = `the events of ${label} from ${from} to ${until}`;
    this.#watcher.failed(this.name, new SourceFault("history-gap", what, why), null);
  }

  #cursorName({ history: { place } }: HistoryLane): string {
    return `lookup-events/${this.name}/${place.account}/${place.region}`;
  }

  #handoverOf(lane: HistoryLane, page: HistoryPage, { progress, number, window }: PageAt) {
    const cursorName = this.#cursorName(lane);
    const name = `page ${number} of ${lane.label}`;
    const id = `${cursorName}@${window.until}-${window.reached}#${number}`;
    let resolve: (how: Settled) => void = () => undefined;
    const settled = new Promise<Settled>((settle) => { resolve = settle; });
    const settle = (how: Settled): Promise<void> => {
      resolve(how);
      return Promise.resolve();
    };
    const handover: Handover = {
      name,
      receivedAt: this.#clock.now(),
      parcels: page.records.length === 0 ? [] : [parcelOf(page, id, name)],
      poison: null,
      cursor: { name: cursorName, data: JSON.stringify(progress) },
      acknowledge: () => settle("acknowledged"),
      giveBack: settle,
    };
    return { handover, settled };
  }
}

type Settled = "acknowledged" | GivenBack;

interface PageAt {
  readonly progress: LookupProgress;
  readonly number: number;
  readonly window: LookupWindow;
}

