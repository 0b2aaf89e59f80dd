import { createHash } from "node:crypto";
import type { Mode } from "./attribution.ts";

export const taskOutcomes = ["succeeded", "failed", "cancelled", "lost"] as const;
/** `lost`: its signs of life stopped, and nobody said how it ended. */
export type TaskOutcome = (typeof taskOutcomes)[number];

/** How we know of a task, strongest first. */
export const taskBases = [
  "told", // the wrapper, the API or the command line said so
  "session-tag",
  "source-identity",
  "session-name",
  "oidc-subject", // a GitHub Actions run
  "workload", // an ECS task, a Lambda function
  "idle", // nothing was called for a while
] as const;
export type TaskBasis = (typeof taskBases)[number];

/** A credential that was issued for a task, as whoever issued it told. Never its secret. */
export interface TaskCredential {
  readonly accessKeyId: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** ms UTC. */
  readonly issuedAt: number;
  /** ms UTC. */
  readonly expiresAt: number;
}

/** A unit of work given to an agent. */
export interface Task {
  /** {@link taskIdOf}. */
  readonly id: string;
  /** The name its giver knows it by: a ticket, a run of a pipeline. */
  readonly externalId: string;
  readonly agent: string;
  readonly mode: Mode;
  readonly expectedSeconds: number | null;
  readonly repository: string | null;
  /** The person or pipeline that gave it. */
  readonly actor: string | null;
  readonly reason: string | null;
  /** ms UTC. */
  readonly startedAt: number;
  /** It ends when no sign of life comes for so long; null: none was promised. */
  readonly heartbeatSeconds: number | null;
  /** ms UTC. */
  readonly heartbeatAt: number | null;
  /** ms UTC. */
  readonly endedAt: number | null;
  readonly outcome: TaskOutcome | null;
  readonly basis: TaskBasis;
  readonly confidence: "high" | "medium" | "low";
  readonly credentials: readonly TaskCredential[];
}

/**
 * One agent and one external id are one task, whoever says so and however often. So it has its id
 * before the service knows of it, and what is told of it later needs no answer to be waited for.
 */
export function taskIdOf(agent: string, externalId: string): string {
  return createHash("sha256").update(`${agent}\n${externalId}`).digest("hex").slice(0, 32);
}
