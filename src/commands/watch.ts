import { Option, type Command } from "commander";
import { configOption, onlyRulesOption, paragraph, rulesOption } from "./options.ts";

export interface WatchCommandOptions {
  readonly store: string;
  readonly config?: string;
  readonly rules: readonly string[];
  readonly onlyRules?: string;
  readonly allRecords?: true;
}

const description = paragraph(`
Consumes CloudTrail from the config's sources without end: queues, CloudTrail's event history,
folders. Ties every call to a session and an agent, judges it, keeps findings, serves the API and
metrics, tells the config's sinks. Acknowledges what is committed, and nothing else: stop it, kill
it, start it again, or start several on one store.`);

const examples = `
Examples:
  trailwarden config example > trailwarden.yaml     then: name your queue under sources
  trailwarden token new --name grafana --role viewer
  trailwarden watch --config trailwarden.yaml --store /var/lib/trailwarden/trail.db

SIGTERM or Ctrl-C: what is begun is finished, then it ends with 0. A second one ends it at once.
SIGHUP: reads config and rules again; what is wrong is told, and what was in force stays so.

Exit codes: 0 stopped when asked, 2 usage or config, 4 stopped before all in hand was finished: it
comes again.`;

export function addWatchCommand(program: Command): void {
  program
    .command("watch")
    .summary("consume CloudTrail without end; serve findings and metrics")
    .description(description)
    .addOption(configOption())
    .addOption(new Option("-s, --store <file>", "what is kept, made where it is not there")
      .env("TRAILWARDEN_STORE").default("trailwarden.db"))
    .addOption(rulesOption())
    .addOption(onlyRulesOption())
    .option("--all-records", "read records that cannot be an agent's too")
    .addHelpText("after", examples)
    .action(async (options: WatchCommandOptions) => {
      // AWS's clients and the HTTP server are loaded for who needs them.
      const { watch } = await import("./watching.ts");
      process.exitCode = await watch(options);
    });
}
