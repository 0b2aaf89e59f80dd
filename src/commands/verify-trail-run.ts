import { TrailList } from "../aws/cloudtrail-trails.ts";
import { ObjectListing } from "../aws/s3-list.ts";
import { ObjectStorage } from "../aws/s3.ts";
import { configAt } from "../config-file.ts";
import type { Config } from "../config/schema.ts";
import type { PublicKeySource, TrailArchive } from "../evidence/archive.ts";
import type { EvidenceReport, PlacedFlaw } from "../evidence/report.ts";
import { Slots } from "../evidence/slots.ts";
import { noTrailFlaw, settingFlaws, type TrailSettings } from "../evidence/trail-settings.ts";
import { verifyArchive, type Expected } from "../evidence/verify-archive.ts";
import { ArchiveListing } from "../sources/archive-listing.ts";
import { systemClock } from "../sources/clock.ts";
import { readTexts } from "../sources/files.ts";
import { patiently, type Patience } from "../sources/patiently.ts";
import { AskedPublicKeys, givenPublicKeys, publicKeysIn } from "../sources/public-keys.ts";
import { TrailBucket } from "../sources/trail-bucket.ts";
import { TrailFolder } from "../sources/trail-folder.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { bucketIn } from "./bucket-url.ts";
import { exitCodes } from "./exit-codes.ts";
import { countIn } from "./options.ts";
import { evidenceSummary, evidenceText } from "./output/print-evidence.ts";
import { progressOn } from "./output/progress.ts";
import { timeRange } from "./time-range.ts";
import type { VerifyTrailOptions } from "./verify-trail.ts";

/** As many as `backfill` reads at most. */
const concurrencyMax = 64;
const hourMs = 3600 * 1000;

/** The exit code. */
export async function runVerifyTrail(where: string, options: VerifyTrailOptions): Promise<number> {
  const range = timeRange(options, Date.now());
  const config = await configAt(options.config);
  const concurrency = Math.min(countIn(options.concurrency, "--concurrency"), concurrencyMax);
  const place = placeOf(where, options);
  const archive = await archiveAt(place, config, concurrency);
  const settings = options.settings === true ? await settingsOf(place, config) : [];
  const expected = { ...expectedOf(place, config), flaws: settings };
  const progress = progressOn(process.stderr, "Verifying", "log files");
  const startedAt = performance.now();
  const hours = Math.ceil((range.to - range.from) / hourMs);
  let [digestCount, logCount] = [0, 0];
  const verification = {
    ...range, archive, publicKeys: await publicKeysFor(options, config), now: Date.now(),
    slots: new Slots(concurrency), inflatedBytesMax: config.read.inflatedBytesMax,
    onDigest: (digest: { readonly logCount: number }) => {
      digestCount += 1;
      logCount += digest.logCount;
      progress.advance(digestCount, logCount);
    },
  };
  const report = await verifyArchive(verification, expected, (done, count) => {
    if (done === 0) progress.start(count * hours);
    if (count === 0) throw nothingThere(where);
  });
  progress.stop();
  process.stdout.write(evidenceText(report, options.format));
  const seconds = (performance.now() - startedAt) / 1000;
  process.stderr.write(`${evidenceSummary(report, seconds)}\n`);
  return exitCodeOf(report);
}

function exitCodeOf({ verdict }: EvidenceReport): number {
  switch (verdict) {
    case "proven":
      return exitCodes.ok;
    case "broken":
      return exitCodes.findings;
    case "unknown":
      return exitCodes.unreadable;
  }
}

/** What was asked for. */
interface WantedPlace {
  readonly where: string;
  /** Null: a folder. */
  readonly bucket: { readonly bucket: string; readonly prefix: string } | null;
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly trail: string | null;
}

