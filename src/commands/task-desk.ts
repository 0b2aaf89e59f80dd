import { Option } from "commander";
import type { z } from "zod";
import type { App } from "../app.ts";
import type { TaskFilter } from "../sessions/task-store.ts";
import { refusalToStart } from "../tasks/admission.ts";
import { endCall, isoAt, startCall, type TaskCall } from "../tasks/call.ts";
import {
  ApprovalView, TaskPage, TaskView, type DecideApproval, type EndTask, type StartTask,
} from "../tasks/contract.ts";
import {
  AnyTaskDetail, SeenTaskPage, type SeenTaskView,
} from "../tasks/lifetime-contract.ts";
import { seenTaskView, taskDetail } from "../tasks/lifetime-view.ts";
import { answered, askService, tellService, type ServiceAddress } from "../tasks/service.ts";
import { approvalView, endIn, startIn, taskView } from "../tasks/view.ts";
import { UsageError } from "../usage-error.ts";
import { measuredNow } from "./as-of.ts";
import { cliDecider } from "./decider.ts";

export const urlOption = () => new Option("--url <url>", "the service").env("TRAILWARDEN_URL");

/** Where tasks are started, ended and looked at: the service, or a store's file. */
export interface TaskDesk {
  start(body: StartTask): Promise<TaskView>;
  end(id: string, body: EndTask): Promise<TaskView>;
  show(id: string): Promise<AnyTaskDetail>;
  /** The latest first. */
  list(filter: TaskFilter, limit: number): Promise<readonly TaskView[]>;
  /** Those nobody told of. */
  listInferred(filter: TaskFilter, limit: number): Promise<readonly SeenTaskView[]>;
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
      answered(AnyTaskDetail, await askService(address, `/v1/tasks/${id}`), address),
    list: (filter, limit) => listed({ address, page: TaskPage, basis: "told" }, filter, limit),
    listInferred: (filter, limit) =>
      listed({ address, page: SeenTaskPage, basis: "inferred" }, filter, limit),
    decide: async (id, body) => answered(ApprovalView, await tellService(address, {
      path: `/v1/tasks/${id}/approval/decision`, body,
    }), address),
  };
}

/** The most that the service gives at once. */
const pageMax = 200;

async function listed<T>(
  { address, page: schema, basis }: {
    readonly address: ServiceAddress;
    readonly page: z.ZodType<{ readonly items: T[]; readonly next: string | null }>;
    readonly basis: "told" | "inferred";
  },
  { agent, isOpen, since }: TaskFilter,
  limit: number,
): Promise<readonly T[]> {
  const tasks: T[] = [];
  for (let cursor: string | null = ""; cursor !== null && tasks.length < limit; ) {
    const query = new URLSearchParams({
      basis,
      limit: String(Math.min(pageMax, limit - tasks.length)),
      ...(agent === undefined ? {} : { agent }),
      ...(isOpen === undefined ? {} : { open: String(isOpen) }),
      ...(since === undefined ? {} : { since: isoAt(since) }),
      ...(cursor === "" ? {} : { cursor }),
    });
    const answer = await askService(address, `/v1/tasks?${query.toString()}`);
    const page = answered(schema, answer, address);
    tasks.push(...page.items);
    cursor = page.next;
  }
  return tasks;
}

/** With the same rules as the service's. Throws UsageErrors. */
export function storeDesk(app: App): TaskDesk {
  const { store, config } = app;
  return {
    start: async (body) => {
      const refusal = refusalToStart(body, config);
      if (refusal !== null) throw new UsageError(refusal);
      const { task } = await store.startTask(startIn(body), cliDecider());
      if (task.endedAt === null) return taskView(task);
      throw new UsageError(`The task ${task.externalId} has ended at ${isoAt(task.endedAt)}.`);
    },
    end: async (id, body) =>
      taskView(there(await store.endTask(id, endIn(body), cliDecider()), id)),
    show: async (id) => there(await taskDetail(store, id, await measuredNow(app)), id),
    list: async (filter, limit) =>
      (await store.listTasks(filter, { limit, after: null })).map(taskView),
    listInferred: async ({ agent, since, isOpen }, limit) => {
      const measured = await measuredNow(app);
      const { asOf, idleSeconds } = measured;
      const called = isOpen === undefined
        ? undefined
        : { after: asOf - idleSeconds * 1000, isSo: isOpen };
      const from = { limit, after: null };
      const { items } = await store.seenTasks({ agent, since, called }, from);
      return items.map((task) => seenTaskView(task, measured));
    },
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

function there<T>(task: T | null, id: string): T {
  if (task !== null) return task;
  throw new UsageError(`There is no task ${id}. List them with: trailwarden task list`);
}
