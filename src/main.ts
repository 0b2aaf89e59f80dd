#!/usr/bin/env node
import { CommanderError } from "commander";
import { commandLine } from "./cli.ts";
import { exitCodes } from "./commands/exit-codes.ts";
import { UsageError } from "./usage-error.ts";
import { SourceFault } from "./sources/fault.ts";
import { StoreFault } from "./storage/fault.ts";

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // `| head` closes the pipe early; that is no failure of ours.
  if (error.code === "EPIPE") process.exit(exitCodes.ok);
  throw error;
});

try {
  const program = commandLine();
  program.exitOverride();
  for (const command of program.commands) {
    command.exitOverride();
    for (const inner of command.commands) inner.exitOverride();
  }
  await program.parseAsync();
} catch (error) {
  process.exitCode = explain(error);
}

/** Says what went wrong, for people; a bug of ours keeps its stack. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UsageError || error instanceof SourceFault || error instanceof StoreFault) {
    process.stderr.write(`${error.message}\n`);
    return exitCodes.usage;
  }
  process.stderr.write(`This is a bug in trailwarden: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 70;
}
