import type { Registry } from "prom-client";
import { auditMetrics } from "./audit-metrics.ts";
import { baselineMetrics } from "./baseline-metrics.ts";
import { makers } from "./metric-makers.ts";
import { responseMetrics } from "./response-metrics.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** A second from message to finding is what we promise, so it is a bound. */
const workSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** From what is visible to us to what we make of it: an hour's stop still shows its length. */
const ourLagSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600];
/** EventBridge takes a minute, S3 five to fifteen; hours are an outage, a day its end. */
const eventLagSeconds = [
  1, 5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 21_600, 86_400,
];

/**
 * Every metric there is, by what it tells of. `docs/metrics.md` says the same; a test holds the two
 * together.
 */
export function createMetrics(registry: Registry) {
  return {
    ...deliveryMetrics(registry),
    ...sourceMetrics(registry),
    ...storeMetrics(registry),
    ...judgingMetrics(registry),
    ...taskMetrics(registry),
    ...baselineMetrics(registry),
    ...responseMetrics(registry),
    ...auditMetrics(registry),
    ...tellingMetrics(registry),
    ...serviceMetrics(registry),
  };
}

function deliveryMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    received: counter("trailwarden_deliveries_received_total", ["source"],
      "Messages, files and pages that a source handed over.",
    ),
    ended: counter("trailwarden_deliveries_total", ["source", "outcome"],
      "What became of them: committed, known (all of it had come before), empty, poison, " +
      "returned.",
    ),
    poison: counter("trailwarden_deliveries_poison_total", ["source", "reason"],
      "Those that can never be read, by reason.",
    ),
    deliveryLag: histogram(
      "trailwarden_delivery_lag_seconds",
      { labels: ["source"], buckets: ourLagSeconds },
      "From a delivery becoming visible to us to its commit.",
    ),
    records: counter("trailwarden_records_total", ["source", "outcome"],
      "Records by outcome: new (an event kept), duplicate, skipped (concerns no agent), " +
      "rejected.",
    ),
    backfilledRecords: counter("trailwarden_records_backfilled_total", ["source", "outcome"],
      "The same, of backfills.",
    ),
    rejected: counter("trailwarden_records_rejected_total", ["source", "reason"],
      "Records that could not be read, by reason; not of backfills.",
    ),
    otherObjects: counter("trailwarden_other_objects_total", ["source", "kind"],
      "Objects that CloudTrail delivers beside API records, by kind; not of backfills.",
    ),
    readBytes: counter("trailwarden_read_bytes_total", ["source"],
      "Inflated bytes read; not of backfills.",
    ),
    eventLag: histogram(
      "trailwarden_event_lag_seconds",
      { labels: ["source"], buckets: eventLagSeconds },
      "From an event happening to its commit, of events never seen before.",
    ),
    eventsAhead: counter("trailwarden_events_ahead_total", ["source"],
      "Events that happened later than our clock says it is: that clock is slow.",
    ),
    lastEvent: gauge("trailwarden_last_event_timestamp_seconds", ["account", "region"],
      "When the latest event of an account and region happened.",
    ),
    commitSeconds: histogram(
      "trailwarden_commit_seconds",
      { labels: [], buckets: workSeconds },
      "How long a transaction of the intake took.",
    ),
  };
}

function sourceMetrics(registry: Registry) {
  const { counter, gauge } = makers(registry);
  return {
    sourceFailures: counter("trailwarden_source_failures_total", ["source", "code"],
      "What failed while reading from a source, by code of the fault.",
    ),
    sourceUp: gauge("trailwarden_source_up", ["source"],
      "0 from a failure on until the source works again.",
    ),
    queueMessages: gauge("trailwarden_queue_messages", ["source", "queue"],
      "Messages waiting, in the main queue and in its dead-letter queue.",
    ),
    fetches: counter("trailwarden_fetches_total", ["source"],
      "Objects fetched: one GET each.",
    ),
    fetchedBytes: counter("trailwarden_fetched_bytes_total", ["source"],
      "Their bytes as stored.",
    ),
    inHandBytes: gauge("trailwarden_in_hand_bytes", [],
      "Bytes of records between source and commit.",
    ),
    inHandLimitBytes: gauge("trailwarden_in_hand_limit_bytes", [],
      "How many of them there may be: beyond it sources wait.",
    ),
  };
}

