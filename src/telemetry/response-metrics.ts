import type { Registry } from "prom-client";
import { makers } from "./metric-makers.ts";

/** Of revocations. */
export function responseMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
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
    revocationWishes: counter("trailwarden_revocation_wishes_total", ["by", "outcome"],
      "What rules and ended tasks asked for: asked, planned (responses are not enabled), " +
      "refused, or fault (it is tried again).",
    ),
    revocationSeconds: histogram(
      "trailwarden_revocation_seconds",
      { labels: [], buckets: [0.5, 1, 2, 5, 10, 30, 60, 300, 900, 3600] },
      "From when a revocation was asked for until it was read back as in force: waiting for " +
      "people's yes too.",
    ),
    revocationCalls: counter("trailwarden_revocation_calls_total", ["outcome"],
      "Calls of revoked sessions, each later than those known before: denied by the revocation, " +
      "or succeeded in spite of it.",
    ),
  };
}
