import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { configInEnvironment, configName, configProblemText, configText } from "../config-file.ts";
import { readConfig } from "../config/load.ts";
import { exitCodes } from "./exit-codes.ts";
import { paragraph } from "./options.ts";
import { plural } from "./output/table.ts";

const description = paragraph(`
The config declares agents, roles with their modes, zones and networks, and what watch reads and
serves. Without one, agents are discovered. It is looked for at --config, in TRAILWARDEN_CONFIG,
then at ./trailwarden.yaml. What stands in it as \${env:NAME} comes from the environment.`);

const examples = `
Examples:
  trailwarden config example > trailwarden.yaml
  trailwarden config check`;

export function addConfigCommand(program: Command): void {
  const config = program.command("config").summary("check a config, or print one to start from")
    .description(description)
    .addHelpText("after", examples);
  config
    .command("check")
    .description("Says what is wrong in a config file: file, line, column, and what would do.")
    .argument("[file]", "the config (default: TRAILWARDEN_CONFIG, or trailwarden.yaml)")
    .addHelpText("after", "\nExit codes: 0 when the config is good, 2 when it is not.")
    .action(async (file: string | undefined) => {
      process.exitCode = await check(file ?? (configInEnvironment() || configName));
    });
  config
    .command("example")
    .description("Prints an example config that uses every key, with comments.")
    .addHelpText("after", "\nExample:\n  trailwarden config example > trailwarden.yaml")
    .action(async () => {
      process.stdout.write(await readFile(exampleFile, "utf8"));
    });
}

/** Beside both `src` and `dist`. */
const exampleFile = new URL("../../docs/trailwarden.example.yaml", import.meta.url);

async function check(file: string): Promise<number> {
  const { config, problems } = readConfig(file, await configText(file), process.env);
  if (config === null) {
    process.stderr.write(`${problems.map(configProblemText).join("\n")}\n`);
    return exitCodes.usage;
  }
  const { agents, roles, zones, networks, sources, sinks } = config;
  process.stdout.write(
    `${file} is good: ${plural(agents.length, "agent")}, ` +
    `${plural(roles.length, "role pattern")}, ` +
    `${plural(zones.length, "zone")}, ${plural(networks.length, "network group")}, ` +
    `${plural(sources.length, "source")}, ${plural(sinks.length, "sink")}.\n`,
  );
  return exitCodes.ok;
}
