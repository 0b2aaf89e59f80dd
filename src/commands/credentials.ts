import type { Command } from "commander";
import { AwsFault } from "../aws/fault.ts";
import { TaskFault } from "../tasks/fault.ts";
import { UsageError } from "../usage-error.ts";
import { issue, opened, permitted } from "../wrapper/job.ts";
import { NotRun } from "../wrapper/not-run.ts";
import { exitCodes } from "./exit-codes.ts";
import { paragraph } from "./options.ts";
import { addTaskOptions, jobAsked, say, type TaskOptions } from "./task-options.ts";

const description = paragraph(`
Prints a credential for an agent's task, in the form that AWS SDKs ask a credential_process for.
Meant for scheduled agents that run cannot start. A task of the name is joined when it runs, begun
when it is new, and refused when it has ended.`);

const examples = `
In the AWS config file of a scheduled agent:
  [default]
  credential_process = trailwarden credentials --agent nightly --mode readonly

SDKs ask again when the credential runs out; the aws command asks at each call: use run for that.
Never prints to a terminal. More: docs/run.md.

Exit codes: 0, 125 when there is no credential to give, 2 usage or config.`;

export function addCredentialsCommand(program: Command): void {
  addTaskOptions(program.command("credentials"))
    .summary("credentials for a scheduled agent, as a credential_process")
    .description(description)
    .addHelpText("after", examples)
    .action(async (options: TaskOptions) => {
      // Connections of the SDK's may stay open for a while.
      const code = await credentials(options);
      process.stdout.write("", () => process.exit(code));
    });
}

/**
 * The SDK that asks us runs us in its own environment: its profile is the agent's, and leads back
 * here. Where ours leads back here too, we would start ourselves without end.
 */
function asNobodyElse(): void {
  const { [underWay]: before } = process.env;
  if (before !== undefined) {
    throw new UsageError(
      "The AWS profile that is to assume the agent's role asks trailwarden for its credentials. " +
      "Name another one: run.profile in the config.",
    );
  }
  process.env[underWay] = "1";
  delete process.env["AWS_PROFILE"];
}
const underWay = "TRAILWARDEN_CREDENTIALS";

async function credentials(options: TaskOptions): Promise<number> {
  if (process.stdout.isTTY) {
    throw new UsageError("This would show a secret on the terminal. An SDK is to ask for it.");
  }
  asNobodyElse();
  const job = await jobAsked(options, { isRefreshed: true });
  try {
    const task = await opened(job, { isBeating: false, mayJoin: true });
    await permitted(job, task, new AbortController().signal);
    const issued = await issue(job, task);
    await task.reporter.settled();
    process.stdout.write(`${JSON.stringify({
      Version: 1,
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: new Date(issued.expiresAt).toISOString(),
    })}\n`);
    return exitCodes.ok;
  } catch (error) {
    const isExpected = [NotRun, TaskFault, AwsFault].some((kind) => error instanceof kind);
    if (!(error instanceof Error && isExpected)) throw error;
    say(error.message);
    return exitCodes.notRun;
  }
}
