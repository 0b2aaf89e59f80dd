import type { Registry } from "prom-client";
import { makers } from "./metric-makers.ts";

/** Of revocations. */
export function responseMetrics(registry: Registry) {
  const { counter, gauge } = makers(registry);
  return {
    revocations: gauge("trailwarden_revocations", ["state"],
      "Revocations of which something is left to do, by where they stand.",
    ),
    responsePaused: gauge("trailwarden_response_paused", [],
      "1 while responses are paused.",
    ),
    revocationRounds: counter("trailwarden_revocation_rounds_total", ["outcome"],
      "How each round left a policy or key: kept, written, or what stood in the way.",
    ),
    revocationFailures: counter("trailwarden_revocation_failures_total", ["code"],
      "What AWS kept from being planned or carried out, by code of the fault.",
    ),
    revocationCalls: counter("trailwarden_revocation_calls_total", ["outcome"],
      "Calls of revoked sessions: denied by the revocation, or succeeded in spite of it.",
    ),
  };
}
