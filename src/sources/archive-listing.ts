import type { ListedObject, ListPage, ListQuery, ObjectListing } from "../aws/s3-list.ts";
import {
  dayOf, folderOf, minuteOf, missingOf, overlapOf, startOf, type DayRange,
} from "./archive-days.ts";
import { placesUnder, type ArchivePlace, type PlaceFilter } from "./archive-places.ts";
import type { Clock } from "./clock.ts";
import { patiently } from "./patiently.ts";
import type { SourceWatcher } from "./source.ts";

/** When files were delivered, ms UTC, both included. */
export interface DeliveredWithin {
  readonly from: number;
  readonly until: number;
}

export interface ListingOptions {
  readonly listing: ObjectListing;
  readonly delivered: DeliveredWithin;
  readonly clock: Clock;
  readonly watcher: Pick<SourceWatcher, "failed" | "recovered">;
  /** As the watcher is told. */
  readonly source: string;
}

/** Finds log files by their keys: folders first, then only the days that are wanted. */
export class ArchiveListing {
  readonly bucket: string;
  readonly #options: ListingOptions;
  requestCount = 0;

  constructor(options: ListingOptions) {
    this.bucket = options.listing.bucket;
    this.#options = options;
  }

  /** Throws an AwsFault. */
  async places(
    prefix: string,
    filter: PlaceFilter,
    signal: AbortSignal,
  ): Promise<readonly ArchivePlace[]> {
    const foldersOf = async (folder: string): Promise<readonly string[]> => {
      const folders: string[] = [];
      const query = { prefix: folder, isFolders: true };
      for await (const page of this.#pages(query, signal)) folders.push(...page.folders);
      return folders;
    };
    return await placesUnder(prefix, foldersOf, filter);
  }

  /** The days to list, but for those that are read already. */
  daysOf({ days }: ArchivePlace, done: readonly DayRange[]): readonly DayRange[] {
    const { from, until } = this.#options.delivered;
    const wanted: DayRange = [dayOf(from), dayOf(until)];
    const within = days === null ? wanted : overlapOf(wanted, days);
    return within === null ? [] : missingOf(done, within);
  }

  /** Whether all that is delivered on this day is wanted. */
  isWhole(day: string): boolean {
    const { from, until } = this.#options.delivered;
    return startOf(day) >= from && startOf(day) + dayMs - 1 <= until;
  }

  /**
   * What lies in a place on these days, in the order of the keys, which is that of the days; some
   * hundred at a time. Throws an AwsFault.
   */
  async *objects(
    place: ArchivePlace,
    days: DayRange,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedObject[]> {
    const { startAfter, last } = this.#keysOf(place, days);
    for await (const { objects } of this.#pages({ prefix: place.folder, startAfter }, signal)) {
      const wanted = objects.filter(({ key }) => key.slice(0, last.length) <= last);
      yield wanted;
      if (wanted.length < objects.length) return;
    }
  }

  /** Where the days' keys begin and end. A file's name holds the minute of its delivery. */
  #keysOf({ account, region, folder }: ArchivePlace, [first, last]: DayRange) {
    const { from, until } = this.#options.delivered;
    const keyAt = (day: string, at: number) =>
      `${folder}${folderOf(day)}/${account}_CloudTrail_${region}_${minuteOf(at)}`;
    return {
      startAfter: from > startOf(first) ? keyAt(first, from) : `${folder}${folderOf(first)}/`,
      last: until < startOf(last) + dayMs - 1
        ? keyAt(last, until) : `${folder}${folderOf(last)}/`,
    };
  }

  async *#pages(query: ListQuery, signal: AbortSignal): AsyncGenerator<ListPage> {
    let token: string | null = null;
    do {
      const page: ListPage = await this.#patiently(query, token, signal);
      token = page.nextToken;
      yield page;
    } while (token !== null && !signal.aborted);
  }

  async #patiently(query: ListQuery, token: string | null, signal: AbortSignal): Promise<ListPage> {
    const { listing, watcher, source, clock } = this.#options;
    const ask = () => {
      this.requestCount += 1;
      return listing.page(query, token, signal);
    };
    return await patiently(ask, {
      clock, signal,
      failed: (fault, delayMs) => { watcher.failed(source, fault, delayMs); },
      recovered: () => { watcher.recovered(source); },
    });
  }
}

const dayMs = 24 * 3600 * 1000;
