import { Option, type Command } from "commander";
import type { App } from "../app.ts";
import type { KnownSubject } from "../baselines/store.ts";
import { isOfRole } from "../baselines/subject.ts";
import { BaselineOverview } from "../judging/baseline-overview.ts";
import { baselineSettings } from "../judging/baseline-settings.ts";
import { UsageError } from "../usage-error.ts";
import { addBaselineDecisions } from "./baseline-decisions.ts";
import { dryRun } from "./baselines-dry-run.ts";
import { configOption, paragraph } from "./options.ts";
import {
  baselineFormats, baselinesText, detailsText, dryRunText, type BaselineFormat,
} from "./output/print-baselines.ts";
import { storeOption, withStore, type StoreOptions } from "./store-option.ts";

export interface BaselineOptions extends StoreOptions {
  readonly format: BaselineFormat;
  readonly agent?: string;
  readonly asOf?: string;
}

const listDescription = paragraph(`
Lists whose past is known, role by role and agent by agent: from how many sessions and days, whether
that is enough to judge by, and what is missing.`);

const examples = `
Examples:
  trailwarden baselines list --store trail.db
  trailwarden baselines show aider-readonly --store trail.db
  trailwarden baselines reset aider-readonly --reason "New tools." --store trail.db
A role is named by its name, <account>/<name>, or its ARN. What is learned, and how sessions are
judged by it, stands in docs/baselines.md.`;

const dryRunDescription = paragraph(`
Says, of roles that still learn, which of their sessions baseline rules told of: they were compared
with like agents, and findings carry low confidence. Once the role's own past judges, such sessions
are told within its false-alert budget.`);

export function addBaselinesCommand(program: Command): void {
  const baselines = program.command("baselines")
    .summary("list, show, export, import and reset what is normal for roles")
    .description("Looks after what is normal for roles, learned from their sessions.")
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices([...baselineFormats]).default("table"))
    .option("--agent <name>", "only this agent's")
    .option("--as-of <date>", "as of the start of this day, UTC (default: the newest event's)")
    .addHelpText("after", examples);
  addList(baselines);
  addShow(baselines);
  addDryRun(baselines);
  addBaselineDecisions(baselines);
}

function addList(baselines: Command): void {
  baselines.command("list", { isDefault: true }).description(listDescription)
    .addHelpText("after", "\nExample:\n  trailwarden baselines list --agent aider")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<BaselineOptions>();
      await withStore(options, async (app) => {
        const chosen = chosenFrom(await app.store.baselineSubjects(), undefined, options.agent);
        const overview = overviewOf(app);
        const views = await overview.views(chosen, await dayOf(overview, options.asOf));
        process.stdout.write(baselinesText(views, options.format));
      });
    });
}

function addShow(baselines: Command): void {
  baselines.command("show")
    .description("What is normal for a role, how its latest sessions stood, and what of them is " +
      "not learned, and why.")
    .argument("[role]", "its name, <account>/<name>, or ARN; or give --agent")
    .addHelpText("after", "\nExample:\n  trailwarden baselines show aider-readonly --as-of " +
      "2026-03-15")
    .action(async (role: string | undefined, _own: object, command: Command) => {
      const options = command.optsWithGlobals<BaselineOptions>();
      await withStore(options, async (app) => {
        const chosen = await chosenSubjects(app, role, options.agent);
        const overview = overviewOf(app);
        const details = await overview.details(chosen, await dayOf(overview, options.asOf));
        process.stdout.write(detailsText(details, options.format));
      });
    });
}

function addDryRun(baselines: Command): void {
  baselines.command("dry-run").description(dryRunDescription)
    .addHelpText("after", "\nExample:\n  trailwarden baselines dry-run --store trail.db")
    .action(async (_own: object, command: Command) => {
      const options = command.optsWithGlobals<BaselineOptions>();
      await withStore(options, async (app) => {
        const chosen = chosenFrom(await app.store.baselineSubjects(), undefined, options.agent);
        const overview = overviewOf(app);
        const day = await dayOf(overview, options.asOf);
        const reports = await dryRun(app, await overview.views(chosen, day), day);
        process.stdout.write(dryRunText(reports, options.format));
      });
    });
}

/** Those of a role, of an agent, or of both: at least one. */
export async function chosenSubjects(
  { store }: Pick<App, "store">,
  role: string | undefined,
  agent: string | undefined,
): Promise<readonly KnownSubject[]> {
  if (role === undefined && agent === undefined) {
    throw new UsageError("Whose baseline? Give a role, or --agent.");
  }
  const chosen = chosenFrom(await store.baselineSubjects(), role, agent);
  if (chosen.length > 0) return chosen;
  const whose = [role, agent === undefined ? null : `agent ${agent}`].filter((each) => each);
  throw new UsageError(
    `There is no baseline of ${whose.join(", ")}. List them with: trailwarden baselines list`,
  );
}

export function chosenFrom(
  subjects: readonly KnownSubject[],
  role: string | undefined,
  agent: string | undefined,
): readonly KnownSubject[] {
  return subjects.filter(({ subject }) =>
    (role === undefined || isOfRole(subject, role)) &&
    (agent === undefined || subject.agent === agent));
}

function overviewOf({ store, config }: App): BaselineOverview {
  return new BaselineOverview(store, baselineSettings(config));
}

async function dayOf(overview: BaselineOverview, asOf: string | undefined): Promise<number> {
  return asOf === undefined ? await overview.latestDay() : dayIn(asOf, "--as-of");
}

/** Days since the epoch, UTC; else a UsageError that names the option. */
export function dayIn(text: string, option: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(at)) return at / 86_400_000;
  throw new UsageError(`${option} is ${text}: expected a day, such as 2026-03-01.`);
}
