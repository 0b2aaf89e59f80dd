import { setMaxListeners } from "node:events";
import { AwsFault } from "../aws/fault.ts";
import type { ObjectStorage } from "../aws/s3.ts";
import type { ListedObject } from "../aws/s3-list.ts";
import { trailKey, type TrailKey } from "../records/trail-key.ts";
import type { EventStore } from "../sessions/store.ts";
import { rangesIn, startOf, type DayRange } from "./archive-days.ts";
import type { ArchiveListing } from "./archive-listing.ts";
import type { ArchivePlace } from "./archive-places.ts";
import { GivenUp } from "./fault.ts";
import { merged } from "./merged.ts";
import { PlaceProgress } from "./place-progress.ts";
import { objectParcel } from "./s3-object.ts";
import type { Handover, Parcel, Source, SourceWatcher } from "./source.ts";

export interface ArchiveOptions {
  readonly listing: ArchiveListing;
  readonly places: readonly ArchivePlace[];
  readonly storage: Pick<ObjectStorage, "open">;
  readonly store: Pick<EventStore, "cursor">;
  readonly watcher: SourceWatcher;
  /** Of the choice of records that is read: see `reading-choice.ts`. */
  readonly mark: string;
  /** Files handed over and not yet settled. */
  readonly concurrency: number;
  /** ms UTC */
  readonly now: () => number;
  /** One more day of one place is over, or was when this began. */
  readonly onDay: () => void;
  /** An object whose key is not that of a log file. */
  readonly onPassedOver: () => void;
}

/** Places listed at the same time: while one waits for its last files, others go on. */
const placesAtOnce = 8;
/** So long after its end a day is over: what CloudTrail delivers late is there by then. */
const settledMs = 24 * 3600 * 1000;

/**
 * What lies in a bucket, once: it ends by itself. What was read is kept day by day, so that after a
 * crash it goes on where it was; files of a day begun are known by their marks.
 */
export class S3Archive implements Source {
  readonly kind = "s3";
  readonly name = "backfill";
  readonly #options: ArchiveOptions;
  #unsettledCount = 0;
  #onSettled: () => void = () => undefined;
  #fault: AwsFault | null = null;

  constructor(options: ArchiveOptions) {
    this.#options = options;
  }

  /** What ended it early: it could not list on. */
  get fault(): AwsFault | null {
    return this.#fault;
  }

  async *handovers(signal: AbortSignal): AsyncGenerator<Handover> {
    const failing = new AbortController();
    const stop = AbortSignal.any([signal, failing.signal]);
    // Each file in hand listens; Node warns of more than ten.
    setMaxListeners(0, signal, stop);
    const places = this.#options.places.values();
    const lane = async function* (archive: S3Archive): AsyncGenerator<Handover, void> {
      for (const place of places) {
        try {
          yield* archive.#read(place, signal, stop);
        } catch (error) {
          if (!(error instanceof AwsFault)) throw error;
          if (!stop.aborted) archive.#fault = error;
          failing.abort();
        }
        if (stop.aborted) return;
      }
    };
    yield* merged(Array.from({ length: placesAtOnce }, () => lane(this)));
  }

