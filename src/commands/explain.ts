import { Option, type Command } from "commander";
import { openApp, type App } from "../app.ts";
import { explainEvent, type Explanation } from "../explaining.ts";
import { findingJson } from "../findings/finding-json.ts";
import { judgeEverything } from "../judging/judge-everything.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { collect, configOption, onlyRulesOption, paragraph, rulesOption } from "./options.ts";
import { explanationText } from "./output/explanation.ts";
import { eventJson } from "./output/print-events.ts";
import { progressOn } from "./output/progress.ts";
import { filesUnder, readPaths } from "./read-paths.ts";
import { requireStore, storeOption } from "./store-option.ts";

interface ExplainOptions {
  readonly store: string;
  readonly config?: string;
  readonly rules: readonly string[];
  readonly onlyRules?: string;
  readonly format: "text" | "json";
  readonly rule: readonly string[];
}

const description = paragraph(`
Shows what was read, how it was understood, whose session it is and why, every fact, and which
rules matched.`);

const examples = `
Examples:
  trailwarden explain 59b1a9a4-… --store trail.db
  trailwarden explain 59b1a9a4-… AWSLogs/ --rule write-under-readonly-role
  trailwarden explain 59b1a9a4-… trail.json.gz --format json | jq '.[0].facts'`;

export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .summary("every step behind one event's judgement, with values and reasons")
    .description(description)
    .argument("<event-id>", "the record's eventID")
    .argument("[paths...]", "files to look in instead of a store; - for standard input")
    .addOption(storeOption())
    .addOption(configOption())
    .addOption(rulesOption())
    .addOption(onlyRulesOption())
    .addOption(new Option("--rule <name>", "trace this rule though it did not match (repeatable)")
      .argParser(collect).default([], "none"))
    .addOption(new Option("-f, --format <format>", "how to print")
      .choices(["text", "json"]).default("text"))
    .addHelpText("after", examples)
    .action(async (eventId: string, paths: string[], options: ExplainOptions) => {
      process.exitCode = await explain(eventId, paths, options);
    });
}

async function explain(
  eventId: string,
  paths: readonly string[],
  options: ExplainOptions,
): Promise<number> {
  const store = paths.length > 0 ? undefined : requireStore(options.store);
  const found = paths.length > 0 ? await filesUnder(paths) : null;
  const app = await openApp({ ...options, store });
  try {
    checkNames(app, options.rule);
    if (found !== null) {
      await readPaths(app, found, { agentsOnly: false });
      await judgeEverything(app, progressOn(process.stderr, "Judging"));
    }
    const explanations = await explainEvent(app, eventId, options.rule);
    if (explanations.length === 0) {
      throw new UsageError(
        `There is no event ${eventId} here. Print ids with: trailwarden scan <paths...> --events`,
      );
    }
    process.stdout.write(
      options.format === "json"
        ? `${JSON.stringify(explanations.map(explanationJson), null, 2)}\n`
        : explanations.map(explanationText).join("\n"),
    );
    return exitCodes.ok;
  } finally {
    await app.close();
  }
}

function checkNames({ rules }: App, names: readonly string[]): void {
  const unknown = names.find((wanted) => !rules.detections.some(({ name }) => name === wanted));
  if (unknown === undefined) return;
  const isCorrelation = rules.correlations.some(({ name }) => name === unknown);
  throw new UsageError(isCorrelation
    ? `${unknown} is a correlation: it looks at many events. Trace the rules it counts.`
    : `There is no rule ${unknown}. List them with: trailwarden rules list`);
}

export function explanationJson(explanation: Explanation): object {
  const { context, leftOut, facts, rulesConsideredCount, traces, findings } = explanation;
  return {
    event: eventJson(context),
    leftOut,
    facts: Object.fromEntries(facts.map(({ name, value }) => [name, value])),
    rulesConsideredCount,
    rules: traces,
    findings: findings.map(findingJson),
    record: context.event.record,
  };
}
