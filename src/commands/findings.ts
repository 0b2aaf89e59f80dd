import { randomUUID } from "node:crypto";
import { Option, type Command } from "commander";
import { openApp, type App } from "../app.ts";
import { levels, type Level } from "../detections/detection.ts";
import type { Finding, Suppression, Verdict } from "../findings/finding.ts";
import { UsageError } from "../usage-error.ts";
import { version } from "../version.ts";
import { exitCodes } from "./exit-codes.ts";
import { findingFormats, findingsText, findingText, type FindingFormat } from "./output/print-findings.ts";
import { cell, instant, table } from "./output/table.ts";
import { requireStore, storeOption } from "./store-option.ts";

interface ListOptions {
  readonly store: string;
  readonly format: FindingFormat;
  readonly minLevel: Level;
  readonly rule?: string;
  readonly agent?: string;
  readonly status?: Finding["status"];
}

type StoreOptions = { readonly store: string };

export function addFindingsCommand(program: Command): void {
  const findings = program
    .command("findings")
    .summary("list, show, acknowledge, close and suppress findings in a store")
    .description("Findings are kept once each and grow; they are open until a person closes them.")
    .addOption(storeOption())
    .addOption(new Option("-f, --format <format>", "how to print").choices([...findingFormats]).default("table"))
    .addOption(new Option("--min-level <level>", "this level and above").choices([...levels]).default("informational"))
    .option("--rule <name>", "only this rule's")
    .option("--agent <name>", "only this agent's")
    .addOption(new Option("--status <status>", "only with this status")
      .choices(["open", "acknowledged", "suppressed", "closed"]))
    .action(async (options: ListOptions) => {
      await withStore(options, async (app) => {
        const found = (await allFindings(app)).filter((finding) => isWanted(finding, options));
        process.stdout.write(findingsText(found, { format: options.format, rules: app.rules.detections, version }));
      });
    });
  addLifeCycle(findings);
  addSuppressions(findings);
}

function addLifeCycle(findings: Command): void {
  findings.command("show").summary("one finding in full").argument("<id>", "the beginning of its id suffices")
    .action(async (id: string, _own: object, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        process.stdout.write(findingText(await oneFinding(app, id)));
      });
    });
  findings.command("acknowledge").summary("say that someone is on it").argument("<id>")
    .requiredOption("--note <text>", "who, and what is being done")
    .action(async (id: string, { note }: { note: string }, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        const finding = await oneFinding(app, id);
        await app.store.acknowledge(finding.id, note);
        process.stdout.write(`${finding.id} is acknowledged.\n`);
      });
    });
  findings.command("close").summary("close it, with a verdict").argument("<id>")
    .addOption(new Option("--verdict <verdict>", "what it was")
      .choices(["true-positive", "false-positive", "benign"]).makeOptionMandatory())
    .requiredOption("--note <text>", "why")
    .action(async (id: string, { note, verdict }: { note: string; verdict: Verdict }, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        const finding = await oneFinding(app, id);
        await app.store.closeFinding(finding.id, verdict, note);
        process.stdout.write(`${finding.id} is closed as ${verdict}.\n`);
      });
    });
}

interface SuppressOptions {
  readonly rule?: string;
  readonly entity?: string;
  readonly agent?: string;
  readonly account?: string;
  readonly reason: string;
  readonly days: string;
}

function addSuppressions(findings: Command): void {
  findings.command("suppress").summary("accept findings, with a reason and an end")
    .description("Accepts every finding that fits all given patterns (* and ?). Give at least one.")
    .option("--rule <glob>", "the rule's name").option("--entity <glob>", "the entity's id")
    .option("--agent <glob>", "the agent's name").option("--account <glob>", "the account")
    .requiredOption("--reason <text>", "why this is accepted").option("--days <n>", "for how long, 1 to 365", "30")
    .action(async (options: SuppressOptions, command: Command) => {
      const suppression = suppressionOf(options, Date.now());
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        await app.store.suppress(suppression);
        process.stdout.write(`Suppressed until ${instant(suppression.expiresAt)} UTC as ${suppression.id}.\n`);
      });
    });
  findings.command("suppressions").summary("what is suppressed, why, until when")
    .action(async (_own: object, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        const rows = (await app.store.suppressions()).map((s) => [
          s.id, cell(s.rule ?? "*"), cell(s.entity ?? "*"), cell(s.agent ?? "*"), cell(s.account ?? "*"),
          instant(s.expiresAt), cell(s.reason),
        ]);
        const head = ["ID", "RULE", "ENTITY", "AGENT", "ACCOUNT", "UNTIL", "REASON"];
        process.stdout.write(rows.length === 0 ? "Nothing is suppressed.\n" : `${table(head, rows)}\n`);
      });
    });
  findings.command("unsuppress").summary("end a suppression").argument("<id>")
    .action(async (id: string, _own: object, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        if (!(await app.store.unsuppress(id))) throw new UsageError(`There is no suppression ${id}. See: findings suppressions`);
        process.stdout.write(`${id} is ended.\n`);
      });
    });
}

function suppressionOf(options: SuppressOptions, now: number): Suppression {
  const { rule = null, entity = null, agent = null, account = null, reason } = options;
  if (rule === null && entity === null && agent === null && account === null) {
    throw new UsageError("A suppression of everything is none. Give --rule, --entity, --agent or --account.");
  }
  const days = Number(options.days);
  if (!(days >= 1 && days <= 365)) throw new UsageError(`Cannot suppress for ${options.days} days: give 1 to 365.`);
  return { id: randomUUID().slice(0, 8), rule, entity, agent, account, reason, createdAt: now, expiresAt: now + days * 86_400_000 };
}

async function withStore(options: StoreOptions, work: (app: App) => Promise<void>): Promise<void> {
  const app = await openApp({ store: requireStore(options.store) });
  try {
    await work(app);
    process.exitCode = exitCodes.ok;
  } finally {
    await app.close();
  }
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
  const found = await app.store.finding(id);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  throw new UsageError(found.length === 0
    ? `There is no finding ${id}. List them with: trailwarden findings`
    : `${found.length} findings begin with ${id}. Give more of the id.`);
}
