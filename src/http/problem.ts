import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { StoreFault } from "../storage/fault.ts";
import type { ServerOptions } from "./options.ts";

/** What can be wrong with a request, or with us: the end of a problem's `type`. */
export const problemKinds = {
  "invalid-request": 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "too-large": 413,
  "unsupported-media-type": 415,
  "too-many-requests": 429,
  internal: 500,
  unavailable: 503,
} as const;
export type ProblemKind = keyof typeof problemKinds;

/** Thrown by routes and hooks, and sent as a problem document: its message is for the client. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly statusCode: number;

  constructor(kind: ProblemKind, detail: string) {
    super(detail);
    this.kind = kind;
    this.statusCode = problemKinds[kind];
  }
}

/** RFC 9457. https://www.rfc-editor.org/rfc/rfc9457 */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

export function problemDocument({ kind, statusCode, message }: Problem): ProblemDocument {
  return {
    type: `urn:trailwarden:problem:${kind}`,
    title: STATUS_CODES[statusCode] ?? kind,
    status: statusCode,
    detail: message,
  };
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .code(problem.statusCode)
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .type("application/problem+json")
    .send(JSON.stringify(problemDocument(problem)));
}

/** Answers whatever was thrown; what is ours to know goes to `onError`, and no further. */
export function errorHandler({ onError }: Pick<ServerOptions, "onError">) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error, request);
    // Who left, or waited too long, is no fault of ours.
    const isOurs = problem.statusCode >= 500 && !request.signal.aborted;
    if (isOurs) onError(error, request.routeOptions.url ?? "unmatched");
    if (problem.kind === "unavailable") void reply.header("retry-after", "5");
    return sendProblem(reply, problem);
  };
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const { where, values } = partOf(request, error.validationContext);
    const sentences = error.validation.slice(0, sentencesMax).map((issue) =>
      sentenceOn(issue, where, values));
    return new Problem("invalid-request", sentences.join(" "));
  }
  if (error instanceof StoreFault) {
    return new Problem("unavailable", "The store cannot be used now. Try again in a moment.");
  }
  if (error.code === "FST_ERR_HANDLER_TIMEOUT") {
    const advice = "It took too long. Ask for less: one session, a shorter time.";
    return new Problem("unavailable", advice);
  }
  const { statusCode = 500 } = error;
  if (statusCode >= 500) {
    return new Problem("internal", "Something in trailwarden broke. Its log says what.");
  }
  return new Problem(...(known[statusCode] ?? known[400]));
}

const known: Readonly<Record<number, readonly [ProblemKind, string]>> &
  Readonly<Record<400, readonly [ProblemKind, string]>> = {
    400: ["invalid-request", "The request cannot be read. Send well-formed HTTP, with JSON."],
    404: ["not-found", "There is nothing here. See /docs for what there is."],
    413: ["too-large", "The body is larger than 65536 bytes. Send less."],
    414: ["invalid-request", "The address is too long. Shorten it."],
    415: ["unsupported-media-type", "Send the body as Content-Type: application/json."],
  };

/** More than anyone mends at once. */
const sentencesMax = 5;

/** What of a request was looked at, and what it is called. */
function partOf(request: FastifyRequest, context: string | undefined): Part {
  if (context === "querystring") return { where: "query", values: request.query };
  if (context === "params") return { where: "path", values: request.params };
  return { where: "body", values: request.body };
}
interface Part {
  readonly where: string;
  readonly values: unknown;
}

interface ValidationIssue {
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Names field and value: the client's own, so that nothing is told that it does not know. */
function sentenceOn(issue: ValidationIssue, where: string, values: unknown): string {
  const { instancePath, message = "not what is expected", params: { keys } } = issue;
  if (Array.isArray(keys)) {
    return `The ${where} has ${keys.map(shown).join(", ")}, which is not known here. See /docs.`;
  }
  const path = instancePath.split("/").filter((part) => part !== "");
  const value = path.reduce<unknown>(
    (inner, key) => typeof inner === "object" && inner !== null && Object.hasOwn(inner, key)
      ? (inner as Record<string, unknown>)[key]
      : undefined,
    values,
  );
  const subject = path.length === 0 ? `The ${where}` : `${path.join(".")} in the ${where}`;
  return `${subject} is ${shown(value)}: ${message}.`;
}

/** What a client sent, short enough to be sent back. */
export function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
