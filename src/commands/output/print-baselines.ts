import type { BaselineDetail, BaselineView } from "../../baselines/overview.ts";
import { categoryNames, hourText, measureNames } from "../../baselines/reasons.ts";
import { categories, measures } from "../../baselines/traits.ts";
import { printable } from "../../text/printable.ts";
import type { DryRun } from "../baselines-dry-run.ts";
import { heatMap } from "./heat-map.ts";
import { cell, levelText, plural, table } from "./table.ts";

export const baselineFormats = ["table", "json", "ndjson"] as const;
export type BaselineFormat = (typeof baselineFormats)[number];

export function baselinesText(views: readonly BaselineView[], format: BaselineFormat): string {
  const head = ["ROLE", "AGENT", "SESSIONS", "DAYS", "SINCE", "STANDS", "TRUNCATED"];
  return text(views, format, () => `${table(head, views.map((view) => [
    cell(view.role, 60), cell(view.agent, 20), String(view.sessions), String(view.days),
    view.since ?? "-", stands(view), view.truncated ? "yes" : "no",
  ]))}\n`);
}

export function detailsText(details: readonly BaselineDetail[], format: BaselineFormat): string {
  return text(details, format, () => details.map(detailText).join("\n"));
}

export function dryRunText(reports: readonly DryRun[], format: BaselineFormat): string {
  if (format === "table" && reports.length === 0) return "No role still learns.\n";
  return text(reports, format, () => reports.map(dryRunBlock).join("\n"));
}

function text(items: readonly object[], format: BaselineFormat, asTable: () => string): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(items, null, 2)}\n`;
    case "ndjson":
      return items.map((item) => `${JSON.stringify(item)}\n`).join("");
    case "table":
      return items.length === 0 ? "No baselines.\n" : asTable();
  }
}

/** `mature`, `mature as a role`, `learning, lacks 12 sessions, 3 days`. */
function stands({ maturity, judgedBy, missing }: BaselineView): string {
  if (maturity === "learning") return `learning, lacks ${lackText(missing)}`;
  return judgedBy === "agent" ? "mature" : `mature as a role, lacks ${lackText(missing)}`;
}

function lackText({ sessions, days, scored }: BaselineView["missing"]): string {
  const parts = [
    sessions > 0 ? plural(sessions, "session") : null,
    days > 0 ? plural(days, "day") : null,
    sessions === 0 && days === 0 ? plural(scored, "scored session") : null,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function detailText(detail: BaselineDetail): string {
  const { role, agent, kind, asOf, sessions, days, since, truncated, resetOn } = detail;
  const whose = agent === null ? "no agent" : `${agent}, ${kind}`;
  const lines = [
    `${printable(role)} (${printable(whose)}) as of ${asOf}`,
    `  ${plural(sessions, "session")} on ${plural(days, "day")}` +
      `${since === null ? "" : ` since ${since}`}: ${stands(detail)}.`,
    ...(resetOn === null ? [] : [`  Reset: days before ${resetOn} do not count.`]),
    ...(truncated ? ["  There were too many values: of some it is not known whether they are new."]
      : []),
    `  ${thresholdText(detail)}`,
    "",
    indented(valuesTable(detail)),
    "",
    indented(numbersTable(detail)),
    "",
    indented(heatMap(detail.hours)),
    "",
    sessionsText(detail),
  ];
  return `${lines.join("\n")}\n`;
}

function thresholdText({ threshold, alertsPerWeek, judgedBy }: BaselineDetail): string {
  if (threshold !== null) {
    return `Unusual are sessions of which the past has at most ${percent(threshold)} as strange: ` +
      `${plural(alertsPerWeek, "false alert")} a week.`;
  }
  return judgedBy === "kind" || judgedBy === "fleet"
    ? "Its sessions are compared with those of like agents, with low confidence."
    : "It has too few sessions to call one unusual.";
}

function valuesTable({ values }: BaselineDetail): string {
  const rows = categories.flatMap((category) => {
    const { distinct, usual } = values[category];
    if (distinct === 0) return [];
    const most = usual.slice(0, usualMax).map(({ value, share }) =>
      `${category === "hour" ? hourText(Number(value)) : value} ${percent(share)}`);
    return [[categoryNames[category], String(distinct), cell(most.join(", "), 120)]];
  });
  return table(["VALUES", "DISTINCT", "MOST USUAL, BY SHARE OF SESSIONS"], rows);
}

const usualMax = 4;

function numbersTable({ numbers }: BaselineDetail): string {
  const rows = measures.map((measure) => {
    const { median, high, highest } = numbers[measure];
    return [measureNames[measure], ...[median, high, highest].map(String)];
  });
  return table(["PER SESSION", "MEDIAN", "95%", "HIGHEST"], rows);
}

function sessionsText({ latest, quarantined }: BaselineDetail): string {
  const rows = latest.map(({ day, standing, pValue, scoreBits, session }) =>
    [day, standing, String(pValue ?? "-"), String(scoreBits ?? "-"), cell(session, 80)]);
  const held = quarantined.map(({ day, session, heldBy }) => {
    const why = heldBy.map(({ id, rule, level }) => `${rule} ${level} ${id.slice(0, 8)}`);
    return [day, cell(session, 60), cell(why.join(", "), 80)];
  });
  const shown = table(["DAY", "STANDING", "P", "BITS", "LATEST SESSIONS"], rows);
  const kept = held.length === 0 ? "Nothing is kept from being learned."
    : table(["DAY", "NOT LEARNED", "BECAUSE OF"], held);
  return `${indented(shown)}\n\n${indented(kept)}`;
}

function dryRunBlock({ role, agent, missing, sessions, unusual, findings }: DryRun): string {
  const whose = agent === null ? "" : ` (${agent})`;
  const head = `${printable(role + whose)} lacks ${lackText(missing)}; ` +
    `${unusual} of ${plural(sessions, "session")} unusual beside like agents\n`;
  const rows = findings.map(({ rule, level, count, example }) =>
    [rule, levelText(level), String(count), cell(example.because, 120)]);
  return rows.length === 0
    ? head : `${head}${indented(table(["RULE", "LEVEL", "COUNT", "LATEST"], rows))}\n`;
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10}%`;
}

function indented(block: string): string {
  return block.split("\n").map((line) => line === "" ? line : `  ${line}`).join("\n");
}
