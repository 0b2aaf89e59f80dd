import type { Alert } from "../alert.ts";

const shared = { area: "security", dashboard: "trailwarden-audit" } as const;
const hour = 3600;

/** Whether identities are audited, and what is wrong with them. */
export const auditAlerts: readonly Alert[] = [
  {
    ...shared,
    name: "TrailwardenAuditHigh",
    severity: "warning",
    value: "sum by (check) (trailwarden_audit_open{level=\"high\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 0,
    summary: "An identity fails a check of level high.",
    description: "Identities that fail {{ $labels.check }}: {{ $value }}.",
    fires: {
      series: { "trailwarden_audit_open{check=\"edits-itself\",level=\"high\"}": "2x10" },
      minute: 5,
      alerts: [{
        labels: { check: "edits-itself" },
        description: "Identities that fail edits-itself: 2.",
      }],
    },
    quiet: [{ why: "lower levels wait for the next look", series: {
      "trailwarden_audit_open{check=\"edits-itself\",level=\"high\"}": "0x10",
      "trailwarden_audit_open{check=\"key-old\",level=\"medium\"}": "4x10",
    }, minute: 5 }],
  },
  {
    ...shared,
    name: "TrailwardenAuditStale",
    severity: "warning",
    value: "time() - max(trailwarden_audit_last_success_timestamp_seconds)",
    compare: ">",
    threshold: 48 * hour,
    forMinutes: 15,
    summary: "Identities have not been audited.",
    description: "The last audit that went through is {{ $value | humanizeDuration }} old.",
    fires: {
      series: { "trailwarden_audit_last_success_timestamp_seconds": "-180000x40" },
      minute: 30,
      alerts: [{
        labels: {},
        description: "The last audit that went through is 2d 2h 30m 0s old.",
      }],
    },
    quiet: [{ why: "yesterday's", series: {
      "trailwarden_audit_last_success_timestamp_seconds": "-86400x40",
    }, minute: 30 }],
  },
];
