import { describe, expect, it } from "vitest";
import { awsFaultCodes } from "../../src/aws/fault.ts";
import { levels } from "../../src/detections/detection.ts";
import { accessClasses } from "../../src/events/event.ts";
import { objectKinds, rejectReasons } from "../../src/records/record.ts";
import { poisonReasons } from "../../src/sources/source.ts";
import { storeFaultCodes } from "../../src/storage/fault.ts";
import { series, watched } from "./telemetry-bench.ts";

const bySource: readonly (readonly [string, string | null, readonly string[]])[] = [
  ["deliveries_received_total", null, []],
  ["deliveries_total", "outcome", ["committed", "known", "empty", "poison", "returned"]],
  ["deliveries_poison_total", "reason", poisonReasons],
  ["delivery_lag_seconds_count", null, []],
  ["records_total", "outcome", ["new", "duplicate", "skipped", "rejected"]],
  ["records_backfilled_total", "outcome", ["new", "duplicate", "skipped", "rejected"]],
  ["records_rejected_total", "reason", rejectReasons],
  ["other_objects_total", "kind", objectKinds],
  ["read_bytes_total", null, []],
  ["event_lag_seconds_count", null, []],
  ["events_ahead_total", null, []],
  ["source_failures_total", "code", awsFaultCodes],
  ["fetches_total", null, []],
  ["fetched_bytes_total", null, []],
];

const others: readonly (readonly [string, readonly string[]])[] = [
  ["commit_seconds_count", [""]],
  ["store_failures_total", storeFaultCodes.map((code) => `{code="${code}"}`)],
  ["retention_removed_total", [""]],
  ["events_backfilled_total", accessClasses.flatMap((access) =>
    ["allowed", "denied", "failed", "dry-run"].map((result) =>
      `{access="${access}",result="${result}"}`))],
  ["finding_changes_backfilled_total", levels.flatMap((level) =>
    ["opened", "worse", "reopened", "withdrawn"].map((change) =>
      `{level="${level}",change="${change}"}`))],
  ["detection_seconds_count", [""]],
  ["judge_seconds_count", [""]],
  ["outbox_told_total", ['{receiver="findings"}']],
  ["outbox_failures_total", ['{receiver="findings"}']],
  ["notifications_total", [
    "opened", "worse", "again", "acknowledged", "changed", "over", "digest",
  ].map((change) => `{receiver="findings",change="${change}"}`)],
  ["config_reloads_total", ['{outcome="applied"}', '{outcome="refused"}']],
  ["tasks_ended_total", ["succeeded", "failed", "cancelled", "lost"].map((outcome) =>
    `{outcome="${outcome}"}`)],
  ["standing_failures_total", [""]],
  ["label_overflow_total", [
    "agent", "agent_role", "account_region", "rule", "route", "code",
  ].map((label) => `{label="${label}"}`)],
];

describe("before anything has happened", () => {
  it.each(bySource)("%s stands at 0 for each source and %s", async (name, label, values) => {
    const { scrape } = watched({ sources: ["trail", "history"] });
    const found = series(await scrape(), `trailwarden_${name}{`, true);
    const expected = ["trail", "history"].flatMap((source) =>
      label === null
        ? [`trailwarden_${name}{source="${source}"}`]
        : values.map((value) => `trailwarden_${name}{source="${source}",${label}="${value}"}`),
    );
    expect(found).toEqual(Object.fromEntries(expected.map((one) => [one, 0])));
  });

  it.each(others)("%s stands at 0", async (name, labels) => {
    const { scrape } = watched();
    const found = series(await scrape(), `trailwarden_${name}`, true);
    const expected = labels.map((each) => [`trailwarden_${name}${each}`, 0]);
    expect(found).toEqual(Object.fromEntries(expected));
  });

  it("what should work is taken to work", async () => {
    const text = await watched().scrape();
    expect(series(text, "trailwarden_source_up")).toEqual({
      'trailwarden_source_up{source="trail"}': 1,
    });
    expect(series(text, "trailwarden_store_up")).toEqual({ trailwarden_store_up: 1 });
    expect(series(text, "trailwarden_config_last_reload_successful")).toEqual({
      trailwarden_config_last_reload_successful: 1,
    });
  });

  it("the version that runs is told", async () => {
    expect(series(await watched().scrape(), "trailwarden_build_info")).toEqual({
      [`trailwarden_build_info{version="1.2.3",node="${process.version}"}`]: 1,
    });
  });
});
