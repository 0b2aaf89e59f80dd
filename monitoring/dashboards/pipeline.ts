import { missedDetection, missedRecords } from "../recordings.ts";
import { framed } from "./frame.ts";
import { course, figure, lengths, ranking, type Query } from "./panels.ts";
import { processes, troubles } from "./troubles.ts";
import { notScraped } from "./wording.ts";

const chosen = "source=~\"$source\"";
const noDeliveries = "Nothing has come in yet.";
const noQueue = "No source is a queue.";

export const pipeline = () => framed({
  uid: "trailwarden-pipeline",
  title: "Pipeline health",
  description: "Whether CloudTrail comes in whole and on time, and what that costs.",
  from: "now-6h",
  variables: [{ name: "source", label: "Source", of: "trailwarden_deliveries_received_total" }],
  rows: [
    { title: "Promises", panels: promises() },
    { title: "How late", panels: lags() },
    { title: "How much", panels: amounts() },
    { title: "What goes wrong", panels: troubles() },
    { title: "The process", panels: processes() },
  ],
});

/** The quantile's value of a histogram, by source or of all. */
function quantiles(metric: string, matchers: string, ...of: readonly number[]): readonly Query[] {
  return of.map((quantile) => ({
    expr: `histogram_quantile(${quantile}, ` +
      `sum by (le) (rate(${metric}_bucket{${matchers}}[$__rate_interval])))`,
    legend: `${quantile * 100}% within`,
  }));
}

function promises() {
  return [
    figure({
      title: "Late findings",
      description: "Share of findings of the last hour that came more than a second after " +
        "their delivery. 1% may, over a month.",
      queries: [{ expr: missedDetection("1h") }],
      unit: "percentunit", decimals: 1, width: 4, noData: "No findings within the hour.",
      alert: "TrailwardenDetectionBudgetFast",
    }),
    figure({
      title: "Late findings, 3 days",
      description: "The same, of three days.",
      queries: [{ expr: missedDetection("3d") }],
      unit: "percentunit", decimals: 2, width: 4, noData: "No findings within three days.",
      alert: "TrailwardenDetectionBudgetSlow",
    }),
    figure({
      title: "Unread records",
      description: "Share of the last hour's records that could not be read. 0.1% may, over " +
        "a month.",
      queries: [{ expr: missedRecords("1h") }],
      unit: "percentunit", decimals: 2, width: 4, noData: "No records within the hour.",
      alert: "TrailwardenCompletenessBudgetFast",
    }),
    figure({
      title: "Unread records, 3 days",
      description: "The same, of three days.",
      queries: [{ expr: missedRecords("3d") }],
      unit: "percentunit", decimals: 3, width: 4, noData: "No records within three days.",
      alert: "TrailwardenCompletenessBudgetSlow",
    }),
    figure({
      title: "Sources",
      description: "It is 1 while all work, 0 while one fails.",
      queries: [{ expr: `min(trailwarden_source_up{${chosen}})` }],
      unit: "short", width: 4, noData: notScraped, alert: "TrailwardenSourceFailing", isPlain: true,
    }),
    figure({
      title: "Store",
      description: "It is 1 while it can be written.",
      queries: [{ expr: "min(trailwarden_store_up)" }],
      unit: "short", width: 4, noData: notScraped, alert: "TrailwardenStoreDown", isPlain: true,
    }),
  ];
}

