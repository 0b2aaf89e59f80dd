import type { App } from "../app.ts";
import { ingestFiles, type IngestOptions, type IngestSummary } from "../ingest-files.ts";
import type { Rejection } from "../records/record.ts";
import type { SourceFault } from "../sources/fault.ts";
import { lookForFiles, type Found } from "../sources/files.ts";
import { printable } from "../text/printable.ts";
import { plural } from "./output/table.ts";
import { progressOn } from "./output/progress.ts";

/** What reading the paths came to. */
export interface PathsRead extends IngestSummary {
  readonly passedOverCount: number;
}

/** Reads files into the store; what cannot be read is told on standard error as it is met. */
export async function readPaths(
  app: App,
  { files, passedOverCount, faults }: Found,
  { agentsOnly, judge }: Pick<IngestOptions, "agentsOnly" | "judge">,
): Promise<PathsRead> {
  faults.forEach(tellFault);
  const told = new Map<string, number>();
  const summary = await ingestFiles(app, files, {
    agentsOnly,
    judge,
    progress: progressOn(process.stderr, "Reading"),
    onRejection: (rejection) => {
      const count = (told.get(rejection.file) ?? 0) + 1;
      told.set(rejection.file, count);
      if (count <= toldPerFileMax) tellRejection(rejection);
    },
    onFault: tellFault,
  });
  for (const [file, count] of told) tellRest(file, count - toldPerFileMax);
  const fileCount = summary.fileCount + faults.length;
  const faultCount = summary.faultCount + faults.length;
  return { ...summary, passedOverCount, fileCount, faultCount };
}

/** Enough to see what a file is; one of garbage has a hundred thousand. */
const toldPerFileMax = 50;

function tellRest(file: string, count: number): void {
  if (count > 0) process.stderr.write(`${printable(file)}: and ${count} more.\n`);
}

/** Looks for files, and says where there are none: an empty folder is no failure, but no news. */
export async function filesUnder(paths: readonly string[]): Promise<Found> {
  const found = await lookForFiles(paths);
  if (found.files.length === 0 && found.faults.length === 0) {
    const { passedOverCount } = found;
    const others = passedOverCount === 0 ? "" :
      ` ${plural(passedOverCount, "file")} there ${passedOverCount === 1 ? "has" : "have"} ` +
      "another ending than .json, .ndjson, .jsonl, .log or .gz: name a file to have it read.";
    process.stderr.write(`There are no CloudTrail files under ${shown(paths)}.${others}\n`);
  }
  return found;
}

const shown = (paths: readonly string[]): string => paths.map(printable).join(", ");

function tellFault({ message }: SourceFault): void {
  process.stderr.write(`${printable(message)}\n`);
}

/** `trail.json.gz (record 183, byte 200586): truncated: …`; records count from 0. */
function tellRejection({ file, reason, offset, index, detail }: Rejection): void {
  const places = [
    ...(index === null ? [] : [`record ${index}`]),
    ...(offset === null ? [] : [`byte ${offset}`]),
  ];
  const place = places.length === 0 ? "" : ` (${places.join(", ")})`;
  process.stderr.write(`${printable(`${file}${place}: ${reason}: ${detail}`)}\n`);
}

/** `Read 840 events from 12 files (3 duplicates, 0 rejected) in 0.4 s.` */
export function summaryLine(summary: PathsRead): string {
  const { skippedCount, rejectedCount, faultCount, knownFileCount, passedOverCount } = summary;
  const others = Object.entries(summary.others).map(([kind, count]) => `${count} ${kind}`);
  const parts = [
    plural(summary.duplicateCount, "duplicate"),
    ...(skippedCount === 0 ? [] : [`${skippedCount} skipped`]),
    `${rejectedCount} rejected`,
    ...others,
  ];
  const read = summary.fileCount - summary.faultCount;
  const more = [
    ...(knownFileCount === 0 ? [] : [`${plural(knownFileCount, "file")} had been read before.`]),
    ...(faultCount === 0 ? [] : [`${plural(faultCount, "file")} could not be read.`]),
    ...(passedOverCount === 0 ? [] : [`${plural(passedOverCount, "file")} passed over by name.`]),
  ];
  return [
    `Read ${plural(summary.eventCount, "event")} from ${plural(Math.max(read, 0), "file")} ` +
      `(${parts.join(", ")}) in ${summary.seconds.toFixed(1)} s.`,
    ...more,
  ].join(" ");
}
