import type { Command } from "commander";
import type { App } from "../app.ts";
import type { Finding } from "../findings/finding.ts";
import type { Session } from "../sessions/session.ts";
import { UsageError } from "../usage-error.ts";
import { collect, configOption, onlyRulesOption, paragraph, rulesOption } from "./options.ts";

export interface RefreshCommandOptions {
  readonly store: string;
  readonly region: readonly string[];
  readonly config?: string;
  readonly rules: readonly string[];
  readonly onlyRules?: string;
}

const description = paragraph(`
Asks CloudTrail's event history (LookupEvents) for every call made with a session's credentials,
from the first's issuance to the last's end, takes them into the store, judges, and prints what is
new. For an incident, when the trail's files lag.`);

const examples = `
Example:
  trailwarden sessions refresh AROATASK000000000000B:task-4711@2026-03-01T10:00:00Z \\
    --region eu-west-1 --region us-east-1 --store trail.db

The history holds management events of the last 90 days, of one region each; those of global
services (IAM, STS without a region) are in us-east-1. Needs cloudtrail:LookupEvents.

Exit codes: 0 done, 2 usage or config, 3 a region could not be asked.`;

export function addRefreshCommand(sessions: Command): void {
  sessions
    .command("refresh")
    .description(description)
    .argument("<id>", "the session's id, as sessions --format csv prints it")
    .option(
      "--region <name>", "where to ask (repeatable; default: the config's regions)", collect, [],
    )
    .addOption(configOption())
    .addOption(rulesOption())
    .addOption(onlyRulesOption())
    .addHelpText("after", examples)
    .action(async (id: string, _own: object, command: Command) => {
      // AWS's clients are loaded for who needs them.
      const { runRefresh } = await import("./refresh-run.ts");
      process.exitCode = await runRefresh(id, command.optsWithGlobals<RefreshCommandOptions>());
    });
}

/** Those of the id: several where a sign-in session goes on under more than one issue. */
export async function sessionsOf(app: App, id: string): Promise<readonly Session[]> {
  const sessions = await app.store.sessionsById(id);
  if (sessions.length > 0) return sessions;
  throw new UsageError(
    `There is no session ${id} in the store. See their ids with: trailwarden sessions --format csv`,
  );
}

/** Asked where it is said to; else where the config's sources look into this account's history. */
export function regionsFor(
  { config }: Pick<App, "config">,
  account: string | null,
  asked: readonly string[],
): readonly string[] {
  if (asked.length > 0) return asked;
  const looked = config.sources.flatMap((source) =>
    source.kind === "lookup-events" && source.accounts.some(({ id }) => id === account)
      ? source.regions : []);
  const own = config.aws.region === undefined ? [] : [config.aws.region];
  const regions = looked.length > 0 ? looked : own;
  if (regions.length > 0) return [...new Set(regions)];
  throw new UsageError("No region is known. Name them: --region eu-west-1 --region us-east-1");
}

/** What every finding is by now, by id. */
export async function findingsById(app: App): Promise<ReadonlyMap<string, Finding>> {
  const found = new Map<string, Finding>();
  for await (const page of app.store.findings()) {
    for (const finding of page) found.set(finding.id, finding);
  }
  return found;
}
