import type { App } from "../app.ts";
import { ObjectListing } from "../aws/s3-list.ts";
import { ArchiveListing, type DeliveredWithin } from "../sources/archive-listing.ts";
import type { PlaceFilter } from "../sources/archive-places.ts";
import { systemClock } from "../sources/clock.ts";
import type { Fault } from "../sources/source.ts";

/** What to read of a bucket. */
export interface Archive {
  readonly bucket: string;
  readonly prefix: string;
  readonly delivered: DeliveredWithin;
  readonly filter: PlaceFilter;
}

/** How much one account and region's log files are. */
export interface PlaceSize {
  readonly account: string;
  readonly region: string;
  readonly fileCount: number;
  readonly bytes: number;
}

/** Lists an archive, and reads nothing. Throws an AwsFault. */
export async function sizeOf(
  { config }: Pick<App, "config">,
  { bucket, prefix, delivered, filter }: Archive,
  onFault: (fault: Fault, delayMs: number | null) => void,
): Promise<{ readonly places: readonly PlaceSize[]; readonly listCount: number }> {
  const objects = new ObjectListing(config.aws, { socketsMax: 8 }, bucket);
  const listing = new ArchiveListing({
    listing: objects, delivered, clock: systemClock, source: "backfill",
    watcher: {
      failed: (_source, fault, delayMs) => { onFault(fault, delayMs); },
      recovered: () => undefined,
    },
  });
  const { signal } = new AbortController();
  const sizes: PlaceSize[] = [];
  for (const place of await listing.places(prefix, filter, signal)) {
    let [fileCount, bytes] = [0, 0];
    for (const days of listing.daysOf(place, [])) {
      for await (const page of listing.objects(place, days, signal)) {
        fileCount += page.length;
        bytes += page.reduce((sum, object) => sum + object.bytes, 0);
      }
    }
    const { account, region } = place;
    sizes.push({ account, region, fileCount, bytes });
  }
  objects.close();
  return { places: sizes, listCount: listing.requestCount };
}
