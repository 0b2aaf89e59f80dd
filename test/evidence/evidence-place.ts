import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startFauxqs, type FauxqsServer } from "fauxqs";
import { ObjectListing } from "../../src/aws/s3-list.ts";
import { ObjectStorage } from "../../src/aws/s3.ts";
import { Config } from "../../src/config/schema.ts";
import type { TrailArchive } from "../../src/evidence/archive.ts";
import type { EvidenceReport } from "../../src/evidence/report.ts";
import { Slots } from "../../src/evidence/slots.ts";
import { verifyArchive, type Expected } from "../../src/evidence/verify-archive.ts";
import { ArchiveListing } from "../../src/sources/archive-listing.ts";
import { givenPublicKeys } from "../../src/sources/public-keys.ts";
import { TrailBucket } from "../../src/sources/trail-bucket.ts";
import { TrailFolder } from "../../src/sources/trail-folder.ts";
import { Notes, TurnedClock } from "../sources/watching.ts";
import { firstKey, secondKey, type MadeTrail, type StoredFile } from "./trail-made.ts";

const none = { accounts: [], regions: [] };
const region = "eu-west-1";

export interface Asked {
  readonly from?: number;
  readonly to?: number;
  /** ms UTC */
  readonly now?: number;
  readonly prefix?: string;
  readonly expected?: Partial<Expected>;
}

/** Where made trails are put: a server that speaks S3, and a folder. */
export class EvidencePlace {
  readonly #server: FauxqsServer;
  readonly #s3: S3Client;
  readonly #folder = mkdtempSync(join(tmpdir(), "evidence-"));
  #count = 0;

  private constructor(server: FauxqsServer) {
    this.#server = server;
    this.#s3 = new S3Client({
      endpoint: server.address, region, forcePathStyle: true,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
  }

  static async start(): Promise<EvidencePlace> {
    process.env["AWS_ACCESS_KEY_ID"] = "AKIAOURSELVES0000001";
    process.env["AWS_SECRET_ACCESS_KEY"] = "secret";
    return new EvidencePlace(await startFauxqs({ port: 0, logger: false, defaultRegion: region }));
  }

  get endpoint(): string {
    return this.#server.address;
  }

  async stop(): Promise<void> {
    this.#s3.destroy();
    await this.#server.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A bucket's name that no other test uses. */
  newBucket(): string {
    this.#count += 1;
    const name = `trail-logs-${this.#count}`;
    this.#server.createBucket(name);
    return name;
  }

  async put(bucket: string, files: ReadonlyMap<string, StoredFile>): Promise<void> {
    for (const [key, { body, metadata }] of files) {
      await this.#s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, Metadata: metadata }),
      );
    }
  }

  /** What comes of a trail that lies in its bucket, read by the real client. */
  async inBucket(trails: readonly MadeTrail[], asked: Asked = {}): Promise<EvidenceReport> {
    const bucket = trails[0]?.bucket ?? "";
    for (const { files } of trails) await this.put(bucket, files);
    const { aws } = Config.parse({ aws: { endpoint: this.endpoint, region } });
    const objects = new ObjectListing(aws, { socketsMax: 8 }, bucket);
    const storage = new ObjectStorage(aws, { socketsMax: 8 });
    const [clock, watcher] = [new TurnedClock(0), new Notes()];
    const listing = new ArchiveListing({
      listing: objects, clock, watcher, source: "test",
      delivered: { from: 0, until: Number.MAX_SAFE_INTEGER },
    });
    const patience = {
      clock, signal: new AbortController().signal,
      failed: () => undefined, recovered: () => undefined,
    };
    const { prefix = "" } = asked;
    const archive = new TrailBucket({ listing, storage, prefix, filter: none, patience });
    const report = await reportOf(archive, asked);
    objects.close();
    storage.close();
    return report;
  }

  /** What comes of a copy of it in a folder: `written` says where. */
  copied(trail: MadeTrail): string {
    this.#count += 1;
    const folder = join(this.#folder, String(this.#count));
    for (const [key, { body }] of trail.files) {
      mkdirSync(dirname(join(folder, key)), { recursive: true });
      writeFileSync(join(folder, key), body);
    }
    return folder;
  }

  async inFolder(folder: string, asked: Asked = {}): Promise<EvidenceReport> {
    return await reportOf(await TrailFolder.at(folder, none), asked);
  }
}

const publicKeys = givenPublicKeys(
  new Map([firstKey, secondKey].map(({ fingerprint, publicKey }) => [fingerprint, publicKey])),
);

async function reportOf(archive: TrailArchive, asked: Asked): Promise<EvidenceReport> {
  const { from = at(1), to = at(6), now = at(100), expected } = asked;
  const verification = {
    archive, publicKeys, from, to, now, slots: new Slots(4), inflatedBytesMax: 10_000_000,
    onDigest: () => undefined,
  };
  const all = { trail: null, accounts: [], regions: [], flaws: [], ...expected };
  return await verifyArchive(verification, all, () => undefined);
}

/** The moment at which the n-th digest ends, ms UTC. */
export function at(n: number): number {
  return Date.UTC(2026, 2, 1, n, 1, 31);
}
