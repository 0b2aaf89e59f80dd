import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { shownDashboards, type ShownPanel } from "./shown.ts";

const folder = join(import.meta.dirname, "..", "..", "rules", "prometheus");
interface Rule {
  readonly alert: string;
  readonly expr: string;
}
const rules = ["pipeline", "objectives", "security"].flatMap((area) => {
  const text = readFileSync(join(folder, `${area}.yml`), "utf8");
  return (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules);
});
const panels = shownDashboards.flatMap(({ uid, panels: own }) =>
  own.filter(({ type }) => type !== "row").map((panel) => ({ uid, panel })));
const alertOf = ({ description = "" }: ShownPanel) => / Alert: (\w+)\.$/.exec(description)?.[1];

/** What fires, from the rule's text: `… > 300`, by which the panel's colour changes. */
function lineOf(alert: string): { readonly compare: string; readonly value: number } {
  const rule = rules.find((one) => one.alert === alert);
  const [, compare = "", value = ""] =
    / (>|<|==) ([\d.]+)(?:\nand|$)/.exec(rule?.expr ?? "") ?? [];
  return { compare, value: Number(value) };
}

describe("panels", () => {
  it.each(panels.filter(({ panel }) => alertOf(panel) !== undefined)
    .map(({ uid, panel }) => [`${uid}: ${panel.title}`, panel] as const))(
    "%s turns from good to bad where its alert fires", (_name, panel) => {
      const { compare, value } = lineOf(alertOf(panel) ?? "");
      const steps = panel.fieldConfig.defaults.thresholds?.steps.map((step) => step.value);
      if (compare === "==" && value === 0) expect(steps).toEqual([null, 1]);
      else expect(steps).toEqual([null, compare === ">" && value === 0 ? 1 : value]);
    },
  );

  it("show every alert but those of which there is nothing to draw", () => {
    const shown = new Set(panels.map(({ panel }) => alertOf(panel)));
    expect(rules.map(({ alert }) => alert).filter((alert) => !shown.has(alert))).toEqual([
      "TrailwardenDown", // then there is no data at all
      "TrailwardenSourceSilent", // its rate is 0
      "TrailwardenManyFindings", // by level, shown as bars
    ]);
  });

  it.each(panels.map(({ uid, panel }) => [`${uid}: ${panel.title}`, panel] as const))(
    "%s says what it shows, its unit, and what no data means", (_name, panel) => {
      expect(panel.description).toMatch(/^[A-Z].{10,}\.$/s);
      expect(panel.fieldConfig.defaults.noValue).toMatch(/^[A-Z].*[.?]$/);
      expect(panel.fieldConfig.defaults.unit).toMatch(/^\w+$/);
      expect(panel.title.length).toBeLessThanOrEqual(40);
      const asked = [panel.datasource, ...(panel.targets ?? []).map((one) => one.datasource)];
      expect(new Set(asked.map((one) => one?.uid))).toEqual(new Set(["${datasource}"]));
    },
  );
});

describe("dashboards", () => {
  it.each(shownDashboards.map((one) => [one.uid, one] as const))(
    "%s fills its rows to their width, without overlap", (_uid, { panels: own }) => {
      const cells = own.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`));
      expect(new Set(cells).size).toBe(cells.length);
      const bottom = Math.max(...own.map(({ gridPos: { y, h } }) => y + h));
      expect(cells.length).toBe(24 * bottom);
    },
  );

  it.each(shownDashboards.map((one) => [one.uid, one] as const))(
    "%s lets one choose a Prometheus and where links lead, and shows findings", (_uid, one) => {
      const names = one.templating.list.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["datasource", "api"]));
      expect(one.annotations.list.map(({ name }) => name)).toContain("Findings");
    },
  );
});
