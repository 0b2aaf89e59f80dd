import type { Alert } from "../alert.ts";

const shared = { area: "security", dashboard: "trailwarden-findings" } as const;
const revocations = (state: string) => `trailwarden_revocations{state="${state}"}`;

/** Whether what was to be taken away is. */
export const responseAlerts: readonly Alert[] = [
  {
    ...shared,
    name: "TrailwardenRevocationViolated",
    severity: "critical",
    value: "sum(trailwarden_revocations{state=\"violated\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 0,
    summary: "A revocation does not hold.",
    description: "Violated revocations, in spite of which a call went through: {{ $value }}.",
    fires: {
      series: { [revocations("violated")]: "0x5 1x10" },
      minute: 6,
      alerts: [{
        labels: {},
        description: "Violated revocations, in spite of which a call went through: 1.",
      }],
    },
    quiet: [{ why: "they hold", series: {
      [revocations("violated")]: "0x10", [revocations("confirmed")]: "3x10",
    }, minute: 8 }],
  },
  {
    ...shared,
    name: "TrailwardenRevocationStuck",
    severity: "critical",
    value: "sum(trailwarden_revocations{state=\"approved\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 10,
    summary: "An approved revocation is not carried out.",
    description: "Revocations approved, and not in force after 10 minutes: {{ $value }}.",
    fires: {
      series: { [revocations("approved")]: "2x20" },
      minute: 15,
      alerts: [{
        labels: {},
        description: "Revocations approved, and not in force after 10 minutes: 2.",
      }],
    },
    quiet: [{ why: "they are carried out one after the other, and somebody has to say " +
      "yes", series: {
      [revocations("approved")]: "1x4 0 1x4 0 1x4 0 1x4 0", [revocations("requested")]: "5x20",
    }, minute: 15 }],
  },
  {
    ...shared,
    name: "TrailwardenResponsePaused",
    severity: "warning",
    value: "max(trailwarden_response_paused)",
    compare: "==",
    threshold: 1,
    forMinutes: 60,
    summary: "Responses are paused.",
    description: "Responses have been paused for an hour: nothing is revoked, nor taken back.",
    fires: {
      series: { "trailwarden_response_paused": "1x90" },
      minute: 70,
      alerts: [{
        labels: {},
        description: "Responses have been paused for an hour: nothing is revoked, nor taken back.",
      }],
    },
    quiet: [{ why: "for half an hour", series: { "trailwarden_response_paused": "1x30 0x60" },
      minute: 70 }],
  },
  {
    ...shared,
    name: "TrailwardenRevocationSlow",
    severity: "warning",
    value: "histogram_quantile(0.95, sum by (le) " +
      "(increase(trailwarden_revocation_seconds_bucket[1h])))",
    compare: ">",
    // People's time to say yes is in it.
    threshold: 900,
    forMinutes: 0,
    summary: "Revocations take long.",
    description: "From request to force, revocations take up to {{ $value | humanizeDuration }}.",
    fires: {
      series: {
        "trailwarden_revocation_seconds_bucket{le=\"900\"}": "0x60",
        "trailwarden_revocation_seconds_bucket{le=\"3600\"}": "0+1x60",
        "trailwarden_revocation_seconds_bucket{le=\"+Inf\"}": "0+1x60",
      },
      minute: 30,
      alerts: [{
        labels: {},
        description: "From request to force, revocations take up to 57m 45s.",
      }],
    },
    quiet: [{ why: "half a minute", series: {
      "trailwarden_revocation_seconds_bucket{le=\"30\"}": "0+1x60",
      "trailwarden_revocation_seconds_bucket{le=\"+Inf\"}": "0+1x60",
    }, minute: 30 }],
  },
];