function lags() {
  return [
    lengths({
      title: "From event to commit",
      description: "How old events are when they are taken in. CloudTrail takes five minutes " +
        "to S3, EventBridge one.",
      queries: [{
        expr: `sum by (le) ` +
          `(increase(trailwarden_event_lag_seconds_bucket{${chosen}}[$__rate_interval]))`,
        legend: "{{le}}",
      }],
      unit: "s", width: 12, noData: noDeliveries,
    }),
    course({
      title: "Age of events when taken in",
      description: "Of 95 in a hundred, by source.",
      queries: [{
        expr: "histogram_quantile(0.95, sum by (source, le) " +
          `(rate(trailwarden_event_lag_seconds_bucket{${chosen}}[15m])))`,
        legend: "{{source}}",
      }],
      unit: "s", width: 12, height: 9, noData: noDeliveries, alert: "TrailwardenEventLagHigh",
    }),
    course({
      title: "From delivery to commit",
      description: "How long deliveries wait for us, of 95 in a hundred, by source.",
      queries: [{
        expr: "histogram_quantile(0.95, sum by (source, le) " +
          `(rate(trailwarden_delivery_lag_seconds_bucket{${chosen}}[15m])))`,
        legend: "{{source}}",
      }],
      unit: "s", width: 8, noData: noDeliveries, alert: "TrailwardenDeliveryLagHigh",
    }),
    course({
      title: "From delivery to finding",
      description: "How soon findings are there. A second is promised.",
      queries: quantiles("trailwarden_detection_seconds", "", 0.5, 0.99).map((query) => ({
        ...query, expr: query.expr.replace("[$__rate_interval]", "[1h]"),
      })),
      unit: "s", width: 8, noData: "No findings within the hour.",
    }),
    ranking({
      title: "Silence",
      description: "How long ago the latest event of each account happened.",
      queries: [{
        expr: "sort_desc(time() - max by (account) (trailwarden_last_event_timestamp_seconds))",
        legend: "{{account}}",
      }],
      unit: "s", decimals: 0, width: 8, noData: noDeliveries, alert: "TrailwardenAccountSilent",
    }),
  ];
}

function amounts() {
  return [
    course({
      title: "Records",
      description: "A second, by what became of them: new events, duplicates, skipped (no " +
        "agent's), rejected.",
      queries: [{
        expr: `sum by (outcome) (rate(trailwarden_records_total{${chosen}}[$__rate_interval]))`,
        legend: "{{outcome}}",
      }],
      unit: "cps", width: 8, noData: noDeliveries, isStacked: true, isBars: true,
      colours: { new: "green", duplicate: "blue", skipped: "text", rejected: "red" },
    }),
    course({
      title: "Deliveries",
      description: "A minute, by what became of them.",
      queries: [{
        expr: `sum by (outcome) ` +
          `(rate(trailwarden_deliveries_total{${chosen}}[$__rate_interval])) * 60`,
        legend: "{{outcome}}",
      }],
      unit: "short", width: 8, noData: noDeliveries, isStacked: true, isBars: true,
      colours: {
        committed: "green", known: "blue", empty: "text", poison: "red", returned: "orange",
      },
    }),
    course({
      title: "Queue",
      description: "Messages that wait.",
      queries: [{
        expr: `max by (source) (trailwarden_queue_messages{${chosen},queue="main"})`,
        legend: "{{source}}",
      }],
      unit: "short", decimals: 0, width: 8, noData: noQueue, alert: "TrailwardenQueueBacklog",
    }),
    course({
      title: "Cost: GETs",
      description: "Objects fetched an hour. S3 charges for each.",
      queries: [{
        expr: `sum by (source) ` +
          `(rate(trailwarden_fetches_total{${chosen}}[$__rate_interval])) * 3600`,
        legend: "{{source}}",
      }],
      unit: "short", width: 8, noData: "No source fetches objects.", isStacked: true,
    }),
    course({
      title: "Cost: bytes fetched",
      description: "As stored: what a network is paid for.",
      queries: [{
        expr: `sum by (source) ` +
          `(rate(trailwarden_fetched_bytes_total{${chosen}}[$__rate_interval]))`,
        legend: "{{source}}",
      }],
      unit: "Bps", width: 8, noData: "No source fetches objects.", isStacked: true,
    }),
    course({
      title: "Bytes read",
      description: "Inflated: what there is to search.",
      queries: [{
        expr: `sum by (source) (rate(trailwarden_read_bytes_total{${chosen}}[$__rate_interval]))`,
        legend: "{{source}}",
      }],
      unit: "Bps", width: 8, noData: noDeliveries, isStacked: true,
    }),
  ];
}
