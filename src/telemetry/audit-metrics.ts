import type { Registry } from "prom-client";
import { auditChanges, type AuditRun } from "../audit/run.ts";
import { makers } from "./metric-makers.ts";
import type { Metrics } from "./metrics.ts";

/** How a scheduled run ended; `partial`: AWS was asked for something in vain. */
export const auditOutcomes = ["succeeded", "partial", "failed"] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

/** Of the audit. */
export function auditMetrics(registry: Registry) {
  const { counter, gauge } = makers(registry);
  return {
    auditOpen: gauge("trailwarden_audit_open", ["check", "level"],
      "Failures of the last audit that nobody accepted.",
    ),
    auditVerdicts: gauge("trailwarden_audit_verdicts", ["check", "verdict"],
      "What each check said in the last audit: pass, fail or unknown.",
    ),
    auditChanges: gauge("trailwarden_audit_changes", ["change"],
      "Failures of the last audit: new since the one before, fixed since, accepted.",
    ),
    auditIdentities: gauge("trailwarden_audit_identities", ["kind", "mode"],
      "Identities of agents in the last audit.",
    ),
    auditLastSuccess: gauge("trailwarden_audit_last_success_timestamp_seconds", [],
      "When the last audit ended that was kept.",
    ),
    auditRunSeconds: gauge("trailwarden_audit_run_seconds", [],
      "How long it took.",
    ),
    auditRuns: counter("trailwarden_audit_runs_total", ["outcome"],
      "Scheduled audits: succeeded, partial (AWS was asked for something in vain), failed.",
    ),
  };
}

/** @param run the last; null: there was none */
export function showAudit(metrics: Metrics, run: AuditRun | null): void {
  if (run === null) return;
  for (const { check, level, open, pass, fail, unknown } of run.checks) {
    metrics.auditOpen.set({ check, level }, open);
    for (const [verdict, count] of Object.entries({ pass, fail, unknown })) {
      metrics.auditVerdicts.set({ check, verdict }, count);
    }
  }
  for (const change of auditChanges) metrics.auditChanges.set({ change }, run.changes[change]);
  for (const { kind, mode, count } of run.identities) {
    metrics.auditIdentities.set({ kind, mode }, count);
  }
  metrics.auditLastSuccess.set(run.startedAt / 1000 + run.seconds);
  metrics.auditRunSeconds.set(run.seconds);
}

export function forgetAudit(metrics: Metrics): void {
  const { auditOpen, auditVerdicts, auditChanges: changes, auditIdentities } = metrics;
  for (const gauge of [auditOpen, auditVerdicts, changes, auditIdentities]) gauge.reset();
  metrics.auditLastSuccess.remove();
  metrics.auditRunSeconds.remove();
}
