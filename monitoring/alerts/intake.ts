import type { Alert } from "../alert.ts";

const shared = { area: "pipeline", dashboard: "trailwarden-pipeline" } as const;
const hour = 3600;

/** Whether CloudTrail comes in, and on time. */
export const intakeAlerts: readonly Alert[] = [
  {
    ...shared,
    name: "TrailwardenDown",
    severity: "critical",
    value: "absent(trailwarden_build_info)",
    compare: "==",
    threshold: 1,
    forMinutes: 5,
    summary: "No trailwarden is scraped.",
    description: "Prometheus has had no figure of any trailwarden for 5 minutes.",
    fires: {
      series: { "trailwarden_build_info{version=\"1\"}": "1x5 stale" },
      minute: 20,
      alerts: [{
        labels: {},
        description: "Prometheus has had no figure of any trailwarden for 5 minutes.",
      }],
    },
    quiet: [
      { why: "one of two is up", series: { "trailwarden_build_info{i=\"a\"}": "1x5 stale",
        "trailwarden_build_info{i=\"b\"}": "1x30" }, minute: 20 },
      { why: "it was started anew", series: { "trailwarden_build_info{i=\"a\"}": "1x5 _x4 1x20" },
        minute: 12 },
    ],
  },
  {
    ...shared,
    name: "TrailwardenSourceFailing",
    severity: "critical",
    value: "trailwarden_source_up",
    compare: "==",
    threshold: 0,
    forMinutes: 10,
    summary: "A source cannot be read.",
    description: "{{ $labels.source }} has failed for 10 minutes.",
    fires: {
      series: { "trailwarden_source_up{source=\"trail\"}": "1x5 0x20" },
      minute: 20,
      alerts: [{ labels: { source: "trail" }, description: "trail has failed for 10 minutes." }],
    },
    quiet: [{ why: "it works again", series: { "trailwarden_source_up{source=\"trail\"}":
      "1x5 0x8 1x20" }, minute: 16 }],
  },
  {
    ...shared,
    name: "TrailwardenSourceSilent",
    severity: "critical",
    value: "sum by (source) (increase(trailwarden_deliveries_received_total[30m]))",
    compare: "==",
    threshold: 0,
    forMinutes: 15,
    summary: "A source hands over nothing.",
    description: "{{ $labels.source }} has handed over nothing for 45 minutes. CloudTrail " +
      "delivers " +
      "every five minutes while anything happens.",
    fires: {
      series: { "trailwarden_deliveries_received_total{source=\"trail\"}": "0+2x10 20x60" },
      minute: 60,
      alerts: [{
        labels: { source: "trail" },
        description: "trail has handed over nothing for 45 minutes. CloudTrail delivers every " +
          "five minutes while anything happens.",
      }],
    },
    quiet: [
      { why: "it comes now and then",
        series: { "trailwarden_deliveries_received_total{source=\"trail\"}":
          "0x20 1x25 2x25" }, minute: 60 },
    ],
  },
  {
    ...shared,
    name: "TrailwardenAccountSilent",
    severity: "warning",
    value: "time() - max by (account) (trailwarden_last_event_timestamp_seconds)",
    compare: ">",
    threshold: 24 * hour,
    and: `time() - max by (account) (trailwarden_last_event_timestamp_seconds) < ${7 * 24 * hour}`,
    forMinutes: 15,
    testedEvery: 3,
    summary: "An account's trail has gone silent.",
    description: "The last event of account {{ $labels.account }} happened " +
      "{{ $value | humanizeDuration }} ago: is its trail still on?",
    fires: {
      series: {
        "trailwarden_last_event_timestamp_seconds{account=\"111122223333\",region=\"eu-west-1\"}":
          "0x500",
      },
      minute: 1470,
      alerts: [{
        labels: { account: "111122223333" },
        description: "The last event of account 111122223333 happened 1d 0h 30m 0s ago: " +
          "is its trail still on?",
      }],
    },
    quiet: [
      { why: "another region is heard of", series: {
        "trailwarden_last_event_timestamp_seconds{account=\"111122223333\",region=\"eu-west-1\"}":
          "0x500",
        "trailwarden_last_event_timestamp_seconds{account=\"111122223333\",region=\"us-east-1\"}":
          "0+60x500",
      }, minute: 1470 },
      { why: "nobody uses the account any more", series: {
        "trailwarden_last_event_timestamp_seconds{account=\"111122223333\",region=\"eu-west-1\"}":
          "-700000x40",
      }, minute: 30 },
    ],
  },
  {
    ...shared,
    name: "TrailwardenEventLagHigh",
    severity: "warning",
    value: "histogram_quantile(0.95, sum by (source, le) " +
      "(rate(trailwarden_event_lag_seconds_bucket[15m])))",
    compare: ">",
    threshold: 1800,
    forMinutes: 15,
    summary: "Events come in late.",
    description: "Of the events of {{ $labels.source }}, one in twenty is older than " +
      "{{ $value | humanizeDuration }} when it is taken in.",
    fires: {
      series: {
        "trailwarden_event_lag_seconds_bucket{source=\"trail\",le=\"1800\"}": "0x60",
        "trailwarden_event_lag_seconds_bucket{source=\"trail\",le=\"3600\"}": "0+10x60",
        "trailwarden_event_lag_seconds_bucket{source=\"trail\",le=\"+Inf\"}": "0+10x60",
      },
      minute: 40,
      alerts: [{
        labels: { source: "trail" },
        description: "Of the events of trail, one in twenty is older than 58m 30s when it is " +
          "taken in.",
      }],
    },
    quiet: [{ why: "AWS delivers the few that are late once a day", series: {
      "trailwarden_event_lag_seconds_bucket{source=\"trail\",le=\"900\"}": "0+96x60",
      "trailwarden_event_lag_seconds_bucket{source=\"trail\",le=\"86400\"}": "0+100x60",
      "trailwarden_event_lag_seconds_bucket{source=\"trail\",le=\"+Inf\"}": "0+100x60",
    }, minute: 40 }],
  },
  {
    ...shared,
    name: "TrailwardenDeliveryLagHigh",
    severity: "warning",
    value: "histogram_quantile(0.95, sum by (source, le) " +
      "(rate(trailwarden_delivery_lag_seconds_bucket[15m])))",
    compare: ">",
    threshold: 300,
    forMinutes: 15,
    summary: "Deliveries wait for us.",
    description: "Deliveries of {{ $labels.source }} wait up to {{ $value | humanizeDuration }} " +
      "before they are committed.",
    fires: {
      series: {
        "trailwarden_delivery_lag_seconds_bucket{source=\"trail\",le=\"300\"}": "0x60",
        "trailwarden_delivery_lag_seconds_bucket{source=\"trail\",le=\"900\"}": "0+10x60",
        "trailwarden_delivery_lag_seconds_bucket{source=\"trail\",le=\"+Inf\"}": "0+10x60",
      },
      minute: 40,
      alerts: [{
        labels: { source: "trail" },
        description: "Deliveries of trail wait up to 14m 30s before they are committed.",
      }],
    },
    quiet: [{ why: "a minute is nothing", series: {
      "trailwarden_delivery_lag_seconds_bucket{source=\"trail\",le=\"60\"}": "0+10x60",
      "trailwarden_delivery_lag_seconds_bucket{source=\"trail\",le=\"300\"}": "0+10x60",
      "trailwarden_delivery_lag_seconds_bucket{source=\"trail\",le=\"+Inf\"}": "0+10x60",
    }, minute: 40 }],
  },
  {
    ...shared,
    name: "TrailwardenQueueBacklog",
    severity: "warning",
    value: "max by (source) (trailwarden_queue_messages{queue=\"main\"})",
    compare: ">",
    threshold: 5000,
    forMinutes: 30,
    summary: "A queue is not worked off.",
    description: "Messages that wait in the queue of {{ $labels.source }}: {{ $value }}.",
    fires: {
      series: { "trailwarden_queue_messages{source=\"trail\",queue=\"main\"}": "6000x60" },
      minute: 40,
      alerts: [{
        labels: { source: "trail" },
        description: "Messages that wait in the queue of trail: 6000.",
      }],
    },
    quiet: [{ why: "a burst is worked off", series: {
      "trailwarden_queue_messages{source=\"trail\",queue=\"main\"}": "9000-200x45 0x20",
      "trailwarden_queue_messages{source=\"trail\",queue=\"dead-letter\"}": "9000x60",
    }, minute: 40 }],
  },
  {
    ...shared,
    name: "TrailwardenDeadLetters",
    severity: "warning",
    value: "max by (source) (trailwarden_queue_messages{queue=\"dead-letter\"})",
    compare: ">",
    threshold: 0,
    forMinutes: 5,
    summary: "There are dead letters.",
    description: "Messages in the dead-letter queue of {{ $labels.source }}, whose records " +
      "nobody reads: {{ $value }}.",
    fires: {
      series: { "trailwarden_queue_messages{source=\"trail\",queue=\"dead-letter\"}": "0x5 3x30" },
      minute: 20,
      alerts: [{
        labels: { source: "trail" },
        description: "Messages in the dead-letter queue of trail, whose records nobody reads: 3.",
      }],
    },
    quiet: [{ why: "only the main queue has some", series: {
      "trailwarden_queue_messages{source=\"trail\",queue=\"dead-letter\"}": "0x60",
      "trailwarden_queue_messages{source=\"trail\",queue=\"main\"}": "100x60",
    }, minute: 20 }],
  },
];
