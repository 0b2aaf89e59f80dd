import { levels } from "../../detections/detection.ts";
import { findingJson } from "../../findings/finding-json.ts";
import type { Finding } from "../../findings/finding.ts";
import type { RuleBook } from "../../findings/rule-book.ts";
import { ocsfFinding } from "../../findings/ocsf.ts";
import { printable } from "../../text/printable.ts";
import { onStdout, type Colours } from "./colour.ts";
import { csvLine } from "./csv.ts";
import { sarifLog, type Described } from "./sarif.ts";
import { cell, instant, levelText, plural, table } from "./table.ts";

export const findingFormats = ["table", "json", "ndjson", "csv", "sarif", "ocsf"] as const;
export type FindingFormat = (typeof findingFormats)[number];

const csvHead = [
  "id", "rule", "title", "level", "status", "confidence", "because", "entity_type", "entity_id",
  "agent", "role", "mode", "session", "access_key_id", "account", "first_event_at",
  "last_event_at", "event_count", "event_ids", "tags",
];

export interface PrintOptions {
  readonly format: FindingFormat;
  /** Detections and correlations: SARIF describes those that found something. */
  readonly rules: readonly Described[];
  readonly version: string;
}

/** What formats that describe rules need of them. */
export function rulesOf({ detections, correlations }: RuleBook): readonly Described[] {
  return [...detections, ...correlations];
}

/** The findings as text, ending with a line break; empty where there is nothing to say. */
export function findingsText(
  findings: readonly Finding[],
  { format, rules, version }: PrintOptions,
): string {
  switch (format) {
    case "json":
      return `${JSON.stringify(findings.map(findingJson), null, 2)}\n`;
    case "ndjson":
      return findings.map((finding) => `${JSON.stringify(findingJson(finding))}\n`).join("");
    case "csv":
      return csvLine(csvHead) + findings.map((finding) => csvLine(csvRow(finding))).join("");
    case "sarif":
      return `${JSON.stringify(sarifLog(findings, rules, version), null, 2)}\n`;
    case "ocsf":
      return findings.map((found) => `${JSON.stringify(ocsfFinding(found, version))}\n`).join("");
    case "table":
      return findingsTable(findings);
  }
}

function csvRow(finding: Finding): readonly unknown[] {
  const f = findingJson(finding);
  return [
    f.id, f.rule, f.title, f.level, f.status, f.confidence, f.because, f.entity.type, f.entity.id,
    f.agent?.name, f.role?.arn, f.role?.mode, f.session?.id, f.credential?.accessKeyId, f.account,
    f.firstEventAt, f.lastEventAt, f.eventCount, f.eventIds.join(" "), f.tags.join(" "),
  ];
}

function findingsTable(findings: readonly Finding[]): string {
  if (findings.length === 0) return "No findings.\n";
  const rows = findings.map((finding) => [
    levelText(finding.level),
    finding.id.slice(0, 8),
    finding.rule,
    cell(finding.agent?.name ?? "-", 20),
    cell(finding.entity.id, 44),
    instant(finding.lastEventAt),
    String(finding.eventCount),
    finding.status,
  ]);
  const head = ["LEVEL", "ID", "RULE", "AGENT", "ENTITY", "LAST", "EVENTS", "STATUS"];
  return `${table(head, rows)}\n`;
}

/** `3 critical, 1 high`: what a summary line says of findings. */
export function byLevel(findings: readonly Finding[], colours: Colours = onStdout): string {
  const parts = [...levels].reverse().flatMap((level) => {
    const count = findings.filter((finding) => finding.level === level).length;
    return count === 0 ? [] : [`${count} ${levelText(level, colours)}`];
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}

/** One finding in full, for a person. */
export function findingText(finding: Finding): string {
  const values = Object.entries(finding.values)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `    ${name} = ${printable(JSON.stringify(value))}`);
  const evidence = finding.evidence.slice(0, 3).map(({ eventId }) => eventId);
  const lines = [
    `${levelText(finding.level)}  ${finding.title}  ` +
      `(${finding.rule}, confidence ${finding.confidence})`,
    `  ${printable(finding.because)}`,
    `  ${plural(finding.eventCount, "event")} from ${instant(finding.firstEventAt)} to ` +
      `${instant(finding.lastEventAt)} UTC, ${finding.entity.type} ${printable(finding.entity.id)}`,
    `  ${finding.id} is ${statusText(finding)}.`,
    "  The values that decided:",
    ...values,
    `  First evidence: ${printable(evidence.join(", "))}`,
  ];
  return `${lines.join("\n")}\n`;
}

function statusText({ status, verdict, note }: Finding): string {
  const decided = verdict === null ? status : `${status} as ${verdict}`;
  return note === null ? decided : `${decided}: ${printable(note)}`;
}
