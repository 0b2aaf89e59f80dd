import type { ObjectStorage } from "../aws/s3.ts";
import { AwsFault } from "../aws/fault.ts";
import type {
  DeliveryRange, EvidenceFile, EvidencePlace, NotRead, TrailArchive,
} from "../evidence/archive.ts";
import type { Location } from "../evidence/digest.ts";
import { dayOf } from "./archive-days.ts";
import type { ArchiveListing } from "./archive-listing.ts";
import type { ArchivePlace, PlaceFilter } from "./archive-places.ts";
import { patiently, type Patience } from "./patiently.ts";

export interface TrailBucketOptions {
  /** Of all times: what is wanted is said with each question. */
  readonly listing: ArchiveListing;
  readonly storage: Pick<ObjectStorage, "open">;
  readonly prefix: string;
  readonly filter: Omit<PlaceFilter, "kind">;
  readonly patience: Patience;
}

/** A trail's files where CloudTrail delivered them. Throws an AwsFault where it cannot go on. */
export class TrailBucket implements TrailArchive {
  readonly #options: TrailBucketOptions;

  constructor(options: TrailBucketOptions) {
    this.#options = options;
  }

  async places(): Promise<readonly EvidencePlace[]> {
    const digests = await this.#placesOf("CloudTrail-Digest");
    const logs = await this.#placesOf("CloudTrail");
    const places = new Map<string, EvidencePlace>();
    for (const { account, region, folder } of digests) {
      places.set(above(folder), { account, region, digestFolder: folder, logFolder: null });
    }
    for (const { account, region, folder } of logs) {
      const known = places.get(above(folder)) ?? { account, region, digestFolder: null };
      places.set(above(folder), { ...known, logFolder: folder });
    }
    return [...places.values()];
  }

  async *keys(folder: string, { from, to }: DeliveryRange): AsyncGenerator<string> {
    const { listing, patience } = this.#options;
    const [account = "", , region = ""] = folder.split("/").slice(-4);
    const place: ArchivePlace = { account, region, folder, days: null };
    const days = [dayOf(from), dayOf(to)] as const;
    for await (const objects of listing.objects(place, days, patience.signal)) {
      yield* objects.map(({ key }) => key);
    }
  }

  async read<T>(at: Location, use: (file: EvidenceFile) => Promise<T>): Promise<T | NotRead> {
    const { storage, patience } = this.#options;
    const ask = async () => await use(await storage.open(at, patience.signal));
    try {
      return await patiently(ask, patience);
    } catch (error) {
      if (!(error instanceof AwsFault) || error.code === "no-credentials") throw error;
      return error.code === "not-found" ? "missing" : { unreadable: error.message };
    }
  }

  async readKey<T>(key: string, use: (file: EvidenceFile) => Promise<T>): Promise<T | NotRead> {
    return await this.read({ bucket: this.#options.listing.bucket, key }, use);
  }

  isAt(key: string, location: Location): boolean {
    return location.key === key && location.bucket === this.#options.listing.bucket;
  }

  async #placesOf(kind: "CloudTrail" | "CloudTrail-Digest"): Promise<readonly ArchivePlace[]> {
    const { listing, prefix, filter, patience } = this.#options;
    return await listing.places(prefix, { ...filter, kind }, patience.signal);
  }
}

/** The folder of the account: `AWSLogs/111122223333/`, and the region. */
function above(folder: string): string {
  return folder.replace(/CloudTrail(?:-Digest)?\/([^/]+\/)$/, "$1");
}
