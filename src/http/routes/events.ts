import { z } from "zod";
import { explanationJson } from "../../commands/explain.ts";
import { eventsInTime, type Asked } from "../../timeline.ts";
import { pageJson, placeIn, type CursorForm } from "../cursor.ts";
import type { Api, ServerOptions } from "../options.ts";
import { Problem } from "../problem.ts";
import { ExplanationShape, TimelineEventShape, timelineJson } from "../shapes-event.ts";
import { AskedInstant, filters, notFound, pageOf, paging, refusals } from "../shapes.ts";

/** Places of events in order of time, wherever they are listed. */
export const eventsForm: CursorForm = { of: "events", kinds: ["number", "string"] };

/**
 * Records are stored by session and compressed: to tell what happened within a time, every session
 * of that time is read. So many events take about a second.
 */
const eventsReadMax = 100_000;

const Query = z.strictObject({
  ...paging,
  session: filters.session,
  since: AskedInstant.optional().meta({
    description: "Only events of this instant or later. Needed, or else session.",
    example: "2026-03-01T10:00:00Z",
  }),
  until: AskedInstant.optional().meta({
    description: "Only events before this instant; now, where it is not given.",
    example: "2026-03-01T10:15:00Z",
  }),
});

export function addEvents(api: Api, options: ServerOptions): void {
  api.get("/v1/events", {
    config: { role: "viewer" },
    schema: {
      summary: "Events of a session or of some time, in order of time",
      description: "Events are kept by session, not by time: every session of the time asked " +
        `for is read, which is refused where those hold more than ${eventsReadMax} events. ` +
        "Ask for less time, or for one session.",
      tags: ["events"],
      querystring: Query,
      response: { 200: pageOf(TimelineEventShape), ...refusals },
    },
  }, async ({ query, signal }) => {
    const { limit, cursor } = query;
    const slice = { limit, after: placeIn(eventsForm, cursor) };
    const reading = { ...options, config: options.config() };
    const asked = { ...(await askedFor(query, options)), signal };
    const page = await eventsInTime(reading, asked, slice);
    return pageJson(page, eventsForm, timelineJson);
  });

  api.get("/v1/events/:id", {
    config: { role: "viewer" },
    schema: {
      summary: "One event, explained: whose it is, every fact, the rules that matched, the record",
      description: "Several items where an id came with several events.",
      tags: ["events"],
      params: z.strictObject({
        id: z.string().min(1).max(1024).meta({ description: "The record's eventID." }),
      }),
      response: {
        200: z.object({ items: z.array(ExplanationShape) }), ...refusals, ...notFound,
      },
    },
  }, async ({ params }) => {
    const explanations = await options.explain(params.id);
    if (explanations.length === 0) {
      const what = "There is no event of this id. List them at /v1/events.";
      throw new Problem("not-found", what);
    }
    return { items: explanations.map(explanationJson) as z.infer<typeof ExplanationShape>[] };
  });
}

async function askedFor(
  { session, since, until }: Pick<z.infer<typeof Query>, "session" | "since" | "until">,
  { store, now }: ServerOptions,
): Promise<Asked> {
  if (session !== undefined) {
    const sessions = await store.sessionsById(session);
    const groupKeys = sessions.map(({ groupKey }) => groupKey);
    return { groupKeys, sessionId: session, since, until };
  }
  if (since === undefined) {
    throw new Problem(
      "invalid-request",
      "The query has neither session nor since: all events are too many. Give one of them.",
    );
  }
  const end = until ?? now();
  const groupKeys = await store.groupsWithin(since, end, eventsReadMax);
  if (groupKeys !== null) return { groupKeys, since, until: end };
  throw new Problem(
    "invalid-request",
    `The sessions between since and until hold more than ${eventsReadMax} events. ` +
    "Ask for less time, or for one session.",
  );
}
