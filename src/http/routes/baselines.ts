import { z } from "zod";
import type { KnownSubject } from "../../baselines/store.ts";
import { subjectKey } from "../../baselines/subject.ts";
import type { Config } from "../../config/schema.ts";
import { BaselineOverview } from "../../judging/baseline-overview.ts";
import { baselineSettings } from "../../judging/baseline-settings.ts";
import { deciderOf } from "../access.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import {
  AskedDay, BaselineDetailShape, BaselinePath, BaselineShape, ResetBody,
} from "../shapes-baseline.ts";
import { filters, notFound, pageOf, paging, refusals } from "../shapes.ts";

const tags = ["baselines"];
const form: CursorForm = { of: "baselines", kinds: ["string"] };
const asOf = AskedDay.optional().meta({
  description: "As of the start of this day, UTC; absent: the newest event's.",
  example: "2026-03-29",
});
const { agent } = filters;

export function addBaselines(api: Api, options: ServerOptions): void {
  const { store } = options;
  const overviewNow = overviewOf(options);
  api.get("/v1/baselines", {
    config: { role: "viewer" },
    schema: {
      summary: "Whose past is known, and whether it is enough to judge by",
      tags,
      querystring: z.strictObject({ ...paging, agent, asOf }),
      response: { 200: pageOf(BaselineShape), ...refusals },
    },
  }, async ({ query }) => {
    const { limit, cursor } = query;
    const [after = ""] = placeIn(form, cursor) ?? [];
    const rest = (await store.baselineSubjects())
      .filter(({ subject }) => query.agent === undefined || subject.agent === query.agent)
      .filter((known) => placeOf(known) > String(after))
      .sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
    const chosen = rest.slice(0, limit);
    const last = chosen.at(-1);
    const overview = overviewNow();
    const items = await overview.views(chosen, query.asOf ?? (await overview.latestDay()));
    const next = rest.length > limit && last !== undefined ? [placeOf(last)] : null;
    return pageJson({ items, next }, form, (view) => view);
  });

  api.get("/v1/baselines/:account/:role", {
    config: { role: "viewer" },
    schema: {
      summary: "What is normal for a role, agent by agent, and how its sessions stood",
      tags,
      params: BaselinePath,
      querystring: z.strictObject({ agent, asOf }),
      response: {
        200: z.object({ items: z.array(BaselineDetailShape) }), ...refusals, ...notFound,
      },
    },
  }, async ({ params, query }) => {
    const chosen = await subjectsOf(options, params, query.agent);
    const overview = overviewNow();
    const items = await overview.details(chosen, query.asOf ?? (await overview.latestDay()));
    return { items: items as z.infer<typeof BaselineDetailShape>[] };
  });

  addReset(api, options, overviewNow);
}

function addReset(
  api: Api,
  options: ServerOptions,
  overviewNow: () => BaselineOverview,
): void {
  const { store, config, now } = options;
  api.post("/v1/baselines/:account/:role/reset", {
    config: { role: "responder" },
    schema: {
      summary: "Let a role learn anew: days before do not count any more",
      tags,
      params: BaselinePath,
      body: ResetBody,
      response: { 200: z.object({ items: z.array(BaselineShape) }), ...refusals, ...notFound },
    },
  }, async (request) => {
    const { params, body: { reason, agent: ofAgent, from } } = request;
    const by = deciderOf(request, now());
    const fromDay = from ?? Math.floor(by.at / 86_400_000);
    const { windowDays } = baselineSettings(config()).memory;
    for (const { subject } of await subjectsOf(options, params, ofAgent)) {
      await store.resetBaseline(subject, fromDay, { windowDays, reason, by });
    }
    const chosen = await subjectsOf(options, params, ofAgent);
    const overview = overviewNow();
    const asOfDay = Math.max(fromDay, await overview.latestDay());
    return { items: [...await overview.views(chosen, asOfDay)] };
  });
}

/** One for as long as the config is the same. */
function overviewOf({ store, config }: ServerOptions): () => BaselineOverview {
  let made: { readonly of: Config; readonly overview: BaselineOverview } | null = null;
  return () => {
    const of = config();
    if (made?.of !== of) {
      made = { of, overview: new BaselineOverview(store, baselineSettings(of)) };
    }
    return made.overview;
  };
}

/** As JSON, so that a cursor can hold whatever a name holds. */
function placeOf({ subject }: KnownSubject): string {
  return JSON.stringify(subjectKey(subject));
}

async function subjectsOf(
  { store }: ServerOptions,
  { account, role }: z.infer<typeof BaselinePath>,
  ofAgent: string | undefined,
): Promise<readonly KnownSubject[]> {
  const chosen = (await store.baselineSubjects()).filter(({ subject }) =>
    subject.role === `${account}/${role}` &&
    (ofAgent === undefined || subject.agent === ofAgent));
  if (chosen.length > 0) return chosen;
  throw new Problem("not-found", "There is no such baseline. List them at /v1/baselines.");
}
