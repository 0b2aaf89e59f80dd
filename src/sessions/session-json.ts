import type { Session } from "./session.ts";
import { sessionTask } from "./session-task.ts";

/**
 * A session as `sessions --format json` and the HTTP API give it: instants ISO 8601, UTC. How we
 * file it is left out.
 */
export function sessionJson(session: Session): object {
  const { attribution, issuance, credentials } = session;
  const task = sessionTask(session);
  return {
    ...session,
    // How we file it, and what is printed in other words.
    groupKey: undefined,
    attribution: undefined,
    issuance: undefined,
    createdAt: iso(session.createdAt),
    firstAt: iso(session.firstAt),
    lastAt: iso(session.lastAt),
    agent: attribution.agent === null ? null : {
      name: attribution.agent, status: attribution.status, confidence: attribution.confidence,
      basis: attribution.basis,
    },
    task: task === null ? null : { ...task, endedAt: iso(task.endedAt) },
    issuedAt: iso(issuance?.at ?? null),
    issuedBy: issuance?.issuer ?? null,
    credentials: credentials.map((credential) => ({
      accessKeyId: credential.accessKeyId, kind: credential.kind, useCount: credential.useCount,
      expiresAt: iso(credential.expiresAt),
      firstAt: iso(credential.firstAt),
      lastAt: iso(credential.lastAt),
      networks: credential.networks.map(({ value }) => value),
    })),
  };
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
