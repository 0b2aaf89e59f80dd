import type { App } from "../app.ts";
import type { Archive } from "./archive-size.ts";
import { ObjectListing } from "../aws/s3-list.ts";
import { ObjectStorage } from "../aws/s3.ts";
import { Tally, type BackfillSummary, type Telling } from "./backfill-tally.ts";
import type { ReadingChoice } from "../reading-choice.ts";
import { Committer } from "./committer.ts";
import { Consumer } from "./consumer.ts";
import { Room } from "./room.ts";
import { ArchiveListing } from "../sources/archive-listing.ts";
import { systemClock } from "../sources/clock.ts";
import { daysIn, S3Archive } from "../sources/s3-archive.ts";

export interface BackfillOptions extends Archive, Telling {
  readonly choice: ReadingChoice;
  /** Files read at the same time. */
  readonly concurrency: number;
}

/**
 * Reads an archive into the store, what it has already left alone. Ends by itself, or when the
 * signal says so; then what is in hand is committed. Throws an AwsFault where it cannot go on.
 */
export async function backfill(
  app: App,
  options: BackfillOptions,
  signal: AbortSignal,
): Promise<BackfillSummary> {
  const startedAt = performance.now();
  const { bucket, concurrency } = options;
  const hopeless = new AbortController();
  const stop = AbortSignal.any([signal, hopeless.signal]);
  const tally = new Tally(options, stop, () => { hopeless.abort(); });
  const reach = { socketsMax: concurrency };
  const objects = new ObjectListing(app.config.aws, reach, bucket);
  const storage = new ObjectStorage(app.config.aws, reach);
  try {
    const listing = new ArchiveListing({
      listing: objects, delivered: options.delivered, clock: systemClock, watcher: tally,
      source: "backfill",
    });
    const places = await listing.places(options.prefix, options.filter, stop);
    const days = places.flatMap((place) => listing.daysOf(place, []));
    options.progress.start(days.reduce((sum, [first, last]) => sum + daysIn(first, last), 0));
    const archive = new S3Archive({
      listing, places, storage, store: app.store, watcher: tally, concurrency,
      mark: options.choice.mark,
      now: () => systemClock.now(),
      onDay: () => { tally.day(); },
      onPassedOver: () => { tally.passedOver(); },
    });
    await consumerOf(app, options, { tally, stop }).consume(archive, stop);
    const fault = archive.fault ?? (hopeless.signal.aborted ? tally.lastFault : null);
    if (fault !== null) throw fault;
    return tally.summary((performance.now() - startedAt) / 1000);
  } finally {
    options.progress.stop();
    objects.close();
    storage.close();
  }
}

interface Run {
  readonly tally: Tally;
  readonly stop: AbortSignal;
}

function consumerOf(app: App, { choice }: BackfillOptions, { tally, stop }: Run): Consumer {
  const committer = new Committer(app, {
    watcher: tally,
    onCommitted: ({ ingested }) => { tally.committed(ingested); },
    signal: stop,
  });
  return new Consumer({
    store: app.store,
    committer,
    watcher: tally,
    choice: () => choice,
    room: new Room(app.config.service.inHandBytesMax),
    clock: systemClock,
  });
}
