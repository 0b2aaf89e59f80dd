import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { configText } from "../app.ts";
import { readConfig } from "../config/load.ts";
import { exitCodes } from "./exit-codes.ts";

export function addConfigCommand(program: Command): void {
  const config = program.command("config").summary("check a config, or print one to start from")
    .description("The config declares agents, roles with their modes, zones and networks. Without one, agents are discovered.");
  config
    .command("check")
    .summary("say what is wrong in a config file")
    .argument("[file]", "the config", "trailwarden.yaml")
    .addHelpText("after", "\nExit codes: 0 when the config is good, 2 when it is not.")
    .action(async (file: string) => {
      process.exitCode = await check(file);
    });
  config
    .command("example")
    .summary("print an example config, with comments")
    .action(async () => {
      process.stdout.write(await readFile(new URL("../../docs/trailwarden.example.yaml", import.meta.url), "utf8"));
    });
}

async function check(file: string): Promise<number> {
  const { config, problems } = readConfig(file, await configText(file));
  if (config === null) {
    for (const { line, column, key, message } of problems) {
      process.stderr.write(`${file}:${line}:${column}: ${key === "" ? "" : `${key}: `}${message}\n`);
    }
    return exitCodes.usage;
  }
  const { agents, roles, zones, networks } = config;
  process.stdout.write(
    `${file} is good: ${agents.length} agents, ${roles.length} role patterns, ` +
    `${zones.length} zones, ${networks.length} network groups.\n`,
  );
  return exitCodes.ok;
}
