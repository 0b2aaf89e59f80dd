import { z } from "zod";
import type { LastSort } from "../../findings/lists.ts";
import { sessionJson } from "../../sessions/session-json.ts";
import type { Session } from "../../sessions/session.ts";
import { eventsInTime } from "../../timeline.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import { eventsForm } from "./events.ts";
import { TimelineEventShape, timelineJson } from "../shapes-event.ts";
import { CredentialShape, credentialJson, SessionShape } from "../shapes-session.ts";
import { filters, notFound, pageOf, paging, refusals } from "../shapes.ts";

const { agent, role, account, since, until, live, session } = filters;

const sort = z.enum(["-lastAt", "lastAt"], { error: "expected -lastAt or lastAt" })
  .default("-lastAt")
  .meta({ description: "-lastAt: the latest first; lastAt: the earliest." });
const Query = z.strictObject({ ...paging, sort, agent, role, account, since, until, live });
const CredentialQuery = Query.extend({ session });
const Path = z.strictObject({
  id: z.string().min(1).max(4096).meta({
    description: "The session's id, its special characters percent-encoded.",
    example: "AROAEXAMPLE000000001:task-4711@2026-03-01T10:00:00.000Z",
  }),
});

export function addSessions(api: Api, options: ServerOptions): void {
  const { store, now } = options;
  const tags = ["sessions"];
  api.get("/v1/sessions", {
    config: { role: "viewer" },
    schema: {
      summary: "Sessions: who, under which role, behind which agent and why",
      tags,
      querystring: Query,
      response: { 200: pageOf(SessionShape), ...refusals },
    },
  }, async ({ query }) => {
    const { limit, cursor, sort, live: isLive, ...filter } = query;
    const form = formOf("sessions", sort);
    const page = await store.listSessions(
      { ...filter, liveAt: isLive === undefined ? undefined : now() },
      sort,
      { limit, after: placeIn(form, cursor) },
    );
    return pageJson(page, form, toJson);
  });

  api.get("/v1/sessions/:id", {
    config: { role: "viewer" },
    schema: {
      summary: "One session",
      description: "A sign-in session that went on under several issues or days is several in " +
        "the list; this is its latest. Its timeline has the events of all.",
      tags,
      params: Path,
      response: { 200: SessionShape, ...refusals, ...notFound },
    },
  }, async ({ params }) => toJson((await sessionsOf(options, params.id))[0]));

  api.get("/v1/sessions/:id/timeline", {
    config: { role: "viewer" },
    schema: {
      summary: "All that a session did, in order of time",
      tags,
      params: Path,
      querystring: z.strictObject(paging),
      response: { 200: pageOf(TimelineEventShape), ...refusals, ...notFound },
    },
  }, async ({ params: { id }, query: { limit, cursor }, signal }) => {
    const sessions = await sessionsOf(options, id);
    const page = await eventsInTime(
      { ...options, config: options.config() },
      { groupKeys: sessions.map(({ groupKey }) => groupKey), sessionId: id, signal },
      { limit, after: placeIn(eventsForm, cursor) },
    );
    return pageJson(page, eventsForm, timelineJson);
  });
}

export function addCredentials(api: Api, { store, now }: ServerOptions): void {
  api.get("/v1/credentials", {
    config: { role: "viewer" },
    schema: {
      summary: "Access keys, each in the sessions that used it",
      tags: ["sessions"],
      querystring: CredentialQuery,
      response: { 200: pageOf(CredentialShape), ...refusals },
    },
  }, async ({ query }) => {
    const { limit, cursor, sort, live: isLive, ...filter } = query;
    const form = formOf("credentials", sort);
    const page = await store.listCredentials(
      { ...filter, liveAt: isLive === undefined ? undefined : now() },
      sort,
      { limit, after: placeIn(form, cursor) },
    );
    return pageJson(page, form, credentialJson);
  });
}

function formOf(list: "sessions" | "credentials", sort: LastSort): CursorForm {
  const kinds = { sessions: ["number", "string", "number"] as const,
    credentials: ["number", "string", "string", "number"] as const };
  return { of: `${list} ${sort}`, kinds: kinds[list] };
}

/** Names and shapes agree; what is too much is left out when it is written. */
function toJson(session: Session): z.infer<typeof SessionShape> {
  return sessionJson(session) as z.infer<typeof SessionShape>;
}

async function sessionsOf(
  { store }: ServerOptions,
  id: string,
): Promise<readonly [Session, ...Session[]]> {
  const [latest, ...others] = await store.sessionsById(id);
  if (latest !== undefined) return [latest, ...others];
  throw new Problem("not-found", "There is no session of this id. List them at /v1/sessions.");
}
