import type { Command } from "commander";
import { exportedPast } from "../baselines/exported.ts";
import type { KnownSubject } from "../baselines/store.ts";
import { subjectKey } from "../baselines/subject.ts";
import { baselineSettings } from "../judging/baseline-settings.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { chosenFrom, chosenSubjects, dayIn, type BaselineOptions } from "./baselines.ts";
import { cliDecider } from "./decider.ts";
import { pastsIn } from "./exported-baselines.ts";
import { plural } from "./output/table.ts";
import { withStore } from "./store-option.ts";

/** How baselines leave a store, enter one, and begin anew. */
export function addBaselineDecisions(baselines: Command): void {
  addExport(baselines);
  addImport(baselines);
  addReset(baselines);
}

function addExport(baselines: Command): void {
  baselines.command("export")
    .description("Writes what was learned to standard output: NDJSON, a line for each role and " +
      "agent.")
    .argument("[role]", "only this one's (default: all)")
    .addHelpText("after", "\nExample:\n  trailwarden baselines export > baselines.ndjson")
    .action(async (role: string | undefined, _own: object, command: Command) => {
      const options = command.optsWithGlobals<BaselineOptions>();
      await withStore(options, async ({ store }) => {
        const pasts = await store.pasts(0, 1e9);
        const wanted = chosenFrom(pasts, role, options.agent);
        for (const past of pasts.filter((each) => wanted.includes(each))) {
          process.stdout.write(`${JSON.stringify(exportedPast(past))}\n`);
        }
      });
    });
}

function addImport(baselines: Command): void {
  baselines.command("import")
    .description("Takes in what was exported elsewhere: it counts for days on which nothing was " +
      "learned here. Sessions after them are judged again by the next scan, or a watch that runs.")
    .argument("<file>", "as export wrote it")
    .addHelpText("after", "\nExample:\n  trailwarden baselines import baselines.ndjson")
    .action(async (file: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<BaselineOptions>();
      const pasts = await pastsIn(file);
      await withStore(options, async ({ store, config }) => {
        const { windowDays } = baselineSettings(config).memory;
        const reason = `From ${file}.`;
        for (const past of pasts) {
          const changed = await store.importPast(past, { windowDays, reason, by: cliDecider() });
          process.stdout.write(
            `${shownKey(past)}: ${plural(past.days.size, "day")}, ${changed} changed.\n`,
          );
        }
      });
    });
}

interface ResetOptions extends BaselineOptions {
  readonly reason: string;
  readonly from?: string;
}

function addReset(baselines: Command): void {
  baselines.command("reset")
    .description("Lets a role learn anew: from a day on, the days before it do not count. " +
      "Sessions since then are judged again by the next scan, or a watch that runs.")
    .argument("<role>", "its name, <account>/<name>, or ARN; of one agent with --agent")
    .requiredOption("--reason <text>", "why, for the audit log")
    .option("--from <date>", "the first day that counts, UTC (default: today)")
    .addHelpText("after", "\nExample:\n  trailwarden baselines reset aider-readonly " +
      '--reason "New tools."')
    .action(async (role: string, _own: object, command: Command) => {
      const options = command.optsWithGlobals<ResetOptions>();
      await withStore(options, async (app) => {
        const by = cliDecider();
        const fromDay = options.from === undefined
          ? Math.floor(by.at / 86_400_000) : dayIn(options.from, "--from");
        const chosen = ofOneRole(await chosenSubjects(app, role, options.agent), role);
        const { windowDays } = baselineSettings(app.config).memory;
        for (const known of chosen) {
          const decision = { windowDays, reason: options.reason, by };
          await app.store.resetBaseline(known.subject, fromDay, decision);
          process.stdout.write(`${shownKey(known)} is reset.\n`);
        }
      });
    });
}

/** What is meant for one role must not reach its namesake in another account. */
function ofOneRole(chosen: readonly KnownSubject[], role: string): readonly KnownSubject[] {
  const roles = [...new Set(chosen.map(({ subject }) => subject.role))];
  if (roles.length === 1) return chosen;
  throw new UsageError(`${role} is a role in several accounts. Name one: ${roles.join(", ")}`);
}

function shownKey({ subject }: Pick<KnownSubject, "subject">): string {
  return printable(subjectKey(subject));
}
