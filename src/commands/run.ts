import type { Command } from "commander";
import { AwsFault } from "../aws/fault.ts";
import { TaskFault } from "../tasks/fault.ts";
import { UsageError } from "../usage-error.ts";
import { NotRun } from "../wrapper/not-run.ts";
import { runTask } from "../wrapper/run.ts";
import { exitCodes } from "./exit-codes.ts";
import { paragraph } from "./options.ts";
import { addTaskOptions, jobAsked, say, type TaskOptions } from "./task-options.ts";

const description = paragraph(`
Runs an agent as one task: makes the task known to the service, assumes the role of agent and mode,
gives the credentials to the command alone, refreshes them while it runs, and ends the task when it
exits, whatever way it exits. Signals and exit code pass through.`);

const examples = `
Examples:
  trailwarden run --agent aider --mode readonly --task T-123 -- aider --message "find the leak"
  trailwarden run -a aider -m deploy -r "release 4.2" --expected 10m -- make deploy
  TRAILWARDEN_MODE=readonly trailwarden run --agent nightly -- ./report.sh

The command gets its credentials from an address on 127.0.0.1 that every AWS SDK knows how to ask
(AWS_CONTAINER_CREDENTIALS_FULL_URI); --env gives variables instead, which nobody can refresh.
TRAILWARDEN_URL and TRAILWARDEN_TOKEN say where the service is. More: docs/run.md.

Exit codes: the command's; 128 and the signal's number when a signal ended it; 125 when it was not
run (no credential, approval or service), 126 not executable, 127 not found, 2 usage or config.`;

interface RunCommandOptions extends TaskOptions {
  readonly env?: true;
  readonly revokeAtEnd?: true;
}

export function addRunCommand(program: Command): void {
  addTaskOptions(program.command("run"))
    .summary("run an agent as one task, with credentials that end with it")
    .description(description)
    .argument("<command...>", "what to run, behind --")
    .option("--env", "credentials in variables: for what cannot ask an address; not refreshed")
    .option("--revoke-at-end",
      "have the service revoke what is still valid, as its config allows")
    .addHelpText("after", examples)
    .action(async (words: readonly string[], options: RunCommandOptions) => {
      // What is still open (a heartbeat on its way) must not hold up who waits for us.
      process.exit(await run(words, options));
    });
}

async function run(words: readonly string[], options: RunCommandOptions): Promise<number> {
  const [command, ...args] = words;
  if (command === undefined) throw new UsageError("There is no command to run behind --.");
  const byVariables = options.env === true;
  const job = await jobAsked(options, { isRefreshed: !byVariables });
  try {
    return await runTask(job, {
      command: [command, ...args],
      environment: process.env,
      byVariables,
      revokeAtEnd: options.revokeAtEnd === true,
    });
  } catch (error) {
    return notRunCode(error, command);
  }
}

/** Says why nothing was run. What is no trouble of the world's is thrown on. */
function notRunCode(error: unknown, command: string): number {
  const isExpected = [NotRun, TaskFault, AwsFault].some((kind) => error instanceof kind);
  if (error instanceof Error && isExpected) {
    say(error.message);
    return exitCodes.notRun;
  }
  if (!(error instanceof Error && "syscall" in error && "code" in error)) throw error;
  if (error.code === "ENOENT") {
    say(`There is no command ${command}. Check its name and PATH.`);
    return exitCodes.notFound;
  }
  say(`Cannot execute ${command}: ${error.message}.`);
  return exitCodes.notExecutable;
}
