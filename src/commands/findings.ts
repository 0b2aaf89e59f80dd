import { Option, type Command } from "commander";
import type { App } from "../app.ts";
import { levels, type Level } from "../detections/detection.ts";
import type { Finding, Verdict } from "../findings/finding.ts";
import { UsageError } from "../usage-error.ts";
import { version } from "../version.ts";
import {
  findingFormats, findingsText, findingText, rulesOf, type FindingFormat,
} from "./output/print-findings.ts";
import { cliDecider } from "./decider.ts";
import { storeOption, withStore, type StoreOptions } from "./store-option.ts";
import { addSuppressionCommands } from "./suppressions.ts";

interface ListOptions extends StoreOptions {
  readonly format: FindingFormat;
  readonly minLevel: Level;
  readonly rule?: string;
  readonly agent?: string;
  readonly status?: Finding["status"];
}

type ShowOptions = Pick<ListOptions, "store" | "format">;

const examples = `
Examples:
  trailwarden findings --store trail.db --min-level high --status open
  trailwarden findings show 9fb01e1c --store trail.db
  trailwarden findings close 9fb01e1c --verdict benign --note "A drill." --store trail.db`;

export function addFindingsCommand(program: Command): void {
  const findings = program
    .command("findings")
    .summary("list, show, acknowledge, close and suppress findings in a store")
    .description("Findings are kept once each and grow; they are open until a person closes them.")
    .addOption(storeOption())
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices([...findingFormats]).default("table"))
    .addOption(new Option("--min-level <level>", "this level and above")
      .choices([...levels]).default("informational"))
    .option("--rule <name>", "only this rule's")
    .option("--agent <name>", "only this agent's")
    .addOption(new Option("--status <status>", "only with this status")
      .choices(["open", "acknowledged", "suppressed", "closed"]))
    .addHelpText("after", examples)
    .action(async (options: ListOptions) => {
      await withStore(options, async (app) => {
        const found = (await allFindings(app)).filter((finding) => isWanted(finding, options));
        print(app, found, options.format);
      });
    });
  addShow(findings);
  addAcknowledge(findings);
  addClose(findings);
  addSuppressionCommands(findings);
}

function addShow(findings: Command): void {
  findings.command("show").description("One finding in full.")
    .argument("<id>", "the beginning of its id suffices")
    .addHelpText("after", "\nExample:\n  trailwarden findings show 9fb01e1c --format json")
    .action(async (id: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<ShowOptions>();
      await withStore(options, async (app) => {
        const finding = await oneFinding(app, id);
        if (options.format === "table") process.stdout.write(findingText(finding));
        else print(app, [finding], options.format);
      });
    });
}

function addAcknowledge(findings: Command): void {
  findings.command("acknowledge").description("Says that someone is on it.")
    .argument("<id>", "the beginning of its id suffices")
    .requiredOption("--note <text>", "who, and what is being done")
    .addHelpText("after", "\nIt still counts for --fail-on, until it is closed or suppressed.")
    .action(async (id: string, { note }: { note: string }, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        const finding = await oneFinding(app, id);
        if (!(await app.store.acknowledge(finding.id, note, cliDecider()))) {
          throw new UsageError(`${finding.id} is closed already. See: findings show ${finding.id}`);
        }
        process.stdout.write(`${finding.id} is acknowledged.\n`);
      });
    });
}

function addClose(findings: Command): void {
  findings.command("close").description("Closes it, with a verdict.")
    .argument("<id>", "the beginning of its id suffices")
    .addOption(new Option("--verdict <verdict>", "what it was")
      .choices(["true-positive", "false-positive", "benign"]).makeOptionMandatory())
    .requiredOption("--note <text>", "why")
    .addHelpText("after", "\nClosing again replaces verdict and note.")
    .action(async (id: string, own: { note: string; verdict: Verdict }, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        const finding = await oneFinding(app, id);
        await app.store.closeFinding(finding.id, own, cliDecider());
        process.stdout.write(`${finding.id} is closed as ${own.verdict}.\n`);
      });
    });
}

function print({ rules }: App, findings: readonly Finding[], format: FindingFormat): void {
  process.stdout.write(findingsText(findings, { format, rules: rulesOf(rules), version }));
}

async function allFindings(app: App): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for await (const page of app.store.findings(Date.now())) findings.push(...page);
  return findings;
}

function isWanted(finding: Finding, { minLevel, rule, agent, status }: ListOptions): boolean {
  return levels.indexOf(finding.level) >= levels.indexOf(minLevel) &&
    (rule === undefined || finding.rule === rule) &&
    (agent === undefined || finding.agent?.name === agent) &&
    (status === undefined || finding.status === status);
}

async function oneFinding(app: App, id: string): Promise<Finding> {
  const found = await app.store.finding(id, Date.now());
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UsageError(found.length === 0
    ? `There is no finding ${id}. List them with: trailwarden findings`
    : `${found.length} findings begin with ${id}. Give more of the id.`);
}
