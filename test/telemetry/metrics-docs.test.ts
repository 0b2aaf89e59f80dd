import { readFileSync } from "node:fs";
import { Registry } from "prom-client";
import { describe, expect, it } from "vitest";
import { boundedLabels } from "../../src/telemetry/labels.ts";
import { createMetrics } from "../../src/telemetry/metrics.ts";

const docs = readFileSync(new URL("../../docs/metrics.md", import.meta.url), "utf8");

interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

function exported(): readonly Described[] {
  const registry = new Registry();
  createMetrics(registry);
  return registry.getMetricsAsArray() as unknown as readonly Described[];
}

const units = ["seconds", "bytes", "ratio"];
const unitOf = (name: string) => units.find((unit) => name.split("_").includes(unit)) ?? "";

describe("docs/metrics.md", () => {
  it("tells of every metric what it is, and of no others", () => {
    const rows = docs.split("\n").filter((line) => line.startsWith("| `trailwarden_"));
    const expected = exported().map(({ name, type, labelNames, help }) => {
      const labels = labelNames.map((label) => `\`${label}\``).join(", ");
      return `| \`${name}\` | ${type} | ${labels} | ${unitOf(name)} | ${help} |`;
    });
    expect([...rows].sort()).toEqual([...expected].sort());
    expect(rows.length).toBeGreaterThan(40);
  });

  it("names every label that is bounded", () => {
    expect(boundedLabels.filter((label) => !docs.includes(`\`${label}\``))).toEqual([]);
  });
});

describe("metrics", () => {
  it.each(exported())("$name is named as Prometheus asks", ({ name, type, labelNames }) => {
    expect(name).toMatch(/^trailwarden_[a-z]+(?:_[a-z]+)*$/);
    expect(name.endsWith("_total")).toBe(type === "counter");
    if (type === "histogram") expect(name).toMatch(/_seconds$/);
    for (const label of labelNames) expect(label).toMatch(/^[a-z]+$/);
  });

  it("have no session's name as a label", () => {
    const labels = new Set(exported().flatMap(({ labelNames }) => labelNames));
    expect([...labels].sort()).toEqual([
      ...["access", "account", "agent", "attribution", "by", "change", "check", "code", "kind"],
      ...["label", "level", "maturity", "measure", "method", "mode", "node", "outcome", "part"],
      ...["quantile", "queue", "reason", "receiver", "region", "result", "role", "route", "rule"],
      ...["source", "standing", "state", "status", "verdict", "version"],
    ]);
  });
});
