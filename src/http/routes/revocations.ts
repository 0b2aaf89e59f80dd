import { z } from "zod";
import { AwsFault } from "../../aws/fault.ts";
import { askOrShow } from "../../response/ask-or-show.ts";
import type { RevocationView } from "../../response/contract.ts";
import { say, type Saying } from "../../response/decide.ts";
import { revocationView } from "../../response/view.ts";
import type { Revocation } from "../../revocations/revocation.ts";
import { deciderOf } from "../access.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import {
  AskedShape, revocationBodies, RevocationPath, RevocationShape,
} from "../shapes-revocation.ts";
import { conflict, filters, notFound, pageOf, paging, Reason, refusals } from "../shapes.ts";

const tags = ["revocations"];
const answers = { 200: RevocationShape, ...refusals, ...notFound };
const form: CursorForm = { of: "revocations", kinds: ["number", "string"] };

const Query = z.strictObject({
  ...paging,
  since: filters.since,
  open: z.enum(["true", "false"], { error: "expected true or false" }).optional().meta({
    description: "true: only those of which something is left to do; false: only the others.",
    example: "true",
  }),
});

export function addRevocations(api: Api, options: ServerOptions): void {
  addLists(api, options);
  addAsking(api, options);
  addSaying(api, options, {
    verb: "approve", summary: "Say yes to the plan of this version",
    body: revocationBodies.approve,
    saying: ({ version }) => ({ kind: "approve", version }),
  });
  addSaying(api, options, {
    verb: "decline", summary: "Say no to a plan that waits for people", body: Because,
    saying: ({ reason }) => ({ kind: "decline", reason }),
  });
  addSaying(api, options, {
    verb: "undo", summary: "Take a revocation back", body: Because,
    saying: ({ reason }) => ({ kind: "undo", reason }),
  });
}
const Because = z.strictObject({ reason: Reason });

function addLists(api: Api, { store, now }: ServerOptions): void {
  api.get("/v1/revocations", {
    config: { role: "viewer" },
    schema: {
      summary: "Revocations, the latest asked for first",
      tags,
      querystring: Query,
      response: { 200: pageOf(RevocationShape), ...refusals },
    },
  }, async ({ query: { limit, cursor, since, open } }) => {
    const [requestedAt, id] = placeIn(form, cursor) ?? [];
    const after = id === undefined
      ? null : { requestedAt: Number(requestedAt), id: String(id) };
    const filter = { since, isOpen: open === undefined ? undefined : open === "true" };
    const found = await store.listRevocations(filter, { limit: limit + 1, after });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const isMore = found.length > limit && last !== undefined;
    const page = { items, next: isMore ? [last.requestedAt, last.id] : null };
    return pageJson(page, form, (one) => revocationView(one, now()));
  });

  api.get("/v1/revocations/:id", {
    config: { role: "viewer" },
    schema: {
      summary: "One revocation: its plan, who decided what, and what was seen of it",
      tags,
      params: RevocationPath,
      response: answers,
    },
  }, async ({ params: { id } }) => view(await store.revocation(id), now()));
}

function addAsking(api: Api, { store, now, config, response }: ServerOptions): void {
  api.post("/v1/revocations", {
    config: { role: "responder" },
    schema: {
      summary: "Ask for a revocation, or only for its plan",
      description: "200 with the plan where nothing is asked for: dryRun, nothing that can be " +
        "done, or response.enabled is false. 503 where AWS cannot be asked.",
      tags,
      body: revocationBodies.ask,
      response: {
        200: AskedShape, 201: AskedShape.describe("It is asked for."), ...refusals,
      },
    },
  }, async (request, reply) => {
    const asking = { store, config: config().response, responder: response.responder };
    try {
      const asked = await askOrShow(request.body, asking, deciderOf(request, now()));
      if (asked.revocation !== null) response.wake();
      return await reply.code(asked.revocation === null ? 200 : 201).send(asked);
    } catch (error) {
      if (error instanceof AwsFault) throw new Problem("unavailable", error.message);
      throw error;
    }
  });
}

interface SayingRoute<T extends z.ZodType> {
  readonly verb: Saying["kind"];
  readonly summary: string;
  readonly body: T;
  readonly saying: (body: z.output<T>) => Saying;
}

function addSaying<T extends z.ZodType>(
  api: Api,
  { store, now, response }: ServerOptions,
  { verb, summary, body, saying }: SayingRoute<T>,
): void {
  api.post(`/v1/revocations/:id/${verb}`, {
    config: { role: "responder" },
    schema: {
      summary, tags, params: RevocationPath, body, response: { ...answers, ...conflict },
    },
  }, async (request) => {
    const { id } = request.params;
    const by = deciderOf(request, now());
    const said = await say(id, saying(request.body as z.output<T>), { store, by });
    if (said?.refusal != null) throw new Problem("conflict", said.refusal);
    response.wake();
    return view(said?.revocation ?? null, now());
  });
}

function view(revocation: Revocation | null, asOf: number): RevocationView {
  if (revocation !== null) return revocationView(revocation, asOf);
  throw new Problem(
    "not-found", "There is no revocation of this id. List them at /v1/revocations.",
  );
}
