import type { Alert } from "../alert.ts";

const pipeline = { area: "pipeline", dashboard: "trailwarden-pipeline" } as const;

/** Whether what came in can be read, kept and told. */
export const serviceAlerts: readonly Alert[] = [
  {
    ...pipeline,
    name: "TrailwardenRecordsRejected",
    severity: "warning",
    value: "sum by (source) (rate(trailwarden_records_total{outcome=\"rejected\"}[15m]))\n" +
      "/ (sum by (source) (rate(trailwarden_records_total[15m])) > 0)",
    compare: ">",
    threshold: 0.01,
    forMinutes: 10,
    summary: "Many records cannot be read.",
    description: "{{ $value | humanizePercentage }} of the records of {{ $labels.source }} " +
      "cannot " +
      "be read.",
    fires: {
      series: {
        "trailwarden_records_total{source=\"trail\",outcome=\"new\"}": "0+95x60",
        "trailwarden_records_total{source=\"trail\",outcome=\"rejected\"}": "0+5x60",
      },
      minute: 30,
      alerts: [{
        labels: { source: "trail" },
        description: "5% of the records of trail cannot be read.",
      }],
    },
    quiet: [{ why: "one in a thousand", series: {
      "trailwarden_records_total{source=\"trail\",outcome=\"new\"}": "0+999x60",
      "trailwarden_records_total{source=\"trail\",outcome=\"rejected\"}": "0+1x60",
    }, minute: 30 }],
  },
  {
    ...pipeline,
    name: "TrailwardenPoison",
    severity: "warning",
    value: "sum by (source, reason) (increase(trailwarden_deliveries_poison_total[1h]))",
    compare: ">",
    threshold: 0,
    forMinutes: 0,
    summary: "A delivery can never be read.",
    description: "{{ $labels.source }} handed over what can never be read ({{ $labels.reason }}).",
    fires: {
      series: {
        "trailwarden_deliveries_poison_total{source=\"trail\",reason=\"not-json\"}": "0x10 1x20",
      },
      minute: 15,
      alerts: [{
        labels: { source: "trail", reason: "not-json" },
        description: "trail handed over what can never be read (not-json).",
      }],
    },
    quiet: [{ why: "it was two hours ago", series: {
      "trailwarden_deliveries_poison_total{source=\"trail\",reason=\"not-json\"}": "0x10 1x180",
    }, minute: 120 }],
  },
  {
    ...pipeline,
    name: "TrailwardenIntakeFull",
    severity: "warning",
    value: "trailwarden_in_hand_bytes / trailwarden_in_hand_limit_bytes",
    compare: ">",
    threshold: 0.9,
    forMinutes: 15,
    summary: "The intake is full: sources wait.",
    description: "Records in hand take {{ $value | humanizePercentage }} of their room.",
    fires: {
      series: {
        "trailwarden_in_hand_bytes": "95x40", "trailwarden_in_hand_limit_bytes": "100x40",
      },
      minute: 20,
      alerts: [{ labels: {}, description: "Records in hand take 95% of their room." }],
    },
    quiet: [{ why: "it was full for a moment", series: {
      "trailwarden_in_hand_bytes": "95x10 20x40", "trailwarden_in_hand_limit_bytes": "100x50",
    }, minute: 20 }],
  },
  {
    ...pipeline,
    name: "TrailwardenStoreDown",
    severity: "critical",
    value: "trailwarden_store_up",
    compare: "==",
    threshold: 0,
    forMinutes: 2,
    summary: "The store cannot be written.",
    description: "Nothing can be kept, judged or told: the store has failed for 2 minutes.",
    fires: {
      series: { "trailwarden_store_up": "1x5 0x20" },
      minute: 10,
      alerts: [{
        labels: {},
        description: "Nothing can be kept, judged or told: the store has failed for 2 minutes.",
      }],
    },
    quiet: [{ why: "a lock of a minute", series: { "trailwarden_store_up": "1x5 0 1x20" },
      minute: 8 }],
  },
  {
    ...pipeline,
    name: "TrailwardenStoreSlow",
    severity: "warning",
    value: "histogram_quantile(0.95, sum by (le) (rate(trailwarden_commit_seconds_bucket[15m])))",
    compare: ">",
    threshold: 5,
    forMinutes: 15,
    summary: "The store is slow.",
    description: "One transaction in twenty takes {{ $value | humanizeDuration }} or more.",
    fires: {
      series: {
        "trailwarden_commit_seconds_bucket{le=\"5\"}": "0x60",
        "trailwarden_commit_seconds_bucket{le=\"10\"}": "0+4x60",
        "trailwarden_commit_seconds_bucket{le=\"+Inf\"}": "0+4x60",
      },
      minute: 40,
      alerts: [{ labels: {}, description: "One transaction in twenty takes 9.75s or more." }],
    },
    quiet: [{ why: "a tenth of a second", series: {
      "trailwarden_commit_seconds_bucket{le=\"0.1\"}": "0+4x60",
      "trailwarden_commit_seconds_bucket{le=\"+Inf\"}": "0+4x60",
    }, minute: 40 }],
  },
  {
    ...pipeline,
    name: "TrailwardenClockSlow",
    severity: "warning",
    value: "sum by (instance) (increase(trailwarden_events_ahead_total[15m]))",
    compare: ">",
    threshold: 0,
    forMinutes: 5,
    summary: "Our clock is slow.",
    description: "{{ $labels.instance }} got events that happened later than its clock says it is.",
    fires: {
      series: { "trailwarden_events_ahead_total{instance=\"a:8484\",source=\"trail\"}": "0+1x40" },
      minute: 20,
      alerts: [{
        labels: { instance: "a:8484" },
        description: "a:8484 got events that happened later than its clock says it is.",
      }],
    },
    quiet: [{ why: "it was set half an hour ago", series: {
      "trailwarden_events_ahead_total{instance=\"a:8484\",source=\"trail\"}": "0 4x60",
    }, minute: 40 }],
  },
  {
    ...pipeline,
    name: "TrailwardenReceiverDown",
    severity: "critical",
    value: "trailwarden_receiver_up",
    compare: "==",
    threshold: 0,
    forMinutes: 10,
    summary: "Somebody is not told of findings.",
    description: "{{ $labels.receiver }} cannot be told of findings; they wait.",
    fires: {
      series: { "trailwarden_receiver_up{receiver=\"pager\"}": "1x5 0x30" },
      minute: 20,
      alerts: [{
        labels: { receiver: "pager" },
        description: "pager cannot be told of findings; they wait.",
      }],
    },
    quiet: [{ why: "it was away for five minutes", series: {
      "trailwarden_receiver_up{receiver=\"pager\"}": "1x5 0x4 1x30",
    }, minute: 16 }],
  },
  {
    ...pipeline,
    name: "TrailwardenOutboxWaiting",
    severity: "warning",
    value: "min_over_time(trailwarden_outbox_messages[15m])",
    compare: ">",
    threshold: 0,
    forMinutes: 15,
    summary: "Findings wait to be told.",
    description: "For half an hour at least {{ $value }} messages have been waiting for " +
      "{{ $labels.receiver }}.",
    fires: {
      series: { "trailwarden_outbox_messages{receiver=\"pager\"}": "7x60" },
      minute: 40,
      alerts: [{
        labels: { receiver: "pager" },
        description: "For half an hour at least 7 messages have been waiting for pager.",
      }],
    },
    quiet: [{ why: "there is always some, and it is told", series: {
      "trailwarden_outbox_messages{receiver=\"pager\"}": "7x9 0 7x9 0 7x9 0 7x9 0 7x9 0",
    }, minute: 40 }],
  },
  {
    ...pipeline,
    name: "TrailwardenConfigRefused",
    severity: "warning",
    value: "trailwarden_config_last_reload_successful",
    compare: "==",
    threshold: 0,
    forMinutes: 5,
    summary: "A changed config is not in force.",
    description: "The config that was read last is wrong: the one before it stays in force.",
    fires: {
      series: { "trailwarden_config_last_reload_successful": "1x5 0x30" },
      minute: 20,
      alerts: [{
        labels: {},
        description: "The config that was read last is wrong: the one before it stays in force.",
      }],
    },
    quiet: [{ why: "it was mended at once", series: {
      "trailwarden_config_last_reload_successful": "1x5 0x3 1x30",
    }, minute: 12 }],
  },
  {
    ...pipeline,
    name: "TrailwardenLabelsFull",
    severity: "warning",
    value: "sum by (label) (increase(trailwarden_label_overflow_total[1h]))",
    compare: ">",
    threshold: 0,
    forMinutes: 60,
    summary: "Metrics name some things as other.",
    description: "There are more values of {{ $labels.label }} than metrics name one by one.",
    fires: {
      series: { "trailwarden_label_overflow_total{label=\"agent_role\"}": "0+3x180" },
      minute: 120,
      alerts: [{
        labels: { label: "agent_role" },
        description: "There are more values of agent_role than metrics name one by one.",
      }],
    },
    quiet: [{ why: "there is room", series: {
      "trailwarden_label_overflow_total{label=\"agent_role\"}": "0x180",
    }, minute: 120 }],
  },
];