  /** @param signal ends what is in hand; `stop` only that more is taken */
  async *#read(
    place: ArchivePlace,
    signal: AbortSignal,
    stop: AbortSignal,
  ): AsyncGenerator<Handover> {
    const { listing, store } = this.#options;
    const name = this.#cursorName(place);
    const data = await store.cursor(name);
    const progress = new PlaceProgress(data, (day) => this.#isOver(day));
    for (const days of this.#daysToRead(place, rangesIn(data))) {
      progress.begin(days);
      for await (const objects of listing.objects(place, days, stop)) {
        for (const object of objects) {
          const trail = this.#trailOf(object, place);
          if (trail === null) continue;
          await this.#free();
          if (stop.aborted) return;
          progress.met(trail.day);
          yield this.#handoverOf(object, { trail, progress, signal });
          yield* this.#cursorsOf(name, progress);
        }
        if (stop.aborted) return;
      }
      progress.end(days);
    }
    await progress.whenIdle();
    yield* this.#cursorsOf(name, progress);
  }

  #daysToRead(place: ArchivePlace, done: readonly DayRange[]): readonly DayRange[] {
    const { listing, onDay } = this.#options;
    const count = (ranges: readonly DayRange[]) =>
      ranges.reduce((sum, [first, last]) => sum + daysIn(first, last), 0);
    const missing = listing.daysOf(place, done);
    for (let i = count(missing); i < count(listing.daysOf(place, [])); i += 1) onDay();
    return missing;
  }

  #isOver(day: string): boolean {
    const { listing, onDay, now } = this.#options;
    onDay();
    return listing.isWhole(day) && startOf(day) + dayMs + settledMs < now();
  }

  #trailOf({ key }: ListedObject, { account, region }: ArchivePlace): TrailKey | null {
    const trail = trailKey(key);
    const isLog = trail?.kind === "log" && trail.account === account && trail.region === region;
    if (isLog) return trail;
    this.#options.onPassedOver();
    return null;
  }

  /** Waits until one more may be handed over, and counts it. */
  async #free(): Promise<void> {
    while (this.#unsettledCount >= this.#options.concurrency) {
      await new Promise<void>((resolve) => {
        const before = this.#onSettled;
        this.#onSettled = () => {
          before();
          resolve();
        };
      });
    }
    this.#unsettledCount += 1;
  }

  #settle(): void {
    this.#unsettledCount -= 1;
    const wake = this.#onSettled;
    this.#onSettled = () => undefined;
    wake();
  }

  #handoverOf(object: ListedObject, { trail, progress, signal }: Beside): Handover {
    const { listing: { bucket }, storage, watcher, now } = this.#options;
    const reader = { source: this.name, storage, watcher, signal, receivedAt: now() };
    const unread = { isSo: false };
    const parcel = onlyOnce(objectParcel({ bucket, ...object }, trail, reader), unread);
    const settle = (isWhole: boolean) => {
      progress.settled(trail.day, isWhole);
      this.#settle();
      return Promise.resolve();
    };
    return {
      name: parcel.delivery.name,
      receivedAt: reader.receivedAt,
      parcels: [parcel],
      poison: null,
      acknowledge: () => settle(true),
      // What is damaged stays so: the day is read all the same.
      giveBack: (why) => settle(why === "poison" && !unread.isSo),
    };
  }

  #cursorName({ folder }: ArchivePlace): string {
    return `s3-archive/${this.#options.listing.bucket}/${folder}${this.#options.mark}`;
  }

  /** A word on the days that are over; their files are committed by now. */
  *#cursorsOf(name: string, progress: PlaceProgress): Generator<Handover> {
    const data = progress.takeData();
    if (data === null) return;
    yield {
      name: `days of ${name}`,
      receivedAt: this.#options.now(),
      parcels: [],
      poison: null,
      cursor: { name, data },
      acknowledge: () => Promise.resolve(),
      giveBack: () => Promise.resolve(),
    };
  }
}

interface Beside {
  readonly trail: TrailKey;
  readonly progress: PlaceProgress;
  readonly signal: AbortSignal;
}

const dayMs = 24 * 3600 * 1000;

export function daysIn(first: string, last: string): number {
  return (startOf(last) - startOf(first)) / dayMs + 1;
}

/**
 * A watched queue waits for permissions to be mended; a backfill is to end. One object that may not
 * be read is left out, and its day is not kept as read.
 */
function onlyOnce(parcel: Parcel, unread: { isSo: boolean }): Parcel {
  return {
    ...parcel,
    async *batches(read) {
      try {
        yield* parcel.batches(read);
      } catch (error) {
        unread.isSo = true;
        if (!(error instanceof AwsFault) || !lasting.has(error.code)) throw error;
        throw new GivenUp(error);
      }
      unread.isSo = false;
    },
  };
}
const lasting: ReadonlySet<string> = new Set(["denied", "kms-denied", "no-credentials"]);
