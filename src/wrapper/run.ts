import { endCall, heartbeatCall, isoAt } from "../tasks/call.ts";
import type { EndTask } from "../tasks/contract.ts";
import { startChild, exitCodeOf, type Ended } from "./child.ts";
import { childEnvironment, type Environment, type Given } from "./child-environment.ts";
import { openEndpoint } from "./endpoint.ts";
import { Interruption } from "./interruption.ts";
import { issue, opened, permitted, type Job } from "./job.ts";
import { Keeper } from "./keeper.ts";
import type { OpenTask } from "./opening.ts";

export interface RunOptions {
  readonly command: readonly [string, ...string[]];
  readonly environment: Environment;
  /** Credentials as variables, which cannot be refreshed. */
  readonly byVariables: boolean;
  readonly revokeAtEnd: boolean;
}

/** Runs the command as one task, from its registration to its end; gives its exit code. */
export async function runTask(job: Job, options: RunOptions): Promise<number> {
  const interruption = new Interruption();
  const task = await opened(job, { isBeating: true, mayJoin: false });
  let end: Pick<EndTask, "outcome" | "exitCode"> = { outcome: "cancelled", exitCode: null };
  try {
    await permitted(job, task, interruption.signal);
    const ended = await withCredentials(job, task, { ...options, interruption });
    end = { outcome: outcomeOf(ended), exitCode: exitCodeOf(ended) };
    return exitCodeOf(ended);
  } catch (error) {
    if (interruption.exitCode === null) throw error;
    return interruption.exitCode;
  } finally {
    await task.reporter.tell(
      endCall(task.id, { at: isoAt(Date.now()), ...end, revoke: options.revokeAtEnd }),
    );
  }
}

/** One that people ended was cancelled; one that broke has failed. */
function outcomeOf({ code, signal }: Ended): EndTask["outcome"] {
  if (signal !== null) return cancelling.includes(signal) ? "cancelled" : "failed";
  return code === 0 ? "succeeded" : "failed";
}
const cancelling: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Once there is a credential; it is given out for as long as the command runs. */
async function withCredentials(
  job: Job,
  task: OpenTask,
  options: RunOptions & { readonly interruption: Interruption },
): Promise<Ended> {
  const { say } = job;
  const first = await issue(job, task);
  const keeper = new Keeper(first, {
    issue: () => issue(job, task),
    onFault: ({ message }) => {
      say(message);
    },
  });
  const endpoint = options.byVariables ? null : await openEndpoint((now) => keeper.current(now));
  const given: Given = endpoint === null
    ? { by: "variables", credentials: first }
    : { by: "endpoint", url: endpoint.url, token: endpoint.token };
  if (endpoint === null) say(`Credentials in variables cannot be refreshed: they last until ` +
    `${isoAt(first.expiresAt)}.`);
  const heart = beating(job, task, keeper);
  try {
    return await childRun(job, task, { ...options, given });
  } finally {
    clearInterval(heart);
    keeper.end();
    endpoint?.close();
  }
}

async function childRun(
  { plan, issuer }: Job,
  { externalId, reporter }: OpenTask,
  { command, environment, given, interruption }:
    RunOptions & { readonly interruption: Interruption; readonly given: Given },
): Promise<Ended> {
  const { agent, mode } = plan;
  const region = await issuer.region();
  interruption.handOver();
  const child = startChild(
    command, childEnvironment(environment, given, { agent, mode, task: externalId, region }),
  );
  void reporter.catchUp();
  return await child.ended;
}

/** So many signs of life are sent in the time in which one is expected: two may get lost. */
const beatsPerInterval = 3;

function beating({ config: { run }, say }: Job, { id, reporter }: OpenTask, keeper: Keeper) {
  let hasEnded = false;
  return setInterval(() => {
    void reporter.beat(heartbeatCall(id, Date.now())).then((state) => {
      if (state !== "ended" || hasEnded) return;
      hasEnded = true;
      keeper.end();
      say("The service has ended this task: it gets no more credentials.");
    });
  }, run.heartbeatSeconds * 1000 / beatsPerInterval);
}
