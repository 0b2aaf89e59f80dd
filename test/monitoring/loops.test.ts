import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { exprOf } from "../../monitoring/alert.ts";
import { alerts } from "../../monitoring/alerts.ts";
import { recordings } from "../../monitoring/recordings.ts";
import { namedIn } from "../../monitoring/read-expr.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";
import { expressionsOf, shownDashboards } from "./shown.ts";

const root = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Exported {
  readonly name: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}
const registry = new Registry();
createMetrics(registry);
const exported = registry.getMetricsAsArray() as unknown as readonly Exported[];
const labelsOf = new Map(exported.flatMap(({ name, type, labelNames }) => type === "histogram"
  ? ["_bucket", "_count", "_sum"].map((part) => [`${name}${part}`, [...labelNames, "le"]] as const)
  : [[name, labelNames] as const]));

const expressions = [
  ...alerts.map((alert) => ({ of: alert.name, expr: exprOf(alert) })),
  ...recordings.map(({ record, expr }) => ({ of: record, expr })),
  ...shownDashboards.flatMap((shown) => expressionsOf(shown)),
];
const named = expressions.flatMap(({ of, expr }) => namedIn(expr).map((one) => ({ of, ...one })));

describe("metrics", () => {
  it("that rules and dashboards name are exported, with the labels they ask for", () => {
    const wrong = named
      .filter(({ metric }) => metric.startsWith("trailwarden_"))
      .filter(({ metric, labels }) =>
        !labels.every((label) => labelsOf.get(metric)?.includes(label) ?? false) ||
          !labelsOf.has(metric));
    expect(wrong).toEqual([]);
    expect(named.length).toBeGreaterThan(150);
  });

  it("that are recorded have a rule, and are asked for", () => {
    const asked = named.map(({ metric }) => metric).filter((name) => name.includes(":"));
    expect(new Set(asked)).toEqual(new Set(recordings.map(({ record }) => record)));
  });

  it("that are exported are watched by a rule or shown by a dashboard", () => {
    const watched = new Set(
      named.map(({ metric }) => metric.replace(/_(?:bucket|count|sum)$/, "")));
    expect(exported.map(({ name }) => name).filter((name) => !watched.has(name)).sort()).toEqual([
      "trailwarden_config_reloads_total", // its last outcome is a gauge
      "trailwarden_events_backfilled_total", // backfills have an end, and a report of their own
      "trailwarden_finding_changes_backfilled_total",
      "trailwarden_http_request_seconds", // for who serves others with the API
      "trailwarden_notifications_total", // of what is told, those told to people
      "trailwarden_other_objects_total", // skipped on purpose
      "trailwarden_records_backfilled_total",
      "trailwarden_retention_removed_total", // an hourly chore
      "trailwarden_standing_failures_total", // the store's own alert says it
    ]);
  });
});

describe("alerts", () => {
  interface RuleTest {
    readonly name: string;
    readonly alert_rule_test: readonly {
      readonly alertname: string; readonly exp_alerts: readonly object[];
    }[];
  }
  const tests = readdirSync(join(root, "rules/prometheus/tests")).flatMap((name) =>
    (parse(read(`rules/prometheus/tests/${name}`)) as { tests: RuleTest[] }).tests);

  it.each(alerts.map(({ name }) => name))("%s has its runbook, firing and quiet " +
    "minutes", (name) => {
    const own = tests.flatMap((test) => test.alert_rule_test)
      .filter(({ alertname }) => alertname === name);
    expect(own.some(({ exp_alerts: fired }) => fired.length > 0)).toBe(true);
    expect(own.some(({ exp_alerts: fired }) => fired.length === 0)).toBe(true);
    const path = `docs/runbooks/${name}.md`;
    expect(existsSync(join(root, path))).toBe(true);
    const headings = read(path).split("\n").filter((line) => line.startsWith("#"));
    expect(headings).toEqual([
      `# ${name}`, "## First looks", "## What to do", "## Silence it honestly",
    ]);
  });

  it("stand in docs/alerts.md, each with its runbook", () => {
    const rows = [...read("docs/alerts.md").matchAll(/\[`(\w+)`\]\(runbooks\/(\w+)\.md\)/g)];
    expect(rows.map(([, name, file]) => `${String(name)} ${String(file)}`).sort())
      .toEqual(alerts.map(({ name }) => `${name} ${name}`).sort());
  });

  it("that inhibit others, or are inhibited, exist", () => {
    const text = read("rules/alertmanager.example.yml");
    const patterns = [...text.matchAll(/alertname=~?"([^"]+)"/g)].map(([, name = ""]) => name);
    const each = patterns.flatMap((pattern) => {
      const [, before = "", among = "", after = ""] = /^(.*)\((.*)\)(.*)$/.exec(pattern) ?? [];
      return among === "" ? [pattern] : among.split("|").map((one) => `${before}${one}${after}`);
    });
    const without = each.filter((one) =>
      !alerts.some(({ name }) => new RegExp(`^${one}$`).test(name)));
    expect(without).toEqual([]);
    expect(each.length).toBeGreaterThan(15);
  });

  it("lead to a dashboard that there is", () => {
    const uids = new Set(shownDashboards.map(({ uid }) => uid));
    expect(alerts.filter(({ dashboard }) => !uids.has(dashboard))).toEqual([]);
  });
});
