import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Approval, Decided } from "../../sessions/approval.ts";
import { approvalView } from "../../tasks/view.ts";
import { deciderOf } from "../access.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import { ApprovalShape, bodies, TaskPath } from "../shapes-task.ts";
import { conflict, notFound, refusals } from "../shapes.ts";
import { known } from "./tasks.ts";

const tags = ["tasks"];
const answers = { 200: ApprovalShape, ...refusals, ...notFound };

/** Proxies cut what is silent for a minute. */
const waitSecondsMax = 20;
const waitError = `expected a whole number from 1 to ${waitSecondsMax}`;
/** Decisions are also made in other processes, so the store is asked: one row by its key. */
const pauseMs = 500;

const Query = z.strictObject({
  waitSeconds: z.coerce.number({ error: waitError }).int(waitError).min(1, waitError)
    .max(waitSecondsMax, waitError).optional()
    .meta({ description: "How long to wait for a decision; absent: not at all.", example: 1 }),
});

export function addApprovals(api: Api, options: ServerOptions): void {
  addAsking(api, options);
  addWaiting(api, options);
  addDeciding(api, options);
}

function addAsking(api: Api, { store, now }: ServerOptions): void {
  api.post("/v1/tasks/:id/approval", {
    config: { role: "responder" },
    schema: {
      summary: "Ask another person to approve a task; said again, it changes nothing",
      tags,
      params: TaskPath,
      body: bodies.ask,
      response: answers,
    },
  }, async (request) => {
    const { params: { id: taskId }, body: { reason, expiresAt } } = request;
    const task = known(await store.task(taskId));
    const { actor: askedBy, at: askedAt } = deciderOf(request, now());
    const asked = { taskId, reason, askedBy, askedAt, expiresAt: Date.parse(expiresAt) };
    return approvalView(there(await store.askApproval(asked), task.externalId), now());
  });
}

function addWaiting(api: Api, { store, now }: ServerOptions): void {
  const closing = new AbortController();
  api.addHook("preClose", () => {
    closing.abort();
    return Promise.resolve();
  });
  api.get("/v1/tasks/:id/approval", {
    config: { role: "viewer" },
    schema: {
      summary: "How an approval stands, or what comes of it",
      tags,
      params: TaskPath,
      querystring: Query,
      response: answers,
    },
  }, async ({ params: { id }, query: { waitSeconds = 0 }, signal }) => {
    const { externalId } = known(await store.task(id));
    const until = AbortSignal.any([signal, closing.signal]);
    for (let pauses = waitSeconds * 1000 / pauseMs; ; pauses -= 1) {
      const view = approvalView(there(await store.approval(id), externalId), now());
      if (view.state !== "pending" || pauses <= 0 || until.aborted) return view;
      await delay(pauseMs, undefined, { signal: until }).catch(() => undefined);
    }
  });
}

function addDeciding(api: Api, { store, now }: ServerOptions): void {
  api.post("/v1/tasks/:id/approval/decision", {
    config: { role: "responder" },
    schema: {
      summary: "Grant or deny a task, as another person",
      description: "403 with the token that asked, or one called as the task's actor; 409 when " +
        "it was decided otherwise, or its time is over.",
      tags,
      params: TaskPath,
      body: bodies.decide,
      response: { ...answers, ...conflict },
    },
  }, async (request) => {
    const { params: { id }, body: { decision, comment } } = request;
    const { externalId } = known(await store.task(id));
    const { actor: by, at } = deciderOf(request, now());
    const found = await store.decideApproval(id, { decision, comment, by, at });
    const approval = there(found?.approval ?? null, externalId);
    if (found !== null) refuse(found.decided, by);
    return approvalView(approval, now());
  });
}

function refuse(decided: Decided, by: string): void {
  switch (decided) {
    case "decided":
    case "same":
      return;
    case "own":
      throw new Problem(
        "forbidden", `${by} asked for it, or it is for them. Another person has to decide.`,
      );
    case "expired":
      throw new Problem("conflict", "The time to decide is over. Start the task again.");
    case "decided-otherwise":
      throw new Problem("conflict", "It was decided otherwise already.");
    default:
      decided satisfies never;
  }
}

function there(approval: Approval | null, externalId: string): Approval {
  if (approval !== null) return approval;
  throw new Problem("not-found", `Nobody has asked for an approval of task ${externalId}.`);
}
