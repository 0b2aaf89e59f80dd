import { gzipSync } from "node:zlib";
import { ObjectListing } from "../../src/aws/s3-list.ts";
import { ObjectStorage } from "../../src/aws/s3.ts";
import { Config } from "../../src/config/schema.ts";
import { ArchiveListing } from "../../src/sources/archive-listing.ts";
import { GivenUp } from "../../src/sources/fault.ts";
import { S3Archive } from "../../src/sources/s3-archive.ts";
import type { Handover } from "../../src/sources/source.ts";
import { AwsServer } from "../aws/aws-server.ts";
import { S3Service } from "../aws/s3-service.ts";
import { record } from "../builders/record.ts";
import { idsIn, Notes, TurnedClock } from "./watching.ts";

export const account = "111111111111";
const now = Date.UTC(2026, 3, 1);

export type How = "commit" | "poison" | "later" | "crash";

interface Options {
  readonly from?: number;
  readonly until?: number;
  readonly concurrency?: number;
  /** Now, ms UTC. */
  readonly at?: number;
}

/** A bucket with a trail's files, and a source that reads it. */
export class Filling {
  readonly s3 = new S3Service("trail-logs");
  readonly notes = new Notes();
  readonly cursors = new Map<string, string>();
  readonly #server = new AwsServer({ s3: this.s3.answer });
  #madeCount = 0;

  async open(): Promise<void> {
    await this.#server.listen();
    process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
    process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  /** `2026-03-01T10:05` -> the key of a file that was delivered then. */
  file(delivered: string, ids: readonly string[], region = "eu-west-1"): string {
    const [day = "", time = ""] = delivered.split("T");
    const minute = `${day.replaceAll("-", "")}T${time.replace(":", "")}Z`;
    this.#madeCount += 1;
    // Upper and lower case: what is first depends on whether bytes are compared, or words.
    const start = this.#madeCount % 2 === 0 ? "aA" : "Zz";
    const key = `AWSLogs/${account}/CloudTrail/${region}/${day.replaceAll("-", "/")}/` +
      `${account}_CloudTrail_${region}_${minute}_${start}${this.#madeCount}.json.gz`;
    const records = ids.map((eventID) => record({ eventID, awsRegion: region }));
    this.s3.put(key, gzipSync(JSON.stringify({ Records: records })));
    return key;
  }

  /** Reads as the consumer does: all at once, but for what `how` says. */
  async filled(options: Options = {}, how: (handover: Handover) => How = () => "commit") {
    const { from = Date.UTC(2026, 2, 1), until = Date.UTC(2026, 2, 6) - 1 } = options;
    const { aws } = Config.parse({ aws: { endpoint: this.#server.endpoint, region: "eu-west-1" } });
    const clock = new TurnedClock(options.at ?? now);
    const { notes, cursors } = this;
    const objects = new ObjectListing(aws, { socketsMax: 8 }, "trail-logs");
    const storage = new ObjectStorage(aws, { socketsMax: 8 });
    const listing = new ArchiveListing({
      listing: objects, delivered: { from, until }, clock, watcher: notes, source: "backfill",
    });
    const { signal } = new AbortController();
    const places = await listing.places("", { accounts: [], regions: [] }, signal);
    const counts = { days: 0, passedOver: 0, inHandMax: 0 };
    const archive = new S3Archive({
      listing, places, storage, watcher: notes, mark: "~mark", now: () => clock.now(),
      store: { cursor: (name) => Promise.resolve(cursors.get(name) ?? null) },
      concurrency: options.concurrency ?? 4,
      onDay: () => { counts.days += 1; },
      onPassedOver: () => { counts.passedOver += 1; },
    });
    const seen: string[] = [];
    let inHand = 0;
    const works: Promise<void>[] = [];
    for await (const handover of archive.handovers(signal)) {
      const what = how(handover);
      if (what === "crash") break;
      inHand += 1;
      counts.inHandMax = Math.max(counts.inHandMax, inHand);
      works.push((async () => {
        const became = what === "commit" ? await this.#take(handover, seen) : what;
        inHand -= 1;
        await (became === "commit" ? handover.acknowledge() : handover.giveBack(became));
      })());
    }
    await Promise.all(works);
    objects.close();
    storage.close();
    return { seen: seen.sort(), counts, fault: archive.fault };
  }

  async #take(handover: Handover, seen: string[]): Promise<"commit" | "poison"> {
    const { cursor } = handover;
    try {
      seen.push(...(await idsIn(handover)).map(String));
    } catch (error) {
      if (!(error instanceof GivenUp)) throw error;
      this.notes.failed("backfill", error, null);
      return "poison";
    }
    if (cursor !== undefined && cursor.data !== null) this.cursors.set(cursor.name, cursor.data);
    return "commit";
  }
}
