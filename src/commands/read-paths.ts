import type { App } from "../app.ts";
import { ingestFiles, type IngestOptions, type IngestSummary } from "../ingest-files.ts";
import type { SourceFault } from "../sources/fault.ts";
import { lookForFiles, type Found } from "../sources/files.ts";
import { printable } from "../text/printable.ts";
import { plural } from "./output/table.ts";
import { progressOn } from "./output/progress.ts";
import { RejectionTelling } from "./output/rejection-telling.ts";

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
  const rejections = new RejectionTelling();
  const summary = await ingestFiles(app, files, {
    agentsOnly,
    judge,
    progress: progressOn(process.stderr, "Reading"),
    onRejection: (rejection) => { rejections.tell(rejection); },
    onFault: tellFault,
  });
  rejections.finish();
  const fileCount = summary.fileCount + faults.length;
  const faultCount = summary.faultCount + faults.length;
  return { ...summary, passedOverCount, fileCount, faultCount };
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
