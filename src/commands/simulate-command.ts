import { Option, type Command } from "commander";
import { UsageError } from "../usage-error.ts";
import { paragraph, positiveIn } from "./options.ts";
import { progressOn } from "./output/progress.ts";
import { plural } from "./output/table.ts";

interface SimulateOptions {
  readonly out: string;
  readonly days: string;
  readonly seed: string;
  readonly start: string;
  readonly scale: string;
  readonly agentShare?: string;
  readonly incidents: "all" | "none";
}

const description = paragraph(`
Writes an S3 layout of gzip files: several accounts, a dozen agents, people and services, late and
duplicated deliveries, and incidents with their ground truth. The same seed gives the same
bytes.`);

export function addSimulateCommand(program: Command): void {
  program
    .command("simulate")
    .summary("write believable CloudTrail with planted incidents, for drills and tests")
    .description(description)
    .requiredOption(
      "--out <folder>", "where AWSLogs/, trailwarden.yaml, tasks.ndjson, ground-truth.json go",
    )
    .option("--days <n>", "how many days", "30")
    .option("--seed <text>", "the seed", "trailwarden")
    .option("--start <date>", "the first day, UTC", "2026-03-01")
    .option("--scale <x>", "how much traffic, 1 is a small company", "1")
    .option("--agent-share <ratio>", "0 to 1: how much of it is agents' (default: about 0.15)")
    .addOption(new Option("--incidents <which>", "plant incidents or not")
      .choices(["all", "none"]).default("all"))
    .addHelpText("after", `
Then:
  trailwarden scan <folder>/AWSLogs --config <folder>/trailwarden.yaml \\
    --tasks <folder>/tasks.ndjson
and compare with <folder>/ground-truth.json.`)
    .action(async (options: SimulateOptions) => {
      await simulate(options);
    });
}

async function simulate(options: SimulateOptions): Promise<void> {
  const days = positiveIn(options.days, "--days");
  const scale = positiveIn(options.scale, "--scale");
  const startAt = Date.parse(`${options.start}T00:00:00Z`);
  if (Number.isNaN(startAt)) {
    throw new UsageError(`--start is ${options.start}: expected a day like 2026-03-01.`);
  }
  const { out, seed, incidents } = options;
  const agentShare = ratioIn(options.agentShare);
  const progress = progressOn(process.stderr, "Simulating");
  progress.start(days * 86_400_000);
  // The simulator is a world of its own: loaded when it is asked for.
  const { writeSimulation } = await import("./simulate.ts");
  const summary = await writeSimulation(
    { out, seed, startAt, days, scale, agentShare, incidents },
    ({ at, recordCount }) => {
      progress.advance(at - startAt, recordCount);
    },
  );
  progress.stop();
  process.stdout.write(
    `Wrote ${plural(summary.recordCount, "record")} in ${plural(summary.fileCount, "file")} ` +
    `(${(summary.gzipBytes / 1e6).toFixed(0)} MB) with ` +
    `${plural(summary.incidentCount, "incident")} to ${out}.\n`,
  );
}

function ratioIn(text: string | undefined): number | null {
  if (text === undefined) return null;
  const ratio = text === "" ? Number.NaN : Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new UsageError(`--agent-share is ${text}: expected a ratio from 0 to 1.`);
}
