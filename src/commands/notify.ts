import { Option, type Command } from "commander";
import { levels, type Level } from "../detections/detection.ts";
import { configOption, paragraph } from "./options.ts";

export interface NotifyTestOptions {
  readonly config?: string;
  readonly sink?: string;
  readonly level: Level;
}

const description = paragraph(`
Tells the config's sinks of a finding that says it is a test, whatever their routing, digest and
quiet hours say, and prints what came of it. Incidents and threads it opens are closed again; an
alert in Alertmanager is over by itself a few minutes later. Nothing is kept in a store.`);

const examples = `
Examples:
  trailwarden notify test --config trailwarden.yaml
  trailwarden notify test --sink on-call --level critical

Exit codes: 0 every sink was told, 1 one could not be, 2 usage or config.`;

export function addNotifyCommand(program: Command): void {
  const notify = program.command("notify").summary("try whether findings reach people")
    .description("How those are told who the config's sinks name: see docs/notifications.md.");
  notify
    .command("test")
    .description(description)
    .addOption(configOption())
    .option("--sink <name>", "only this sink")
    .addOption(new Option("--level <level>", "of the finding").choices([...levels]).default("low"))
    .addHelpText("after", examples)
    .action(async (options: NotifyTestOptions) => {
      // AWS's clients are loaded for who needs them.
      const { notifyTest } = await import("./notify-test.ts");
      process.exitCode = await notifyTest(options);
    });
}
