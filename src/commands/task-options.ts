import { Option, type Command } from "commander";
import type { Environment } from "../wrapper/child-environment.ts";
import { secondsIn } from "../wrapper/duration.ts";
import { jobOf, type Job } from "../wrapper/job.ts";
import { originIn } from "../wrapper/origin.ts";
import { planOf } from "../wrapper/plan.ts";
import { runConfig } from "../wrapper/run-config.ts";
import { printable } from "../text/printable.ts";

/** What `run` and `credentials` both take. */
export interface TaskOptions {
  readonly agent: string;
  readonly mode?: string;
  readonly task?: string;
  readonly expected?: string;
  readonly reason?: string;
  readonly repository?: string;
  readonly actor?: string;
  readonly config?: string;
}

export function addTaskOptions(command: Command): Command {
  return command
    .addOption(new Option("-a, --agent <name>", "the agent, as the config calls it")
      .env("TRAILWARDEN_AGENT").makeOptionMandatory())
    // Not .env(): a flag and a variable that disagree are an error here.
    .option("-m, --mode <mode>",
      "readonly, readwrite, deploy or break-glass (default: TRAILWARDEN_MODE; both have to agree)")
    .addOption(new Option("-t, --task <id>",
      "what the task is called: a ticket, a run (default: the pipeline's, else one is made)")
      .env("TRAILWARDEN_TASK"))
    .option("-e, --expected <length>", "how long it should take: 90s, 2m, 1h30m")
    .option("-r, --reason <text>", "why; modes that write need one")
    .option("--repository <name>", "what it works on (default: the pipeline's)")
    .option("--actor <name>", "the person or pipeline behind it (default: the pipeline's, or you)")
    .addOption(new Option("-c, --config <file>",
      "the config (default: ~/.config/trailwarden/trailwarden.yaml, then /etc/trailwarden/)")
      .env("TRAILWARDEN_CONFIG"));
}

/** What the options and the environment ask for, ready to be done. Throws a UsageError. */
export async function jobAsked(
  options: TaskOptions,
  { isRefreshed }: { readonly isRefreshed: boolean },
): Promise<Job> {
  const environment: Environment = process.env;
  const found = await runConfig(options.config);
  const origin = originIn(environment);
  const at = Date.now();
  const plan = planOf({
    agent: options.agent,
    mode: options.mode,
    modeOutside: environment["TRAILWARDEN_MODE"] || undefined,
    task: options.task ?? origin.task ?? `${options.agent}-${Math.floor(at / 1000)}`,
    expectedSeconds: options.expected === undefined
      ? null
      : secondsIn(options.expected, "--expected"),
    reason: options.reason?.trim() || null,
    repository: options.repository ?? origin.repository,
    actor: options.actor ?? origin.actor,
    at,
    isRefreshed,
  }, found.config);
  return await jobOf(plan, found, { environment, say });
}

/** To whoever started us: standard output is the agent's. */
export function say(sentence: string): void {
  process.stderr.write(`trailwarden: ${sentence.split("\n").map(printable).join("\n")}\n`);
}
