import type { AuditStore } from "../audit/store.ts";
import { levels } from "../detections/detection.ts";
import type { ListStore } from "../findings/lists.ts";
import type { StoreFault } from "../storage/fault.ts";
import type { Measured } from "../sessions/lifetimes.ts";
import type { Standing } from "../telemetry/happenings.ts";
import type { CredentialSecondsReading } from "./credential-seconds.ts";

/** Whether the service does its work, and what stands in the way. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    /** For people. */
    readonly detail: string;
  }[];
}

export function readiness(fault: StoreFault | null, isStopping: boolean): Readiness {
  const checks = [
    { name: "store", ok: fault === null, detail: fault?.message ?? "It can be written." },
    {
      name: "service",
      ok: !isStopping,
      detail: isStopping ? "It stops, and takes nothing more." : "It runs.",
    },
  ];
  return { ready: checks.every(({ ok }) => ok), checks };
}

/**
 * What gauges show.
 *
 * @param asOf ms UTC: what has expired by then does not live
 */
export async function standing(
  store: Pick<ListStore & AuditStore, "liveCounts" | "auditRuns">,
  { receivers, asOf, idleSeconds, seconds }: Measured & {
    readonly receivers: readonly string[];
    readonly seconds: CredentialSecondsReading;
  },
): Promise<Standing> {
  const { sessions, credentials, openFindings, storeBytes, backlog } =
    await store.liveCounts(asOf, receivers);
  return {
    liveSessions: sessions,
    liveCredentials: credentials,
    openFindings: [...openFindings].flatMap(([rule, byLevel]) =>
      levels.map((level) => ({ rule, level, count: byLevel[level] ?? 0 }))),
    credentialSeconds: seconds.latest({ asOf, idleSeconds }),
    storeBytes,
    audit: (await store.auditRuns({ limit: 1, after: null }))[0] ?? null,
    outbox: receivers.map((receiver) => ({ receiver, count: backlog.get(receiver) ?? 0 })),
  };
}
