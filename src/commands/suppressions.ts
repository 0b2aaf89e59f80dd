import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import type { Suppression } from "../findings/finding.ts";
import { UsageError } from "../usage-error.ts";
import { cell, instant, table } from "./output/table.ts";
import { cliDecider } from "./decider.ts";
import { withStore, type StoreOptions } from "./store-option.ts";

interface SuppressOptions {
  readonly rule?: string;
  readonly entity?: string;
  readonly agent?: string;
  readonly account?: string;
  readonly reason: string;
  readonly days: string;
}

const example = `
Example:
  trailwarden findings suppress --rule sensitive-read --agent aider --reason "Known, see T-12."`;

export function addSuppressionCommands(findings: Command): void {
  addSuppress(findings);
  addList(findings);
  addUnsuppress(findings);
}

function addSuppress(findings: Command): void {
  findings.command("suppress")
    .description(
      "Accepts findings, with a reason and an end: every one that fits all given patterns " +
      "(* and ?). Give at least one.",
    )
    .option("--rule <glob>", "the rule's name")
    .option("--entity <glob>", "the entity's id")
    .option("--agent <glob>", "the agent's name")
    .option("--account <glob>", "the account")
    .requiredOption("--reason <text>", "why this is accepted")
    .option("--days <n>", "for how long, 1 to 365", "30")
    .addHelpText("after", example)
    .action(async (_own: object, command: Command) => {
      // A suppression's --rule and --agent are the list's too: whoever parsed them, they are here.
      const options = command.optsWithGlobals<SuppressOptions & StoreOptions>();
      const suppression = suppressionOf(options, Date.now());
      await withStore(options, async (app) => {
        await app.store.suppress(suppression, cliDecider());
        const until = instant(suppression.expiresAt);
        process.stdout.write(`Suppressed until ${until} UTC as ${suppression.id}.\n`);
      });
    });
}

function addList(findings: Command): void {
  findings.command("suppressions").description("Says what is suppressed, why, and until when.")
    .addHelpText("after", "\nExpired ones are listed too. End one early with: findings unsuppress")
    .action(async (_own: object, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        const suppressions = await app.store.suppressions();
        const rows = suppressions.map((s) => [
          s.id, cell(s.rule ?? "*"), cell(s.entity ?? "*"), cell(s.agent ?? "*"),
          cell(s.account ?? "*"), instant(s.expiresAt), cell(s.reason),
        ]);
        const head = ["ID", "RULE", "ENTITY", "AGENT", "ACCOUNT", "UNTIL", "REASON"];
        process.stdout.write(
          rows.length === 0 ? "Nothing is suppressed.\n" : `${table(head, rows)}\n`,
        );
      });
    });
}

function addUnsuppress(findings: Command): void {
  findings.command("unsuppress").description("Ends a suppression.")
    .argument("<id>", "as `suppressions` lists it")
    .option("--reason <text>", "why, for the audit log", "none given")
    .addHelpText("after", "\nWhat it hid is open again, or acknowledged, as before.")
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      await withStore(command.optsWithGlobals<StoreOptions>(), async (app) => {
        if (!(await app.store.unsuppress(id, reason, cliDecider()))) {
          throw new UsageError(
            `There is no suppression ${id}. List them with: trailwarden findings suppressions`,
          );
        }
        process.stdout.write(`${id} is ended.\n`);
      });
    });
}

function suppressionOf(options: SuppressOptions, now: number): Suppression {
  const { rule = null, entity = null, agent = null, account = null, reason } = options;
  if (rule === null && entity === null && agent === null && account === null) {
    throw new UsageError(
      "A suppression of everything is none. Give --rule, --entity, --agent or --account.",
    );
  }
  const days = Number(options.days);
  if (!(days >= 1 && days <= 365)) {
    throw new UsageError(`--days is ${options.days}: expected 1 to 365.`);
  }
  return {
    id: randomUUID().slice(0, 8), rule, entity, agent, account, reason,
    createdAt: now, expiresAt: now + days * 86_400_000,
  };
}
