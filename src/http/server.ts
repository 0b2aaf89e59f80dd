import fastify, { type FastifyInstance } from "fastify";
import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import {
  serializerCompiler, validatorCompiler, type ZodTypeProvider,
} from "fastify-type-provider-zod";
import { addAccess } from "./access.ts";
import { addDocs } from "./routes/docs.ts";
import type { Api, ServerOptions } from "./options.ts";
import { errorHandler, Problem, sendProblem } from "./problem.ts";
import { addActivity } from "./routes/activity.ts";
import { addAuditLog } from "./routes/audit-log.ts";
import { addAudits } from "./routes/audits.ts";
import { addBaselines } from "./routes/baselines.ts";
import { addEvents } from "./routes/events.ts";
import { addFindings } from "./routes/findings.ts";
import { addHealth } from "./routes/health.ts";
import { addCredentials, addSessions } from "./routes/sessions.ts";
import { addLifetimes } from "./routes/lifetimes.ts";
import { addSuppressions } from "./routes/suppressions.ts";
import { addApprovals } from "./routes/approvals.ts";
import { addResponse } from "./routes/response.ts";
import { addRevocations } from "./routes/revocations.ts";
import { addTasks } from "./routes/tasks.ts";

/** Bodies are a few patterns and a reason. */
const bodyBytesMax = 64 * 1024;
/** How long a request may take to arrive whole: the slowest honest line, not one held open. */
const arrivalMs = 15_000;
/** How long an answer may take; the longest reads a session of a million events through. */
const answerMs = 60_000;
/** People, dashboards and a scraper; more wait in the kernel's queue. */
const connectionsMax = 256;
/** A session's id in a path: a principal's and an ARN, percent-encoded. */
const paramLengthMax = 4096;

/** The HTTP face: reading and deciding. It listens when it is told to: `listen({ host, port })`. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const onError = errorHandler(options);
  const app = fastify({
    bodyLimit: bodyBytesMax,
    requestTimeout: arrivalMs,
    handlerTimeout: answerMs,
    // Telemetry logs; this one would log addresses with what is asked for.
    logger: false,
    routerOptions: { maxParamLength: paramLengthMax },
    forceCloseConnections: "idle",
    frameworkErrors: (error, request, reply) => { onError(error, request, reply); },
  });
  app.server.maxConnections = connectionsMax;
  app.removeContentTypeParser("text/plain");
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(onError);
  app.addHook("onSend", (_request, reply) => {
    void reply.header("cache-control", "no-store");
    return Promise.resolve();
  });
  app.addHook("onResponse", (request, reply, done) => {
    options.onRequestEnded({
      route: request.routeOptions.url ?? "unmatched",
      method: request.method,
      status: reply.statusCode,
      seconds: reply.elapsedTime / 1000,
    });
    done();
  });
  const api = app.withTypeProvider<ZodTypeProvider>();
  await api.register(helmet, headers);
  addAccess(api, options);
  await addLimit(api, options);
  await addDocs(api);
  addRoutes(api, options);
  api.setNotFoundHandler({ preHandler: api.rateLimit() }, (_request, reply) =>
    sendProblem(reply, new Problem("not-found", "There is nothing here. See /docs.")));
  await app.ready();
  return app;
}

/** Answers are data: nothing in them may run, be framed, or be taken for something else. */
const headers = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] },
  },
  // Whoever puts TLS before it says so there.
  strictTransportSecurity: false,
};

/** By token, or by address where no token is known; the service's own pulse is not counted. */
async function addLimit(api: Api, { config }: ServerOptions): Promise<void> {
  await api.register(rateLimit, {
    timeWindow: 60_000,
    max: () => config().http.requestsPerMinute,
    keyGenerator: ({ caller, ip }) => caller === null ? `ip:${ip}` : `token:${caller.name}`,
    errorResponseBuilder: (_request, { max, ttl }) => new Problem(
      "too-many-requests",
      `More than ${max} requests came within a minute. ` +
      `Come again in ${Math.ceil(ttl / 1000)} seconds, or raise http.requestsPerMinute.`,
    ),
  });
}

function addRoutes(api: Api, options: ServerOptions): void {
  addHealth(api, options);
  addFindings(api, options);
  addSuppressions(api, options);
  addSessions(api, options);
  addCredentials(api, options);
  addActivity(api, options);
  addEvents(api, options);
  addTasks(api, options);
  addApprovals(api, options);
  addLifetimes(api, options);
  addBaselines(api, options);
  addRevocations(api, options);
  addResponse(api, options);
  addAudits(api, options);
  addAuditLog(api, options);
}
