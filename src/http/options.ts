import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Config, TokenConfig } from "../config/schema.ts";
import type { Explanation } from "../explaining.ts";
import type { Normalise } from "../events/normalise.ts";
import type { Responder } from "../response/respond.ts";
import type { Readiness } from "../service/standing.ts";
import type { Task } from "../sessions/task.ts";
import type { Store } from "../storage/store.ts";

export interface Ended {
  /** The route's pattern, `/v1/findings/:id`; `unmatched` where there is none. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
}

/** What the server serves. Functions are asked at each request: the config may be read again. */
export interface ServerOptions {
  readonly store: Store;
  readonly normalise: Normalise;
  readonly config: () => Config;
  /** Those of the config, or the run's own. */
  readonly tokens: () => readonly TokenConfig[];
  readonly metrics: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly readiness: () => Readiness;
  /** Every step behind the judgement of the events of this id. */
  readonly explain: (eventId: string) => Promise<readonly Explanation[]>;
  /** Plans revocations, and is woken when something is to be carried out. */
  readonly response: {
    readonly responder: () => Promise<Responder>;
    readonly wake: () => void;
  };
  /** ms UTC. */
  readonly now: () => number;
  /** Told of a task that has just ended. */
  readonly onTaskEnded: (task: Task) => void;
  readonly onRequestEnded: (ended: Ended) => void;
  /** What a client is told nothing of: a fault of the store, or a bug of ours. */
  readonly onError: (error: Error, route: string) => void;
}

export type Api = FastifyInstance<
  RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider
>;
