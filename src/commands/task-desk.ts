import type { App } from "../app.ts";
import type { TaskFilter } from "../sessions/task-store.ts";
import { refusalToStart } from "../tasks/admission.ts";
import { endCall, isoAt, startCall, type TaskCall } from "../tasks/call.ts";
import {
  ApprovalView, TaskPage, TaskView, type DecideApproval, type EndTask, type StartTask,
} from "../tasks/contract.ts";
import { answered, askService, tellService, type ServiceAddress } from "../tasks/service.ts";
import { approvalView, endIn, startIn, taskView } from "../tasks/view.ts";
import { UsageError } from "../usage-error.ts";
import { cliDecider } from "./decider.ts";

/** Where tasks are started, ended and looked at: the service, or a store's file. */
export interface TaskDesk {
  start(body: StartTask): Promise<TaskView>;
  end(id: string, body: EndTask): Promise<TaskView>;
  show(id: string): Promise<TaskView>;
  /** The latest first. */
  list(filter: TaskFilter, limit: number): Promise<readonly TaskView[]>;
  decide(id: string, body: DecideApproval): Promise<ApprovalView>;
}

/** Throws TaskFaults. */
export function serviceDesk(address: ServiceAddress): TaskDesk {
  const told = async (call: TaskCall) =>
    answered(TaskView, await tellService(address, call), address);
  return {
    start: (body) => told(startCall(body)),
    end: (id, body) => told(endCall(id, body)),
    show: async (id) =>
      answered(TaskView, await askService(address, `/v1/tasks/${id}`), address),
    list: (filter, limit) => listed(address, filter, limit),
    decide: async (id, body) => answered(ApprovalView, await tellService(address, {
      path: `/v1/tasks/${id}/approval/decision`, body,
    }), address),
  };
}

/** The most that the service gives at once. */
const pageMax = 200;

async function listed(
  address: ServiceAddress,
  { agent, isOpen, since }: TaskFilter,
  limit: number,
): Promise<readonly TaskView[]> {
  const tasks: TaskView[] = [];
  for (let cursor: string | null = ""; cursor !== null && tasks.length < limit; ) {
    const query = new URLSearchParams({
      limit: String(Math.min(pageMax, limit - tasks.length)),
      ...(agent === undefined ? {} : { agent }),
      ...(isOpen === undefined ? {} : { open: String(isOpen) }),
      ...(since === undefined ? {} : { since: isoAt(since) }),
      ...(cursor === "" ? {} : { cursor }),
    });
    const answer = await askService(address, `/v1/tasks?${query.toString()}`);
    const page = answered(TaskPage, answer, address);
    tasks.push(...page.items);
    cursor = page.next;
  }
  return tasks;
}

/** With the same rules as the service's. Throws UsageErrors. */
export function storeDesk({ store, config }: App): TaskDesk {
  return {
    start: async (body) => {
      const refusal = refusalToStart(body, config);
      if (refusal !== null) throw new UsageError(refusal);
      const { task } = await store.startTask(startIn(body), cliDecider());
      if (task.endedAt === null) return taskView(task);
      throw new UsageError(`The task ${task.externalId} has ended at ${isoAt(task.endedAt)}.`);
    },
    end: async (id, body) => viewed(await store.endTask(id, endIn(body), cliDecider()), id),
    show: async (id) => viewed(await store.task(id), id),
    list: async (filter, limit) =>
      (await store.listTasks(filter, { limit, after: null })).map(taskView),
    decide: async (id, { decision, comment }) => {
      const { actor: by, at } = cliDecider();
      const found = await store.decideApproval(id, { decision, comment, by, at });
      if (found === null) throw new UsageError(`Nobody has asked for an approval of task ${id}.`);
      const { approval, decided } = found;
      if (decided === "decided" || decided === "same") return approvalView(approval, at);
      throw new UsageError(`Task ${id}: ${undecided[decided]}`);
    },
  };
}

const undecided = {
  own: "you asked for it, or it is for you. Another person has to decide.",
  expired: "the time to decide is over. Start the task again.",
  "decided-otherwise": "it was decided otherwise already.",
} as const;

function viewed(task: Parameters<typeof taskView>[0] | null, id: string): TaskView {
  if (task !== null) return taskView(task);
  throw new UsageError(`There is no task ${id}. List them with: trailwarden task list`);
}
