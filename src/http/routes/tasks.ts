import { z } from "zod";
import type { Task } from "../../sessions/task.ts";
import type { Teller } from "../../sessions/task-store.ts";
import { needsApproval, refusalToStart } from "../../tasks/admission.ts";
import { credentialIn, endIn, startIn, taskView } from "../../tasks/view.ts";
import { deciderOf } from "../access.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import { bodies, TaskPath, TaskShape } from "../shapes-task.ts";
import { conflict, filters, notFound, pageOf, paging, refusals } from "../shapes.ts";

const form: CursorForm = { of: "tasks", kinds: ["number", "string"] };
const tags = ["tasks"];
const answers = { 200: TaskShape, ...refusals, ...notFound };

const Query = z.strictObject({
  ...paging,
  agent: filters.agent,
  since: filters.since,
  open: z.enum(["true", "false"], { error: "expected true or false" }).optional().meta({
    description: "true: only those that run; false: only those that have ended.", example: "true",
  }),
});

export function addTasks(api: Api, options: ServerOptions): void {
  addLists(api, options);
  addStart(api, options);
  addNews(api, options);
  addEnd(api, options);
}

function addLists(api: Api, { store }: ServerOptions): void {
  api.get("/v1/tasks", {
    config: { role: "viewer" },
    schema: {
      summary: "Tasks given to agents, the latest first",
      tags,
      querystring: Query,
      response: { 200: pageOf(TaskShape), ...refusals },
    },
  }, async ({ query: { limit, cursor, agent, since, open } }) => {
    const [startedAt, id] = placeIn(form, cursor) ?? [];
    const after = id === undefined ? null : { startedAt: Number(startedAt), id: String(id) };
    const filter = { agent, since, isOpen: open === undefined ? undefined : open === "true" };
    const tasks = await store.listTasks(filter, { limit: limit + 1, after });
    const items = tasks.slice(0, limit);
    const last = items.at(-1);
    const isMore = tasks.length > limit && last !== undefined;
    return pageJson({ items, next: isMore ? [last.startedAt, last.id] : null }, form, taskView);
  });

  api.get("/v1/tasks/:id", {
    config: { role: "viewer" },
    schema: {
      summary: "One task, with its credentials", tags, params: TaskPath, response: answers,
    },
  }, async ({ params: { id } }) => taskView(known(await store.task(id))));
}

function addStart(api: Api, { store, now, config }: ServerOptions): void {
  api.post("/v1/tasks", {
    config: { role: "responder" },
    schema: {
      summary: "Start a task; said again, it changes nothing",
      description: "200 when it runs already, as it was started first; 409 when it has ended.",
      tags,
      body: bodies.start,
      response: {
        200: TaskShape, 201: TaskShape.describe("It is new."), ...refusals, ...conflict,
      },
    },
  }, async (request, reply) => {
    const { body } = request;
    const refusal = refusalToStart(body, config());
    if (refusal !== null) throw new Problem("invalid-request", refusal);
    const { task, isNew } = await store.startTask(startIn(body), deciderOf(request, now()));
    refuseEnded(task);
    return await reply.code(isNew ? 201 : 200).send(taskView(task));
  });
}

function addNews(api: Api, { store, now, config }: ServerOptions): void {
  api.post("/v1/tasks/:id/heartbeat", {
    config: { role: "responder" },
    schema: {
      summary: "Say that a task lives; 409 when somebody has ended it",
      tags,
      params: TaskPath,
      body: bodies.heartbeat,
      response: { ...answers, ...conflict },
    },
  }, async ({ params: { id }, body: { at } }) => {
    const task = started(await store.taskLives(id, Date.parse(at), now()));
    refuseEnded(task);
    return taskView(task);
  });

  api.post("/v1/tasks/:id/credentials", {
    config: { role: "responder" },
    schema: {
      summary: "Tell of a credential that was issued for a task",
      description: "Never its secret. Told twice is told once, by access key id; also taken " +
        "after the task's end.",
      tags,
      params: TaskPath,
      body: bodies.credential,
      response: answers,
    },
  }, async (request) => {
    const { params: { id }, body } = request;
    const unapproved = await isUnapproved(id) ? deciderOf(request, now()) : undefined;
    return taskView(started(await store.tellCredential(id, credentialIn(body), unapproved)));
  });

  /** Whether the config wants an approval that nobody has given. */
  async function isUnapproved(id: string): Promise<boolean> {
    const task = await store.task(id);
    if (task === null || !needsApproval(task, config())) return false;
    return (await store.approval(id))?.decision?.decision !== "granted";
  }
}

function addEnd(api: Api, { store, now }: ServerOptions): void {
  api.post("/v1/tasks/:id/end", {
    config: { role: "responder" },
    schema: {
      summary: "End a task; the earliest end that is told stands",
      tags,
      params: TaskPath,
      body: bodies.end,
      response: answers,
    },
  }, async (request) => {
    const { params: { id }, body } = request;
    const by: Teller = deciderOf(request, now());
    return taskView(started(await store.endTask(id, endIn(body), by)));
  });
}

export function known(task: Task | null): Task {
  if (task !== null) return task;
  throw new Problem("not-found", "There is no task of this id. List them at /v1/tasks.");
}

/** What is told of a task. */
function started(task: Task | null): Task {
  if (task !== null) return task;
  throw new Problem(
    "not-found",
    "Nobody has told of this task's start. What you told is kept, and counts once it is.",
  );
}

function refuseEnded({ externalId, endedAt, outcome }: Task): void {
  if (endedAt === null || outcome === null) return;
  const at = new Date(endedAt).toISOString();
  throw new Problem("conflict", `The task ${externalId} has ended at ${at} (${outcome}).`);
}
