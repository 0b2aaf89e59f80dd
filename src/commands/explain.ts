import { Option, type Command } from "commander";
import { openApp, type App } from "../app.ts";
import { explainEvent, type Explanation } from "../explaining.ts";
import { findingJson } from "../findings/finding-json.ts";
import { ingestFiles } from "../ingest-files.ts";
import { judgeEverything } from "../judging.ts";
import { findFiles } from "../sources/files.ts";
import { UsageError } from "../usage-error.ts";
import { exitCodes } from "./exit-codes.ts";
import { explanationText } from "./output/explanation.ts";
import { eventJson } from "./output/print-events.ts";
import { progressOn } from "./output/progress.ts";
import { requireStore, storeOption } from "./store-option.ts";

interface ExplainOptions {
  readonly store: string;
  readonly config?: string;
  readonly format: "text" | "json";
  readonly rule: readonly string[];
}

export function addExplainCommand(program: Command): void {
  program
    .command("explain")
    .summary("every step behind one event's judgement, with values and reasons")
    .description("Shows what was read, how it was understood, whose session it is and why, every fact, and which rules matched.")
    .argument("<event-id>", "the record's eventID")
    .argument("[paths...]", "files to look in instead of a store")
    .addOption(storeOption())
    .option("-c, --config <file>", "agents, roles, zones, networks (default: ./trailwarden.yaml where there is one)")
    .option("--rule <name>", "trace this rule though it did not match (repeatable)",
      (value: string, before: readonly string[]) => [...before, value], [])
    .addOption(new Option("-f, --format <format>", "how to print").choices(["text", "json"]).default("text"))
    .action(async (eventId: string, paths: string[], options: ExplainOptions) => {
      process.exitCode = await explain(eventId, paths, options);
    });
}

async function explain(eventId: string, paths: readonly string[], options: ExplainOptions): Promise<number> {
  const store = paths.length > 0 ? undefined : requireStore(options.store);
  const app = await openApp({ store, config: options.config });
  try {
    if (paths.length > 0) await readAll(app, paths);
    for (const name of options.rule) {
      if (!app.rules.detections.some((rule) => rule.name === name)) {
        throw new UsageError(`There is no rule ${name}. List them with: trailwarden rules list`);
      }
    }
    const explanations = await explainEvent(app, eventId, options.rule);
    if (explanations.length === 0) {
      throw new UsageError(`There is no event ${eventId} here. Print ids with: trailwarden scan <paths...> --events`);
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

async function readAll(app: App, paths: readonly string[]): Promise<void> {
  await ingestFiles(app, await findFiles(paths), {
    agentsOnly: false, progress: progressOn(process.stderr, "Reading"), onRejection: () => undefined,
  });
  await judgeEverything(app, progressOn(process.stderr, "Judging"));
}

function explanationJson({ context, leftOut, facts, rulesConsideredCount, traces, findings }: Explanation): object {
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
