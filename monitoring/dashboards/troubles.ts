import { course, figure } from "./panels.ts";
import { notScraped } from "./wording.ts";

const chosen = "source=~\"$source\"";

/** Of the pipeline: what cannot be read, and what fails. */
export function troubles() {
  return [
    course({
      title: "Share of records rejected",
      description: "Records that cannot be read, of all, by source.",
      queries: [{
        expr: `sum by (source) ` +
          `(rate(trailwarden_records_total{${chosen},outcome="rejected"}[15m]))\n` +
          `/ (sum by (source) (rate(trailwarden_records_total{${chosen}}[15m])) > 0)`,
        legend: "{{source}}",
      }],
      unit: "percentunit", width: 8, noData: "Nothing has come in yet.",
      alert: "TrailwardenRecordsRejected",
    }),
    course({
      title: "Why records are rejected",
      description: "Within each stretch of time, by reason.",
      queries: [{
        expr: `sum by (reason) ` +
          `(increase(trailwarden_records_rejected_total{${chosen}}[$__rate_interval])) > 0`,
        legend: "{{reason}}",
      }],
      unit: "short", decimals: 0, width: 8,
      noData: "No record was rejected.", isStacked: true, isBars: true,
    }),
    course({
      title: "Faults",
      description: "What AWS, the network or the store refused, by code. Denied is a missing " +
        "permission.",
      queries: [{
        expr: `sum by (code) ` +
          `(increase(trailwarden_source_failures_total{${chosen}}[$__rate_interval])) > 0`,
        legend: "{{code}}",
      }, {
        expr: "sum by (code) (increase(trailwarden_store_failures_total[$__rate_interval])) > 0",
        legend: "store: {{code}}",
      }],
      unit: "short", decimals: 0, width: 8,
      noData: "Nothing failed.", isStacked: true, isBars: true,
    }),
    figure({
      title: "Dead letters",
      description: "Messages in dead-letter queues: nobody reads what they name.",
      queries: [{ expr: `max(trailwarden_queue_messages{${chosen},queue="dead-letter"})` }],
      unit: "short", width: 4, noData: "No source is a queue.", alert: "TrailwardenDeadLetters",
    }),
    figure({
      title: "Poison, 1 h",
      description: "Deliveries that can never be read.",
      queries: [{ expr: `sum(increase(trailwarden_deliveries_poison_total{${chosen}}[1h]))` }],
      unit: "short", decimals: 0, width: 4, noData: notScraped, alert: "TrailwardenPoison",
    }),
    figure({
      title: "Early events, 15 min",
      description: "Events later than our clock: that clock is slow.",
      queries: [{ expr: `sum(increase(trailwarden_events_ahead_total{${chosen}}[15m]))` }],
      unit: "short", decimals: 0, width: 4, noData: notScraped, alert: "TrailwardenClockSlow",
    }),
    figure({
      title: "Config",
      description: "It is 1 while the config read last is in force.",
      queries: [{ expr: "min(trailwarden_config_last_reload_successful)" }],
      unit: "short", width: 4, noData: notScraped, alert: "TrailwardenConfigRefused", isPlain: true,
    }),
    figure({
      title: "Told as other, 1 h",
      description: "Times a label had too many values for metrics to name them.",
      queries: [{ expr: "sum(increase(trailwarden_label_overflow_total[1h]))" }],
      unit: "short", decimals: 0, width: 4, noData: notScraped, alert: "TrailwardenLabelsFull",
    }),
    figure({
      title: "Room in hand",
      description: "Of the room for records between source and commit, the share taken.",
      queries: [{ expr: "max(trailwarden_in_hand_bytes / trailwarden_in_hand_limit_bytes)" }],
      unit: "percentunit", decimals: 0, width: 4,
      noData: notScraped, alert: "TrailwardenIntakeFull",
    }),
  ];
}

/** Of the pipeline: store, memory, processor, HTTP. */
export function processes() {
  return [
    course({
      title: "Commits",
      description: "How long transactions of the intake take, of 95 in a hundred.",
      queries: [{
        expr: "histogram_quantile(0.95, sum by (le) " +
          "(rate(trailwarden_commit_seconds_bucket[15m])))",
        legend: "95% within",
      }],
      unit: "s", width: 8, noData: "Nothing was committed.", alert: "TrailwardenStoreSlow",
    }),
    course({
      title: "Judging",
      description: "How long a round of judging takes, of 95 in a hundred.",
      queries: [{
        expr: "histogram_quantile(0.95, sum by (le) (rate(trailwarden_judge_seconds_bucket[15m])))",
        legend: "95% within",
      }],
      unit: "s", width: 8, noData: "Nothing was judged.",
    }),
    course({
      title: "Store",
      description: "Its size on disk.",
      queries: [{ expr: "trailwarden_store_bytes", legend: "{{instance}}" }],
      unit: "bytes", width: 8, noData: notScraped,
    }),
    course({
      title: "Memory",
      description: "Resident, of each process.",
      queries: [{ expr: "process_resident_memory_bytes and on (instance) trailwarden_build_info",
        legend: "{{instance}}" }],
      unit: "bytes", width: 8, noData: notScraped,
    }),
    course({
      title: "Processor",
      description: "Cores in use, of each process.",
      queries: [{
        expr: "rate(process_cpu_seconds_total[$__rate_interval]) and on (instance) " +
          "trailwarden_build_info",
        legend: "{{instance}}",
      }],
      unit: "short", width: 8, noData: notScraped,
    }),
    course({
      title: "HTTP",
      description: "Requests a second, by status.",
      queries: [{
        expr: "sum by (status) (rate(trailwarden_http_requests_total[$__rate_interval]))",
        legend: "{{status}}",
      }],
      unit: "reqps", width: 8, noData: "Nobody has asked anything.", isStacked: true, isBars: true,
    }),
  ];
}