function storeMetrics(registry: Registry) {
  const { counter, gauge } = makers(registry);
  return {
    storeUp: gauge("trailwarden_store_up", [],
      "0 from a failed transaction on until one succeeds.",
    ),
    storeFailures: counter("trailwarden_store_failures_total", ["code"],
      "Transactions that the store failed, by code of the fault.",
    ),
    storeBytes: gauge("trailwarden_store_bytes", [],
      "Size of the store on disk.",
    ),
    retentionRemoved: counter("trailwarden_retention_removed_total", [],
      "Records forgotten because they had become too old.",
    ),
  };
}

function judgingMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    events: counter("trailwarden_events_total", ["agent", "role", "access", "result"],
      "Events judged; the role is told of agents only.",
    ),
    backfilledEvents: counter("trailwarden_events_backfilled_total", ["access", "result"],
      "The same, of backfills.",
    ),
    findingChanges: counter("trailwarden_finding_changes_total", ["rule", "level", "change"],
      "Findings opened, grown worse, opened again, withdrawn; by rule and level.",
    ),
    backfilledChanges: counter("trailwarden_finding_changes_backfilled_total", ["level", "change"],
      "The same, of backfills.",
    ),
    openFindings: gauge("trailwarden_open_findings", ["rule", "level"],
      "Findings that are open now.",
    ),
    detectionSeconds: histogram(
      "trailwarden_detection_seconds",
      { labels: [], buckets: ourLagSeconds },
      "From a delivery becoming visible to us to the finding it opened; of deliveries " +
      "judged together, from the first.",
    ),
    judgeSeconds: histogram(
      "trailwarden_judge_seconds",
      { labels: [], buckets: workSeconds },
      "How long a round of judging took.",
    ),
    liveSessions: gauge("trailwarden_live_sessions", ["agent", "attribution"],
      "Sessions with a credential that has not expired; `attribution` is declared, discovered " +
      "or none.",
    ),
    liveCredentials: gauge("trailwarden_live_credentials", ["agent"],
      "Credentials that have not expired.",
    ),
  };
}

function taskMetrics(registry: Registry) {
  const { counter, gauge } = makers(registry);
  return {
    tasksEnded: counter("trailwarden_tasks_ended_total", ["outcome"],
      "Tasks that ended, as told or because they went silent; one heard of again after it was " +
      "lost counts again.",
    ),
    zombieCredentials: gauge("trailwarden_zombie_credentials", ["agent"],
      "Credentials valid now though their task has ended, as told or by idleness.",
    ),
    credentialSeconds: gauge("trailwarden_credential_seconds", ["agent", "role", "part"],
      "What agents' credentials issued within the last 24 hours come to; `part` is issued, used, " +
      "zombie or saved (by revocations).",
    ),
  };
}

function tellingMetrics(registry: Registry) {
  const { counter, gauge, histogram } = makers(registry);
  return {
    outboxMessages: gauge("trailwarden_outbox_messages", ["receiver"],
      "Messages that a receiver has not been told yet.",
    ),
    outboxTold: counter("trailwarden_outbox_told_total", ["receiver"],
      "Messages told.",
    ),
    outboxFailures: counter("trailwarden_outbox_failures_total", ["receiver"],
      "Times a receiver could not be told.",
    ),
    receiverUp: gauge("trailwarden_receiver_up", ["receiver"],
      "0 from when a receiver is left alone, after several failures, until it can be told.",
    ),
    notifications: counter("trailwarden_notifications_total", ["receiver", "change"],
      "What people were told: opened, worse, again, acknowledged, changed, over; digest: of many " +
      "together.",
    ),
    requests: counter("trailwarden_http_requests_total", ["route", "method", "status"],
      "Requests answered.",
    ),
    requestSeconds: histogram(
      "trailwarden_http_request_seconds",
      { labels: ["route"], buckets: workSeconds },
      "How long answering took.",
    ),
  };
}

function serviceMetrics(registry: Registry) {
  const { counter, gauge } = makers(registry);
  return {
    buildInfo: gauge("trailwarden_build_info", ["version", "node"],
      "1; which version runs, on which Node.js.",
    ),
    reloads: counter("trailwarden_config_reloads_total", ["outcome"],
      "Times the config was read again: applied, or refused because it is wrong.",
    ),
    reloadSuccessful: gauge("trailwarden_config_last_reload_successful", [],
      "0 from a refused config on until one is applied.",
    ),
    standingFailures: counter("trailwarden_standing_failures_total", [],
      "Scrapes for which the store could not say what stands.",
    ),
    labelOverflow: counter("trailwarden_label_overflow_total", ["label"],
      "Times a label's value was told as other, because it had too many.",
    ),
  };
}
