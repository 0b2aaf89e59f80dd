import { CommanderError, type Command } from "commander";
import { AwsFault } from "./aws/fault.ts";
import { exitCodes } from "./commands/exit-codes.ts";
import { GivenUp, SourceFault } from "./sources/fault.ts";
import { StoreFault } from "./storage/fault.ts";
import { TaskFault } from "./tasks/fault.ts";
import { printable } from "./text/printable.ts";
import { UsageError } from "./usage-error.ts";

/** Runs a command line with the process's arguments; its exit code says what came of it. */
export async function start(program: Command): Promise<void> {
  try {
    program.exitOverride();
    for (const command of program.commands) {
      command.exitOverride();
      for (const inner of command.commands) inner.exitOverride();
    }
    await program.parseAsync();
  } catch (error) {
    process.exitCode = explain(error);
  }
}

/** Says what went wrong, for people; a bug of ours keeps its stack. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (isExpected(error)) {
    process.stderr.write(`${error.message.split("\n").map(printable).join("\n")}\n`);
    return exitCodes.usage;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`This is a bug in trailwarden: ${text}\n`);
  return exitCodes.bug;
}

function isExpected(error: unknown): error is Error {
  const kinds = [UsageError, SourceFault, StoreFault, AwsFault, TaskFault, GivenUp];
  return kinds.some((kind) => error instanceof kind);
}