/** A URL may lead into a region's folder: log files and digests lie in different ones. */
function placeOf(where: string, options: VerifyTrailOptions): WantedPlace {
  const { account: accounts, region: regions, trail = null } = options;
  if (!where.startsWith("s3://")) return { where, bucket: null, accounts, regions, trail };
  const { bucket, prefix } = bucketIn(where);
  const [within = "", region] = /\/CloudTrail(?:-Digest)?(?:\/([^/]*).*)?$/s.exec(prefix) ?? [];
  const named = region === undefined || region === "" ? [] : [region];
  return {
    where, trail, accounts, regions: regions.length > 0 ? regions : named,
    bucket: { bucket, prefix: prefix.slice(0, prefix.length - within.length) },
  };
}

/** Declared accounts are to send, where a whole bucket is looked at. */
function expectedOf(
  { bucket, accounts, regions, trail }: WantedPlace,
  config: Config,
): Omit<Expected, "flaws"> {
  const isWhole = bucket !== null && !bucket.prefix.includes("AWSLogs");
  const declared = isWhole ? config.accounts.map(({ id }) => id) : [];
  return { trail, regions, accounts: accounts.length > 0 ? accounts : declared };
}

/** A trail of all regions is seen in each of them, one of a single region only there. */
async function settingsOf(
  { where, bucket, accounts, regions }: WantedPlace,
  { aws }: Config,
): Promise<readonly PlacedFlaw[]> {
  if (bucket === null) {
    throw new UsageError(`--settings asks AWS: expected s3://bucket instead of ${where}.`);
  }
  const own = aws.region ?? process.env["AWS_REGION"] ?? "us-east-1";
  const trails = new Map<string, TrailSettings>();
  for (const region of regions.length > 0 ? regions : [own]) {
    const list = new TrailList(aws, region);
    const found = await patiently(() => list.writingTo(bucket.bucket), patience);
    list.close();
    for (const trail of found) trails.set(trail.arn, trail);
  }
  if (trails.size === 0) return [noTrailFlaw(bucket.bucket, accounts[0] ?? "-")];
  return settingFlaws([...trails.values()]);
}

async function archiveAt(
  { where, bucket, accounts, regions }: WantedPlace,
  { aws }: Config,
  concurrency: number,
): Promise<TrailArchive> {
  const filter = { accounts, regions };
  if (bucket === null) return await TrailFolder.at(where, filter);
  const listing = new ArchiveListing({
    listing: new ObjectListing(aws, { socketsMax: 8 }, bucket.bucket),
    delivered: { from: 0, until: Number.MAX_SAFE_INTEGER },
    clock: systemClock, source: "verify-trail",
    watcher: {
      failed: (_source, fault, delayMs) => { tellFault(fault, delayMs); },
      recovered: () => undefined,
    },
  });
  const storage = new ObjectStorage(aws, { socketsMax: concurrency });
  return new TrailBucket({ listing, storage, prefix: bucket.prefix, filter, patience });
}

async function publicKeysFor(
  { keys }: VerifyTrailOptions,
  { aws }: Config,
): Promise<PublicKeySource> {
  if (keys === undefined) return new AskedPublicKeys(aws, patience);
  const [file] = await readTexts(keys, [".json"]);
  const found = publicKeysIn(file?.text ?? "");
  if (found !== null) return givenPublicKeys(found);
  throw new UsageError(
    `${keys} holds no public keys. Make it with: aws cloudtrail list-public-keys ` +
    "--start-time … --end-time … --region …",
  );
}

const patience: Patience = {
  clock: systemClock,
  signal: new AbortController().signal,
  failed: tellFault,
  recovered: () => undefined,
};

function tellFault({ message }: { readonly message: string }, delayMs: number | null): void {
  const again = delayMs === null ? "" : " It is tried again.";
  process.stderr.write(`${printable(message)}${again}\n`);
}

function nothingThere(where: string): UsageError {
  return new UsageError(
    `There is nothing of CloudTrail's under ${where}: expected AWSLogs/<account>/CloudTrail/ and ` +
    "AWSLogs/<account>/CloudTrail-Digest/, there or above it.",
  );
}
