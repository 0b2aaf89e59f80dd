import { Backlog } from "../tasks/backlog.ts";
import { isoAt, startCall, taskIdIn } from "../tasks/call.ts";
import { TaskView, type StartTask } from "../tasks/contract.ts";
import { TaskFault } from "../tasks/fault.ts";
import { Reporter } from "../tasks/reporter.ts";
import { answered, tellService, type ServiceAddress } from "../tasks/service.ts";
import { NotRun } from "./not-run.ts";
import type { Plan } from "./plan.ts";

export interface Opening {
  readonly plan: Plan;
  readonly address: ServiceAddress | null;
  readonly offline: "refuse" | "queue";
  readonly stateFolder: string;
  /** Null when no signs of life will come. */
  readonly heartbeatSeconds: number | null;
  /** Whether to take part in a task of this name that runs; else this is a run of its own. */
  readonly mayJoin: boolean;
  readonly say: (sentence: string) => void;
}

export interface OpenTask {
  readonly id: string;
  readonly externalId: string;
  readonly reporter: Reporter;
}

/** Makes the task known, now or later. Throws a TaskFault or NotRun: then nothing may be issued. */
export async function openTask(opening: Opening): Promise<OpenTask> {
  const { plan, address } = opening;
  const request = requestOf(opening, plan.task);
  if (address === null) return await kept(opening, null);
  try {
    return reported(opening, await registered(opening, address, request));
  } catch (error) {
    if (error instanceof TaskFault && error.retryable) return await kept(opening, error);
    throw error;
  }
}

function requestOf({ plan, heartbeatSeconds }: Opening, externalId: string): StartTask {
  const { agent, mode, at, expectedSeconds, repository, actor, reason } = plan;
  return {
    externalId, agent, mode, startedAt: isoAt(at), expectedSeconds, heartbeatSeconds,
    repository, actor, reason,
  };
}

/**
 * As the service now has it. T-123 may have been run before, or be run beside this: that is another
 * task, with another end, so this one is T-123.<seconds since 1970>.
 */
async function registered(
  opening: Opening,
  address: ServiceAddress,
  request: StartTask,
): Promise<StartTask> {
  const { mayJoin, plan } = opening;
  try {
    const answer = await tellService(address, startCall(request));
    const { startedAt } = answered(TaskView, answer, address);
    // Asked twice, when the first answer was lost, it is ours as well.
    const isOurs = answer.status === 201 || Date.parse(startedAt) === plan.at;
    if (isOurs || mayJoin) return request;
  } catch (error) {
    const isKnown = error instanceof TaskFault && error.code === "task-ended";
    if (!isKnown || mayJoin) throw error;
  }
  const own = requestOf(opening, ownName(plan));
  await tellService(address, startCall(own));
  return own;
}

const ownName = ({ task, at }: Plan): string => `${task}.${Math.floor(at / 1000)}`;

/** On disk, for the service to be told later: where the config allows that. */
async function kept(opening: Opening, fault: TaskFault | null): Promise<OpenTask> {
  const { plan, offline, mayJoin, say } = opening;
  const what = fault?.message ??
    "Nothing says where the trailwarden service is. Set TRAILWARDEN_URL, or run.url in the config.";
  if (offline === "refuse") {
    throw new NotRun(`${what} Nothing was run: run.offline in the config is refuse.`);
  }
  if (plan.needsApproval) {
    throw new NotRun(`${what} Mode ${plan.mode} needs an approval, which only the service has.`);
  }
  // Nobody can say whether the name was used before.
  const request = requestOf(opening, mayJoin ? plan.task : ownName(plan));
  const backlog = backlogOf(opening, request);
  if (!(await backlog.hasRoom())) {
    throw new NotRun(`${what} Too many runs wait to be told already: reach the service first.`);
  }
  await backlog.keep(startCall(request));
  say(`${what} The task runs, and is told later.`);
  return reported(opening, request, backlog);
}

function backlogOf({ stateFolder, plan }: Opening, request: StartTask): Backlog {
  return new Backlog(stateFolder, { at: plan.at, taskId: taskIdIn(request) });
}

function reported(
  opening: Opening,
  request: StartTask,
  backlog: Backlog = backlogOf(opening, request),
): OpenTask {
  const { address, say } = opening;
  const reporter = new Reporter({ address, backlog, onTrouble: say });
  return { id: taskIdIn(request), externalId: request.externalId, reporter };
}
