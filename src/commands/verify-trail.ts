import { Option, type Command } from "commander";
import { collect, configOption, paragraph } from "./options.ts";
import { evidenceFormats, type EvidenceFormat } from "./output/print-evidence.ts";
import type { TimeRangeOptions } from "./time-range.ts";

export interface VerifyTrailOptions extends TimeRangeOptions {
  readonly account: readonly string[];
  readonly region: readonly string[];
  readonly trail?: string;
  readonly keys?: string;
  readonly settings?: true;
  readonly concurrency: string;
  readonly format: EvidenceFormat;
  readonly config?: string;
}

const description = paragraph(`
Proves, or disproves, that the log files of a trail are what CloudTrail delivered: follows the
signed chain of its digest files, and holds every log file against the hash they tell. Names what
was changed, moved, removed or put there, and hours that nothing proves.`);

const examples = `
Examples:
  trailwarden verify-trail s3://my-trail-logs --from 2026-03-01 --to 2026-03-07
  trailwarden verify-trail s3://my-trail-logs/org/ --from 2026-03-01 --account 111122223333
  trailwarden verify-trail ./copy-of-the-bucket --from 2026-03-01 --to 2026-03-06 --keys keys.json

Days are UTC's, and count by delivery. Needs s3:ListBucket, s3:GetObject and
cloudtrail:ListPublicKeys; of a copy, with the keys in a file, nothing.

Exit codes: 0 all of it is proven, 1 it is not, 2 usage, config, or AWS did not let us, 3 nothing is
known to be wrong, but not all could be read.`;

export function addVerifyTrailCommand(program: Command): void {
  program
    .command("verify-trail")
    .summary("prove that a trail's log files are what CloudTrail delivered")
    .description(description)
    .argument("<where>", "s3://bucket, s3://bucket/prefix, or a folder with a copy of it")
    .requiredOption("--from <day>", "the first day, e.g. 2026-03-01, or an instant with its zone")
    .option("--to <day>", "the last day, or an instant (default: now)")
    .addOption(new Option("--account <id>", "only this account, which must be there (repeatable)")
      .argParser(collect).default([], "all"))
    .addOption(new Option("--region <name>", "only this region, which must be there (repeatable)")
      .argParser(collect).default([], "all"))
    .option("--trail <name>", "only this trail's digests (default: every trail's)")
    .option("--keys <file>", "what `aws cloudtrail list-public-keys` printed, instead of asking")
    .option("--settings", "ask CloudTrail, too, how the trails that write there are set up")
    .option("--concurrency <n>", "files read at the same time, at most 64", "16")
    .addOption(new Option("-f, --format <format>", "how to print it")
      .choices(evidenceFormats).default("table"))
    .addOption(configOption())
    .addHelpText("after", examples)
    .action(async (where: string, options: VerifyTrailOptions) => {
      // AWS's clients are loaded for who needs them.
      const { runVerifyTrail } = await import("./verify-trail-run.ts");
      process.exitCode = await runVerifyTrail(where, options);
    });
}
