import type { EventHistory, HistoryPage, HistoryQuery } from "../aws/cloudtrail.ts";
import { AwsFault } from "../aws/fault.ts";
import { readRecords } from "../records/read.ts";
import type { Clock } from "./clock.ts";
import type { Parcel } from "./source.ts";

/**
 * LookupEvents answers two requests a second, per account and region.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
const betweenRequestsMs = 500;

export interface LaneOptions {
  readonly clock: Clock;
  /** How long to wait after so many failures in a row; null to give up. */
  readonly onFailure: (fault: AwsFault, failureCount: number) => number | null;
  readonly onSuccess?: (failureCount: number) => void;
}

/** One account and region's event history, asked at the pace that CloudTrail allows. */
export class HistoryLane {
  readonly history: EventHistory;
  readonly #options: LaneOptions;
  #failureCount = 0;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(history: EventHistory, options: LaneOptions) {
    this.history = history;
    this.#options = options;
  }

  /** `111122223333 eu-west-1` */
  get label(): string {
    const { account, region } = this.history.place;
    return `${account} ${region}`;
  }

  /** Like the history's own; null when the signal came first. Throws where it is given up. */
  async page(
    query: HistoryQuery,
    token: string | null,
    signal: AbortSignal,
  ): Promise<HistoryPage | "expired" | null> {
    const { clock, onSuccess } = this.#options;
    const isOver = (): boolean => signal.aborted;
    for (;;) {
      await clock.wait(Math.max(0, this.#askedAt + betweenRequestsMs - clock.now()), signal);
      if (isOver()) return null;
      this.#askedAt = clock.now();
      try {
        const page = await this.history.page(query, token, signal);
        onSuccess?.(this.#failureCount);
        this.#failureCount = 0;
        return page;
      } catch (error) {
        if (!(error instanceof AwsFault)) throw error;
        if (isOver()) return null;
        await clock.wait(this.#delayAfter(error), signal);
      }
    }
  }

  #delayAfter(fault: AwsFault): number {
    this.#failureCount += 1;
    const delayMs = this.#options.onFailure(fault, this.#failureCount);
    if (delayMs === null) throw fault;
    return delayMs;
  }
}

/**
 * A page as something to take in, under the bounds of any file. Pages come in such numbers that
 * none is remembered: their events are told by their keys.
 */
export function parcelOf({ records }: HistoryPage, id: string, name: string): Parcel {
  const page = { Events: records.map((text) => ({ CloudTrailEvent: text })) };
  return {
    delivery: { id, name, isRemembered: false },
    batches: (read) => readRecords({ name, bytes: Buffer.from(JSON.stringify(page)) }, read),
  };
}
