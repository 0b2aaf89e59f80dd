import { openApp } from "../app.ts";
import { sizeOf, type Archive } from "../service/archive-size.ts";
import type { BackfillSummary } from "../service/backfill-tally.ts";
import { backfill } from "../service/backfilling.ts";
import { configAt } from "../config-file.ts";
import { judgeEverything } from "../judging/judge-everything.ts";
import { readingChoice } from "../reading-choice.ts";
import { untilStopped } from "../service/until-stopped.ts";
import type { Fault } from "../sources/source.ts";
import { printable } from "../text/printable.ts";
import { deliveredWithin, type BackfillCommandOptions } from "./backfill.ts";
import { bucketIn } from "./bucket-url.ts";
import { exitCodes } from "./exit-codes.ts";
import { countIn } from "./options.ts";
import { progressOn } from "./output/progress.ts";
import { RejectionTelling } from "./output/rejection-telling.ts";
import { cell, plural, table } from "./output/table.ts";
import { summaryLine } from "./read-paths.ts";

/** The consumer takes no more at the same time. */
const concurrencyMax = 64;
/**
 * What S3 asks for a thousand GETs and a thousand LISTs, in dollars.
 * https://aws.amazon.com/s3/pricing/
 */
const thousandGets = 0.0004;
const thousandLists = 0.005;

/** The exit code. */
export async function runBackfill(url: string, options: BackfillCommandOptions): Promise<number> {
  const archive: Archive = {
    ...bucketIn(url),
    delivered: deliveredWithin(options, Date.now()),
    filter: { accounts: options.account, regions: options.region },
  };
  const concurrency = Math.min(countIn(options.concurrency, "--concurrency"), concurrencyMax);
  return options.dryRun === true
    ? await showSize(archive, options)
    : await read(archive, concurrency, options);
}

async function showSize(archive: Archive, { config }: BackfillCommandOptions): Promise<number> {
  const app = { config: await configAt(config) };
  const { places, listCount } = await sizeOf(app, archive, tellFault);
  const rows = places.filter(({ fileCount }) => fileCount > 0)
    .map(({ account, region, fileCount, bytes }) =>
      [cell(account), cell(region), fileCount.toLocaleString("en"), megabytes(bytes)]);
  const files = places.reduce((sum, { fileCount }) => sum + fileCount, 0);
  const bytes = places.reduce((sum, place) => sum + place.bytes, 0);
  if (rows.length > 0) {
    process.stdout.write(`${table(["ACCOUNT", "REGION", "FILES", "SIZE"], rows)}\n\n`);
  }
  process.stdout.write(
    `${plural(files, "file")}, ${megabytes(bytes)}. Reading them costs ` +
    `${dollars((files / 1000) * thousandGets)} for GETs; ` +
    `this listing ${dollars((listCount / 1000) * thousandLists)}.\n`,
  );
  return exitCodes.ok;
}

async function read(
  archive: Archive,
  concurrency: number,
  options: BackfillCommandOptions,
): Promise<number> {
  const app = await openApp(options);
  const stop = untilStopped(() => undefined);
  const rejections = new RejectionTelling();
  try {
    const summary = await backfill(app, {
      ...archive,
      concurrency,
      choice: readingChoice(app.config, options.allRecords !== true),
      progress: progressOn(process.stderr, "Reading"),
      onRejection: (rejection) => { rejections.tell(rejection); },
      onFault: tellFault,
    }, stop.signal);
    rejections.finish();
    process.stderr.write(`${readLine(summary)}\n`);
    if (stop.reason() !== null) {
      process.stderr.write("Stopped. What was read is kept; the same command goes on from here.\n");
      return stop.reason() === "SIGINT" ? 130 : 143;
    }
    // What is marked to be judged stays marked.
    stop.signal.addEventListener("abort", () => process.exit(130));
    await judgeEverything(app, progressOn(process.stderr, "Judging"));
    const { rejectedCount, faultCount } = summary;
    return rejectedCount + faultCount > 0 ? exitCodes.unreadable : exitCodes.ok;
  } finally {
    stop.release();
    await app.close();
  }
}

function readLine(summary: BackfillSummary): string {
  const gets = `${plural(summary.getCount, "GET")}, ${megabytes(summary.getBytes)}.`;
  return `${summaryLine(summary)} ${gets}`;
}

function tellFault(fault: Fault, delayMs: number | null): void {
  const again = delayMs === null ? "" : " It is tried again.";
  process.stderr.write(`${printable(fault.message)}${again}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function dollars(amount: number): string {
  return amount < 0.01 ? "less than $0.01" : `about $${amount.toFixed(2)}`;
}
