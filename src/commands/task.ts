import { Option, type Command } from "commander";
import { Mode, type GrantedMode } from "../config/run-schema.ts";
import { taskIdOf } from "../sessions/task.ts";
import { isoAt } from "../tasks/call.ts";
import { ExternalId, type EndTask } from "../tasks/contract.ts";
import { UsageError } from "../usage-error.ts";
import { secondsIn } from "../wrapper/duration.ts";
import { originIn } from "../wrapper/origin.ts";
import { addressAt } from "../wrapper/run-config.ts";
import { countIn, instantIn, paragraph } from "./options.ts";
import {
  inferredText, taskText, tasksText, taskFormats, type TaskFormat,
} from "./output/print-tasks.ts";
import { storeOption, withStore, type StoreOptions } from "./store-option.ts";
import { serviceDesk, storeDesk, urlOption, type TaskDesk } from "./task-desk.ts";

interface DeskOptions extends StoreOptions {
  readonly url?: string;
}

interface ListOptions {
  readonly agent?: string;
  readonly open?: true;
  readonly inferred?: true;
  readonly since?: string;
  readonly limit: string;
}

interface StartOptions {
  readonly agent: string;
  readonly mode: GrantedMode;
  readonly task: string;
  readonly expected?: string;
  readonly heartbeat?: string;
  readonly reason?: string;
  readonly repository?: string;
  readonly actor?: string;
}

const description = paragraph(`
Starts, ends, approves and shows the tasks given to agents: in the service that TRAILWARDEN_URL or
--url names, with the token in TRAILWARDEN_TOKEN; without either, in a store's file.`);

const examples = `
Examples:
  trailwarden task start --agent nightly --mode readonly --task T-123 --expected 10m
  trailwarden task end T-123 --agent nightly
  trailwarden task list --open
For agents that trailwarden run cannot start: it tells of its tasks by itself.`;

export function addTaskCommand(program: Command): void {
  const task = program.command("task")
    .summary("start, end, approve and show the tasks given to agents")
    .description(description)
    .addHelpText("after", examples);
  addStart(task);
  addEnd(task);
  addLooking(task);
  addDeciding(task, "approve", "granted");
  addDeciding(task, "deny", "denied");
}

/** A verb of tasks, at the service or on a file. */
function verb(task: Command, nameAndArguments: string, what: string): Command {
  return task.command(nameAndArguments)
    .description(what)
    .addOption(urlOption())
    .addOption(storeOption());
}

const formatOption = () =>
  new Option("-f, --format <format>", "how to print").choices([...taskFormats]).default("table");

async function atDesk(
  { url, store }: DeskOptions,
  work: (desk: TaskDesk) => Promise<string>,
): Promise<void> {
  if (url) {
    process.stdout.write(await work(serviceDesk(addressAt(url, process.env))));
    return;
  }
  await withStore({ store }, async (app) => {
    process.stdout.write(await work(storeDesk(app)));
  });
}

function addStart(task: Command): void {
  verb(task, "start", "Says that a task begins now, and prints its id. Said again, it is the same.")
    .requiredOption("-a, --agent <name>", "the agent, as the config calls it")
    .addOption(new Option("-m, --mode <mode>", "what it may do").choices([...Mode.options])
      .makeOptionMandatory())
    .requiredOption("-t, --task <id>", "what the task is called: a ticket, a run")
    .option("-e, --expected <length>", "how long it should take: 90s, 2m, 1h30m")
    .option("--heartbeat <length>",
      "it is lost when no sign of life comes for so long (default: none is expected)")
    .option("-r, --reason <text>", "why; modes that write need one")
    .option("--repository <name>", "what it works on (default: the pipeline's)")
    .option("--actor <name>", "the person or pipeline behind it (default: the pipeline's, or you)")
    .action((options: StartOptions & DeskOptions) => atDesk(options, async (desk) => {
      if (!ExternalId.safeParse(options.task).success) {
        const what = "expected printable ASCII without spaces.";
        throw new UsageError(`--task is ${options.task}: ${what}`);
      }
      const origin = originIn(process.env);
      const { id } = await desk.start({
        externalId: options.task,
        agent: options.agent,
        mode: options.mode,
        startedAt: isoAt(Date.now()),
        expectedSeconds: lengthOrNull(options.expected, "--expected"),
        heartbeatSeconds: lengthOrNull(options.heartbeat, "--heartbeat"),
        repository: options.repository ?? origin.repository,
        actor: options.actor ?? origin.actor,
        reason: options.reason?.trim() || null,
      });
      return `${id}\n`;
    }));
}

