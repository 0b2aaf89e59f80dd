import { Option, type Command } from "commander";
import { collect, configOption, onlyRulesOption, paragraph, rulesOption } from "./options.ts";
import { timeRange, type TimeRangeOptions } from "./time-range.ts";

export interface BackfillCommandOptions extends TimeRangeOptions {
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly concurrency: string;
  readonly dryRun?: true;
  readonly allRecords?: true;
  readonly store: string;
  readonly config?: string;
  readonly rules: readonly string[];
  readonly onlyRules?: string;
}

const description = paragraph(`
Reads what a trail, or an organisation's trail, has written into a bucket, into a store; ties it to
sessions and agents, and judges it. Finds accounts and regions by itself, and lists only the days
asked for. Nobody is told of old findings. Broken off, it goes on where it was with the same
command.`);

const examples = `
Examples:
  trailwarden backfill s3://my-trail-logs --from 2026-03-01 --dry-run
  trailwarden backfill s3://my-trail-logs/org/ --from 2026-03-01 --to 2026-03-07
  trailwarden backfill s3://my-trail-logs --from 2026-03-01T09:00Z --to 2026-03-01T12:00Z \\
    --account 111122223333 --region eu-west-1 --store incident.db

Days are UTC's. Files lie in the bucket by when they were delivered, which is minutes after their
events, at times hours: files of one more day behind --to are read too.

Exit codes: 0 all was read, 2 usage, config, or AWS did not let us, 3 some files could not be read,
130 stopped by Ctrl-C: what was begun is finished, and the same command goes on.`;

export function addBackfillCommand(program: Command): void {
  program
    .command("backfill")
    .summary("read what lies in a trail's bucket, from one day to another")
    .description(description)
    .argument("<url>", "s3://bucket or s3://bucket/prefix: above AWSLogs/, or anywhere below")
    .requiredOption("--from <day>", "the first day, e.g. 2026-03-01, or an instant with its zone")
    .option("--to <day>", "the last day, or an instant (default: now)")
    .addOption(new Option("--account <id>", "only this account's (repeatable)")
      .argParser(collect).default([], "all"))
    .addOption(new Option("--region <name>", "only this region's (repeatable)")
      .argParser(collect).default([], "all"))
    .option("--concurrency <n>", "files read at the same time, at most 64", "16")
    .option("--dry-run", "list what would be read, with its size and cost, and read nothing")
    .option("--all-records", "read records that cannot be an agent's too")
    .addOption(new Option("-s, --store <file>", "what is kept, made where it is not there")
      .env("TRAILWARDEN_STORE").default("trailwarden.db"))
    .addOption(configOption())
    .addOption(rulesOption())
    .addOption(onlyRulesOption())
    .addHelpText("after", examples)
    .action(async (url: string, options: BackfillCommandOptions) => {
      // AWS's clients are loaded for who needs them.
      const { runBackfill } = await import("./backfill-run.ts");
      process.exitCode = await runBackfill(url, options);
    });
}

const dayMs = 24 * 3600 * 1000;

/**
 * From when to when files are wanted by their delivery, ms UTC. What happened on a day is delivered
 * on the next one at times.
 *
 * @param now ms UTC
 */
export function deliveredWithin(
  range: TimeRangeOptions,
  now: number,
): { readonly from: number; readonly until: number } {
  const { from, to } = timeRange(range, now);
  return { from, until: Math.min(to + dayMs, now) };
}
