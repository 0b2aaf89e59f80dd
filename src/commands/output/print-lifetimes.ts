import type { LifetimeItem, LifetimeReportView } from "../../tasks/lifetime-contract.ts";
import { csvLine } from "./csv.ts";
import { cell, plural, table } from "./table.ts";

export const reportFormats = ["table", "json", "csv"] as const;
export type ReportFormat = (typeof reportFormats)[number];

export function reportText(report: LifetimeReportView, format: ReportFormat): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "csv":
      return csvLine([report.by, ...csvColumns]) + report.items.map((item) =>
        csvLine([nameOf(item), ...csvColumns.map((column) => csvValue(item, column))])).join("");
    case "table":
      return reportTable(report);
  }
}

const csvColumns = [
  "agent", "basis", "credentialCount", "unusedCount", "liveZombieCount", "unknownExpiryCount",
  "issuedSeconds", "usedSeconds", "zombieSeconds", "savedSeconds", "expectedSeconds",
  "observedSeconds", "presentSeconds", "recommendedSeconds", "recommendedFrom",
] as const;

function csvValue(item: LifetimeItem, column: (typeof csvColumns)[number]): unknown {
  return column === "agent" || column === "basis" ? item.task?.[column] : item[column];
}

/** What people call it: of a task, what its giver does. */
function nameOf({ key, task }: LifetimeItem): string | null {
  return task?.externalId ?? key;
}

function reportTable(report: LifetimeReportView): string {
  const { by, items, rest, total, stsMinimumSeconds } = report;
  if (total.credentialCount === 0) {
    return "No credentials of agents were issued then. See --since and --until.\n";
  }
  const head = [
    by.toUpperCase(), "KEYS", "UNUSED", "LIVE ZOMBIES", "ISSUED", "USED", "ZOMBIE", "SAVED",
    "SHARE", "EXPECTED", "TOOK (95%)", "PRESENT", "RECOMMENDED",
  ];
  const lines = items.map((item) => [
    cell(nameOf(item), 48), ...sumCells(item), length(item.expectedSeconds),
    length(item.observedSeconds), length(item.presentSeconds), length(item.recommendedSeconds),
  ]);
  const sums = [["others", rest] as const, ["all", total] as const]
    .filter(([, { credentialCount }]) => credentialCount > 0)
    .map(([name, sum]) => [name, ...sumCells(sum), "", "", "", ""]);
  const unknown = total.unknownExpiryCount === 0
    ? ""
    : `In none of the lengths: ${plural(total.unknownExpiryCount, "key")} of unknown expiry.\n`;
  return `${table(head, [...lines, ...sums])}\n${unknown}` +
    `STS issues nothing shorter than ${length(stsMinimumSeconds)}: ` +
    "where less is recommended, only revocation ends a credential with its task.\n";
}

function sumCells(sum: LifetimeReportView["total"]): readonly string[] {
  const { credentialCount, unusedCount, liveZombieCount } = sum;
  const { issuedSeconds, usedSeconds, zombieSeconds, savedSeconds } = sum;
  const share = issuedSeconds === 0 ? "-" : `${Math.round(zombieSeconds / issuedSeconds * 100)}%`;
  return [
    String(credentialCount), String(unusedCount), String(liveZombieCount), length(issuedSeconds),
    length(usedSeconds), length(zombieSeconds), length(savedSeconds), share,
  ];
}

/** `45s`, `13m`, `2m05s`, `36h10m`: two units at most, as options take them. */
export function length(seconds: number | null): string {
  if (seconds === null) return "-";
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  if (hours > 0) return minutes === 0 ? `${hours}h` : `${hours}h${twoDigits(minutes)}m`;
  if (minutes === 0) return `${whole}s`;
  return whole % 60 === 0 ? `${minutes}m` : `${minutes}m${twoDigits(whole % 60)}s`;
}

function twoDigits(count: number): string {
  return String(count).padStart(2, "0");
}