function addEnd(task: Command): void {
  verb(task, "end <task>", "Says that a task ends now. The earliest end that is told stands.")
    .addOption(agentOfTask())
    .addOption(new Option("--outcome <outcome>", "how")
      .choices(["succeeded", "failed", "cancelled"]).default("succeeded"))
    .option("--revoke", "have the service revoke what is still valid, as its config allows")
    .addOption(formatOption())
    .action((name: string, options: DeskOptions & {
      readonly agent?: string; readonly outcome: EndTask["outcome"]; readonly revoke?: true;
      readonly format: TaskFormat;
    }) => atDesk(options, async (desk) => {
      const { outcome, revoke } = options;
      const end = { at: isoAt(Date.now()), outcome, exitCode: null, revoke: revoke === true };
      return taskText(await desk.end(idIn(name, options.agent), end), options.format);
    }));
}

function addLooking(task: Command): void {
  verb(task, "list", "Lists tasks, the latest first.")
    .option("-a, --agent <name>", "only this agent's")
    .option("--open", "only those that run")
    .option("--inferred", "those nobody told of, as sessions show them")
    .option("--since <instant>", "only what ran at 2026-03-01T09:00Z or after")
    .option("--limit <n>", "at most so many", "50")
    .addOption(formatOption())
    .action((options: ListOptions & DeskOptions & { readonly format: TaskFormat }) =>
      atDesk(options, async (desk) => {
        const { agent, open, inferred, format } = options;
        const filter = { agent, isOpen: open, since: instantIn(options.since, "--since") };
        const limit = countIn(options.limit, "--limit");
        return inferred === true
          ? inferredText(await desk.listInferred(filter, limit), format)
          : tasksText(await desk.list(filter, limit), format);
      }));
  verb(task, "show <task>", "Shows one task, with how long its credentials were needed.")
    .addOption(agentOfTask())
    .addOption(formatOption())
    .action((name: string, options: DeskOptions & {
      readonly agent?: string; readonly format: TaskFormat;
    }) => atDesk(options, async (desk) =>
      taskText(await desk.show(idIn(name, options.agent)), options.format)));
}

function addDeciding(task: Command, name: string, decision: "granted" | "denied"): void {
  verb(task, `${name} <task>`, `Another person's ${decision === "granted" ? "yes" : "no"} ` +
    "to a task that waits for it: not by whom it is for, nor with the token that asked.")
    .addOption(agentOfTask())
    .option("--comment <text>", "why")
    .action((of: string, options: DeskOptions & {
      readonly agent?: string; readonly comment?: string;
    }) => atDesk(options, async (desk) => {
      const comment = options.comment?.trim() || null;
      const { state } = await desk.decide(idIn(of, options.agent), { decision, comment });
      return `${state}\n`;
    }));
}

const agentOfTask = () =>
  new Option("-a, --agent <name>", "its agent, where <task> is no id but what it is called");

/** A task's id, or its agent's name for it. */
function idIn(name: string, agent: string | undefined): string {
  if (agent !== undefined) return taskIdOf(agent, name);
  if (/^[0-9a-f]{32}$/.test(name)) return name;
  throw new UsageError(`${name} is no task's id. Give the id, or --agent with what it is called.`);
}

function lengthOrNull(text: string | undefined, option: string): number | null {
  return text === undefined ? null : secondsIn(text, option);
}
