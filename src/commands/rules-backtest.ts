import { Option, type Command } from "commander";
import { brokenRules, openApp, problemText } from "../app.ts";
import { backTest } from "../judging/back-test.ts";
import { exitCodes } from "./exit-codes.ts";
import { configOption, paragraph } from "./options.ts";
import { backTestFormats, backTestText, type BackTestFormat } from "./output/print-back-test.ts";
import { progressOn } from "./output/progress.ts";
import { plural } from "./output/table.ts";
import { requireStore, storeOption } from "./store-option.ts";
import { timeRange, type TimeRangeOptions } from "./time-range.ts";

interface BackTestOptions extends TimeRangeOptions {
  readonly store: string;
  readonly config?: string;
  readonly format: BackTestFormat;
}

const description = paragraph(`
Says what rules would have found on each day of a store's history, before they are switched on: by
these rules alone, with baselines as they are stored. The store keeps nothing of it. Suppressions
are left aside, as are rules about tasks and sources.`);

const examples = `
Examples:
  trailwarden rules backtest my-rules --from 2026-03-01 --to 2026-03-28 --store trail.db
  trailwarden rules backtest my-rules/denied-burst.yml --from 2026-03-01 --format json
Exit codes: 0 whatever was found, 2 when a rule does not load or there is no store.`;

export function addBackTest(rules: Command): void {
  rules.command("backtest").description(description)
    .argument("<path>", "a folder or file of rules")
    .requiredOption("--from <day>", "the first day, e.g. 2026-03-01, or an instant with its zone")
    .option("--to <day>", "the last day, or an instant (default: now)")
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices([...backTestFormats]).default("table"))
    .addHelpText("after", examples)
    .action(async (path: string, options: BackTestOptions) => {
      process.exitCode = await run(path, options);
    });
}

async function run(path: string, options: BackTestOptions): Promise<number> {
  const within = timeRange(options, Date.now());
  const { store, config, format } = options;
  const app = await openApp({ store: requireStore(store), config, onlyRules: path });
  try {
    const broken = brokenRules(app.rules);
    for (const problem of broken) process.stderr.write(`${problemText(problem)}\n`);
    if (broken.length > 0) return exitCodes.usage;
    const left = app.rules.ofTasks.length + app.rules.ofSources.length;
    if (left > 0) process.stderr.write(`Left out ${plural(left, "rule")} not about calls.\n`);
    const progress = progressOn(process.stderr, "Judging");
    try {
      const tested = await backTest(app, within, progress);
      process.stdout.write(backTestText(tested, within, format));
    } finally {
      progress.stop();
    }
    return exitCodes.ok;
  } finally {
    await app.close();
  }
}
