import { Option, type Command } from "commander";
import { brokenRules, openApp, problemText, type App } from "../app.ts";
import type { Finding } from "../findings/finding.ts";
import type { TasksTold } from "../ingest-tasks.ts";
import { archiveJudge, judgeEverything } from "../judging/judge-everything.ts";
import { UsageError } from "../usage-error.ts";
import { version } from "../version.ts";
import { exitCodes, failOnChoices, scanExitCode, type FailOn } from "./exit-codes.ts";
import { configOption, onlyRulesOption, paragraph, rulesOption } from "./options.ts";
import { onStderr } from "./output/colour.ts";
import { printEvents } from "./output/print-events.ts";
import {
  byLevel, findingFormats, findingsText, rulesOf, type FindingFormat,
} from "./output/print-findings.ts";
import { progressOn } from "./output/progress.ts";
import { plural } from "./output/table.ts";
import { filesUnder, readPaths, summaryLine, type PathsRead } from "./read-paths.ts";
import { endLostTasks, tellTasks, toldLine } from "./tell-tasks.ts";

interface ScanOptions {
  readonly format: FindingFormat;
  readonly events?: true;
  readonly agentsOnly?: true;
  readonly rules: readonly string[];
  readonly onlyRules?: string;
  readonly tasks?: readonly string[];
  readonly config?: string;
  readonly store?: string;
  readonly failOn: FailOn;
  readonly quiet?: true;
}

const description = paragraph(`
Reads CloudTrail files (gzip or plain: trail files, arrays, NDJSON, EventBridge, LookupEvents
pages), ties every call to a session and an agent, judges it with Sigma rules, and prints findings.
Without a config, agents are discovered by their fingerprints.`);

const examples = `
Examples:
  trailwarden scan AWSLogs/ --config trailwarden.yaml
  trailwarden scan trail.json.gz --format ndjson | jq .because
  zcat *.gz | trailwarden scan - --events --format ndjson
  trailwarden scan AWSLogs/ --tasks tasks.ndjson
  trailwarden scan AWSLogs/ --only-rules ./sigma/rules/cloud/aws/cloudtrail --format csv

Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage or config, 3 input partly
unreadable.`;

export function addScanCommand(program: Command): void {
  program
    .command("scan")
    .summary("read CloudTrail files and say what is wrong in them")
    .description(description)
    .argument("<paths...>", "files and folders; - for standard input")
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices([...findingFormats]).default("table"))
    .option("--events", "print every event, normalised, instead of findings")
    .option("--agents-only", "skip records that cannot be an agent's")
    .addOption(rulesOption())
    .addOption(onlyRulesOption())
    .option("--tasks <files...>", "what was told of tasks: NDJSON, as run says it to the service")
    .addOption(configOption())
    .addOption(new Option(
      "-s, --store <file>",
      "keep what is read in this file, to look closer (default: forgotten at the end)",
    ).env("TRAILWARDEN_STORE"))
    .addOption(new Option("--fail-on <level>", "exit with 1 from this level on")
      .choices([...failOnChoices]).default("medium"))
    .option("-q, --quiet", "no summary on standard error")
    .addHelpText("after", examples)
    .action(async (paths: string[], options: ScanOptions) => {
      process.exitCode = await scan(paths, options);
    });
}

async function scan(paths: readonly string[], options: ScanOptions): Promise<number> {
  const isEvents = options.events === true;
  if (isEvents && (options.format === "sarif" || options.format === "ocsf")) {
    const format = options.format.toUpperCase();
    throw new UsageError(`Events cannot be printed as ${format}. Try --format ndjson.`);
  }
  const found = await filesUnder(paths);
  const app = await openApp(options);
  const broken = brokenRules(app.rules);
  for (const problem of broken) process.stderr.write(`${problemText(problem)}\n`);
  try {
    // What is kept is judged too, so that `findings` finds it.
    const isJudged = !isEvents || (options.store ?? "") !== "";
    const judge = isJudged ? archiveJudge(app) : undefined;
    const told = await tellTasks(app.store, options.tasks);
    const files = await readPaths(app, found, { agentsOnly: options.agentsOnly === true, judge });
    const asOf = await endLostTasks(app.store, told);
    const read = { ...files, told };
    const judging = progressOn(process.stderr, "Judging");
    if (isJudged) await judgeEverything(app, judging, { judge, asOf });
    if (isEvents) return await events(app, read, options);
    const code = await report(app, read, options);
    if (broken.length === 0) return code;
    process.stderr.write(`Judged without ${plural(broken.length, "broken rule")}; see above.\n`);
    return code === exitCodes.findings ? code : exitCodes.usage;
  } finally {
    await app.close();
  }
}

async function events(app: App, read: Read, options: ScanOptions): Promise<number> {
  await printEvents(app, options.format);
  tell(options, readLine(read));
  return unreadableCount(read) > 0 ? exitCodes.unreadable : exitCodes.ok;
}

async function report(app: App, read: Read, options: ScanOptions): Promise<number> {
  const findings: Finding[] = [];
  // What a narrower view raised and the whole one does not is no finding of this scan.
  for await (const page of app.store.findings()) {
    findings.push(...page.filter(({ verdict }) => verdict !== "withdrawn"));
  }
  const { format, failOn } = options;
  // For people, only what still asks for something; for machines, all.
  const shown = findings.filter(({ verdict }) => format !== "table" || verdict !== "over");
  process.stdout.write(findingsText(shown, { format, rules: rulesOf(app.rules), version }));
  tell(options, `${readLine(read)}\n${findingsLine(findings)}`);
  return scanExitCode(findings, unreadableCount(read), failOn);
}

/** `Findings: 2 critical, 1 low; 3 suppressed, closed or over by themselves.` */
function findingsLine(findings: readonly Finding[]): string {
  const live = findings.filter(({ status }) => status === "open" || status === "acknowledged");
  const restCount = findings.length - live.length;
  const rest = restCount === 0 ? "" : `; ${restCount} suppressed, closed or over by themselves`;
  return `Findings: ${byLevel(live, onStderr)}${rest}.`;
}

/** The paths, and what was told of tasks where that was asked for. */
type Read = PathsRead & { readonly told: TasksTold | null };

function readLine(read: Read): string {
  return read.told === null ? summaryLine(read) : `${summaryLine(read)}\n${toldLine(read.told)}`;
}

const unreadableCount = ({ rejectedCount, faultCount, told }: Read): number =>
  rejectedCount + faultCount + (told?.rejectedCount ?? 0);

function tell(options: ScanOptions, text: string): void {
  if (options.quiet !== true) process.stderr.write(`${text}\n`);
}
