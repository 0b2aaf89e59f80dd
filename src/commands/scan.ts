import { Option, type Command } from "commander";
import { openApp, type App } from "../app.ts";
import type { Finding } from "../findings/finding.ts";
import { ingestFiles, type IngestSummary } from "../ingest-files.ts";
import { judgeEverything } from "../judging.ts";
import { findFiles } from "../sources/files.ts";
import { version } from "../version.ts";
import { exitCodes, failOnChoices, scanExitCode, type FailOn } from "./exit-codes.ts";
import { printEvents } from "./output/print-events.ts";
import { byLevel, findingFormats, findingsText, type FindingFormat } from "./output/print-findings.ts";
import { progressOn } from "./output/progress.ts";
import { plural } from "./output/table.ts";
import { UsageError } from "../usage-error.ts";

interface ScanOptions {
  readonly format: FindingFormat;
  readonly events?: true;
  readonly agentsOnly?: true;
  readonly rules: readonly string[];
  readonly onlyRules?: string;
  readonly config?: string;
  readonly store?: string;
  readonly failOn: FailOn;
  readonly minLevel?: FailOn;
  readonly quiet?: true;
}

export function addScanCommand(program: Command): void {
  program
    .command("scan")
    .summary("read CloudTrail files and say what is wrong in them")
    .description(
      "Reads CloudTrail files (gzip or plain: trail files, arrays, NDJSON, EventBridge, LookupEvents pages), ties\n" +
      "every call to a session and an agent, judges it with Sigma rules, and prints findings.\n" +
      "Without a config, agents are discovered by their fingerprints.",
    )
    .argument("<paths...>", "files and folders; - for standard input")
    .addOption(new Option("-f, --format <format>", "how to print").choices([...findingFormats]).default("table"))
    .option("--events", "print every event, normalised, instead of findings")
    .option("--agents-only", "skip records that cannot belong to an agent (needs agents in the config)")
    .option("--rules <path>", "further Sigma rules: a folder or file (repeatable)", collect, [])
    .option("--only-rules <path>", "just these Sigma rules, without ours")
    .option("-c, --config <file>", "agents, roles, zones, networks (default: ./trailwarden.yaml where there is one)")
    .option("-s, --store <file>", "keep what is read in this file; `:memory:` keeps nothing on disk (default: forgotten at the end)")
    .addOption(new Option("--fail-on <level>", "exit with 1 from this level on").choices([...failOnChoices]).default("medium"))
    .option("-q, --quiet", "no summary on standard error")
    .addHelpText("after", `
Examples:
  trailwarden scan AWSLogs/ --config trailwarden.yaml
  trailwarden scan trail.json.gz --format ndjson | jq .because
  zcat *.gz | trailwarden scan - --events --format ndjson
  trailwarden scan AWSLogs/ --only-rules ./sigma/rules/cloud/aws/cloudtrail --format csv

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or config, 3 input partly unreadable.`)
    .action(async (paths: string[], options: ScanOptions) => {
      process.exitCode = await scan(paths, options);
    });
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function scan(paths: readonly string[], options: ScanOptions): Promise<number> {
  if (options.events === true && options.format === "sarif") {
    throw new UsageError("Events cannot be printed as SARIF, which holds findings. Try --format ndjson.");
  }
  const files = await findFiles(paths);
  const app = await openApp(options);
  try {
    const summary = await ingestFiles(app, files, {
      agentsOnly: options.agentsOnly === true,
      progress: progressOn(process.stderr, "Reading"),
      onRejection: ({ file, reason, offset, index, detail }) => {
        const place = [index === null ? "" : `record ${index}`, offset === null ? "" : `byte ${offset}`]
          .filter((part) => part !== "").join(", ");
        process.stderr.write(`${file}${place === "" ? "" : ` (${place})`}: ${reason}: ${detail}\n`);
      },
    });
    if (options.events === true) return await events(app, summary, options);
    await judgeEverything(app, progressOn(process.stderr, "Judging"));
    return await report(app, summary, options);
  } finally {
    await app.close();
  }
}

async function events(app: App, summary: IngestSummary, options: ScanOptions): Promise<number> {
  await printEvents(app, options.format);
  tell(options, summaryLine(summary));
  return summary.rejectedCount > 0 ? exitCodes.unreadable : exitCodes.ok;
}

async function report(app: App, summary: IngestSummary, options: ScanOptions): Promise<number> {
  const findings: Finding[] = [];
  for await (const page of app.store.findings()) findings.push(...page);
  process.stdout.write(
    findingsText(findings, { format: options.format, rules: app.rules.detections, version }),
  );
  tell(options, `${summaryLine(summary)}\nFindings: ${byLevel(findings)}.`);
  return scanExitCode(findings, summary.rejectedCount, options.failOn);
}

function tell(options: ScanOptions, text: string): void {
  if (options.quiet !== true) process.stderr.write(`${text}\n`);
}

/** `Read 840 events from 12 files (3 duplicates, 0 rejected).` */
function summaryLine(summary: IngestSummary): string {
  const others = Object.entries(summary.others).map(([kind, count]) => `${count} ${kind}`);
  const parts = [
    plural(summary.duplicateCount, "duplicate"),
    ...(summary.skippedCount === 0 ? [] : [`${summary.skippedCount} skipped`]),
    `${summary.rejectedCount} rejected`,
    ...others,
  ];
  const known = summary.knownFileCount === 0 ? "" : ` ${plural(summary.knownFileCount, "file")} had been read before.`;
  return `Read ${plural(summary.eventCount, "event")} from ${plural(summary.fileCount, "file")} ` +
    `(${parts.join(", ")}) in ${summary.seconds.toFixed(1)} s.${known}`;
}
