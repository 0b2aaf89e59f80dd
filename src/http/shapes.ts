import { z } from "zod";
import { levels } from "../detections/detection.ts";
import { problemKinds } from "./problem.ts";

/** What several routes take or give. Names are those of docs/output.md. */
export const Instant = z.string().meta({
  format: "date-time", description: "ISO 8601, UTC", example: "2026-03-01T10:01:10.000Z",
});

export const LevelName = z.enum(levels);

/** An instant someone asks about, as ms UTC. */
export const AskedInstant = z.iso
  .datetime({ offset: true, error: "expected an instant such as 2026-03-01T10:00:00Z" })
  .transform((text) => Date.parse(text));

const asked = (error: string) => z.string({ error }).min(1, error).max(2048, error);

/** What lists are chosen by. */
export const filters = {
  agent: asked("expected an agent's name").optional()
    .meta({ description: "Only this agent's.", example: "aider" }),
  role: asked("expected a role's ARN").optional().meta({
    description: "Only this role's: its ARN as the list gives it.",
    example: "arn:aws:iam::111122223333:role/agents/aider-readonly",
  }),
  account: z.string().regex(/^\d{12}$/, "expected 12 digits").optional()
    .meta({ description: "Only this account's.", example: "111122223333" }),
  session: asked("expected a session's id").optional().meta({
    description: "Only this session's: its id as the list gives it.",
    example: "AROAEXAMPLE000000001:task-4711@2026-03-01T10:00:00.000Z",
  }),
  since: AskedInstant.optional().meta({
    description: "Only what went on at this instant or after.", example: "2026-03-01T10:00:00Z",
  }),
  until: AskedInstant.optional().meta({
    description: "Only what had begun before this instant.", example: "2026-03-01T11:00:00Z",
  }),
  live: z.enum(["true"], { error: "expected true, or no live at all" }).optional().meta({
    description: "true: only what has not expired; where no end is known, what was seen within " +
      "the last 15 minutes.",
    example: "true",
  }),
};

export const limitMax = 200;
const limitError = `expected a whole number from 1 to ${limitMax}`;

/** How a list is paged. */
export const paging = {
  limit: z.coerce.number({ error: limitError }).int(limitError).min(1, limitError)
    .max(limitMax, limitError).default(50)
    .meta({ description: "At most so many items.", example: 50 }),
  cursor: z.string({ error: "expected one cursor" }).max(8192, "expected a cursor").optional()
    .meta({
      description: "The next of the page before. What is added meanwhile shifts nothing.",
    }),
};

/** One page of a list. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    next: z.string().nullable().meta({
      description: "The cursor of the next page; null when there is none. A page may be shorter " +
        "than limit, even empty, and still have a next.",
      example: null,
    }),
  });
}

export const ProblemShape = z
  .object({
    type: z.enum(
      Object.keys(problemKinds).map((kind) => `urn:trailwarden:problem:${kind}`),
    ),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What is wrong, and what to try." }),
  })
  .meta({
    id: "Problem",
    description: "RFC 9457.",
    example: {
      type: "urn:trailwarden:problem:invalid-request",
      title: "Bad Request",
      status: 400,
      detail: 'limit in the query is "500": expected a whole number from 1 to 200.',
    },
  });

const problem = (description: string) => ({
  description,
  content: { "application/problem+json": { schema: ProblemShape } },
});

/** How every route may refuse. */
export const refusals = {
  400: problem("The request cannot be understood: what, and what would do."),
  401: problem("There is no token, or none that is known."),
  403: problem("The token's role may not."),
  429: problem("Too many requests this minute; Retry-After says when to come again."),
  503: problem("The store cannot be used now."),
};
export const notFound = { 404: problem("There is none of this id.") };
export const conflict = { 409: problem("It cannot be done to it as it is.") };

const reasonError = "expected why, in 1 to 2000 characters: it goes into the audit log";
/** Why something is decided. */
export const Reason = z.string({ error: reasonError }).trim().min(1, reasonError)
  .max(2000, reasonError)
  .meta({ description: "Why; kept in the audit log.", example: "A drill of ours." });
