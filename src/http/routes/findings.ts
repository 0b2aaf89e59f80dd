import { z } from "zod";
import type { Finding } from "../../findings/finding.ts";
import type { FindingSort } from "../../findings/lists.ts";
import { deciderOf } from "../access.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import { decidedJson, FindingShape, statuses } from "../shapes-finding.ts";
import {
  conflict, filters, LevelName, notFound, pageOf, paging, Reason, refusals,
} from "../shapes.ts";

const idError = "expected the 16 hex digits of a finding's id";
const Path = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/, idError).meta({ example: "9fb01e1c5d3a7b42" }),
});

const sorts: Readonly<Record<FindingSort, CursorForm>> = {
  level: { of: "findings level", kinds: ["number", "number", "string"] },
  "-lastEventAt": { of: "findings -lastEventAt", kinds: ["number", "string"] },
};

const { agent, role, account, session, since, until } = filters;
const Query = z.strictObject({
  ...paging,
  sort: z.enum(["level", "-lastEventAt"], { error: "expected level or -lastEventAt" })
    .default("level")
    .meta({ description: "level: the worst first, then the latest; -lastEventAt: the latest." }),
  agent, role, account, session, since, until,
  rule: z.string().min(1).max(256).optional().meta({ description: "Only this rule's." }),
  minLevel: LevelName.optional().meta({ description: "This level and worse." }),
  status: z.enum(statuses).optional().meta({ description: "Only with this status." }),
});

export function addFindings(api: Api, options: ServerOptions): void {
  const { store, now } = options;
  api.get("/v1/findings", {
    config: { role: "viewer" },
    schema: {
      summary: "Findings, the worst first",
      tags: ["findings"],
      querystring: Query,
      response: { 200: pageOf(FindingShape), ...refusals },
    },
  }, async ({ query }) => {
    const { limit, cursor, sort, minLevel, ...filter } = query;
    const form = sorts[sort];
    const page = await store.listFindings(
      { ...filter, levelMin: minLevel, asOf: now() },
      sort,
      { limit, after: placeIn(form, cursor) },
    );
    return pageJson(page, form, decidedJson);
  });

  api.get("/v1/findings/:id", {
    config: { role: "viewer" },
    schema: {
      summary: "One finding",
      tags: ["findings"],
      params: Path,
      response: { 200: FindingShape, ...refusals, ...notFound },
    },
  }, async ({ params }) => decidedJson(await findingOf(options, params.id)));

  addDecisions(api, options);
}

function addDecisions(api: Api, options: ServerOptions): void {
  const { store, now } = options;
  api.post("/v1/findings/:id/acknowledge", {
    config: { role: "responder" },
    schema: {
      summary: "Say that someone is on it",
      tags: ["findings"],
      params: Path,
      body: z.strictObject({ reason: Reason }),
      response: { 200: FindingShape, ...refusals, ...notFound, ...conflict },
    },
  }, async (request) => {
    const { params: { id }, body: { reason } } = request;
    await findingOf(options, id);
    if (!(await store.acknowledge(id, reason, deciderOf(request, now())))) {
      throw new Problem("conflict", `The finding ${id} is closed already. Look at its verdict.`);
    }
    return decidedJson(await findingOf(options, id));
  });

  api.post("/v1/findings/:id/close", {
    config: { role: "responder" },
    schema: {
      summary: "Close it, with a verdict; closing again replaces the verdict",
      tags: ["findings"],
      params: Path,
      body: z.strictObject({
        verdict: z.enum(["true-positive", "false-positive", "benign"]),
        reason: Reason,
      }),
      response: { 200: FindingShape, ...refusals, ...notFound },
    },
  }, async (request) => {
    const { params: { id }, body: { verdict, reason } } = request;
    await findingOf(options, id);
    await store.closeFinding(id, { verdict, note: reason }, deciderOf(request, now()));
    return decidedJson(await findingOf(options, id));
  });
}

async function findingOf({ store, now }: ServerOptions, id: string): Promise<Finding> {
  const slice = { limit: 1, after: null };
  const { items } = await store.listFindings({ id, asOf: now() }, "level", slice);
  if (items[0] !== undefined) return items[0];
  throw new Problem("not-found", `There is no finding ${id}. List them at /v1/findings.`);
}
