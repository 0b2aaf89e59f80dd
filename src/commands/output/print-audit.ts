import {
  failuresByLevel, unknownGroups, type AuditReport, type UnknownGroup,
} from "../../audit/audit-report.ts";
import type { Judgement } from "../../audit/judge-account.ts";
import type { Remedy } from "../../audit/verdict.ts";
import { printable } from "../../text/printable.ts";
import { evidenceJson, remedyHeads, subjectsText } from "./audit-wording.ts";
import { onStderr, onStdout } from "./colour.ts";
import { csvLine } from "./csv.ts";
import { auditMarkdown } from "./print-audit-markdown.ts";
import { cell, levelText, plural } from "./table.ts";

export const auditFormats = ["table", "json", "csv", "markdown"] as const;
export type AuditFormat = (typeof auditFormats)[number];

/** For people what asks for something, for machines all; piece by piece, since it may be long. */
export function* auditTexts(report: AuditReport, format: AuditFormat): Generator<string> {
  switch (format) {
    case "table":
      yield tableOf(report);
      return;
    case "json":
      yield* jsonTexts(report);
      return;
    case "csv":
      yield csvLine(csvColumns);
      for (const judgement of report.judgements) yield csvRow(judgement);
      return;
    case "markdown":
      yield auditMarkdown(report);
  }
}

/** A result on each line. */
function* jsonTexts({ at, accountIds, judgements, unread }: AuditReport): Generator<string> {
  const head = {
    at: new Date(at).toISOString(),
    accounts: accountIds,
    unread: unread.map(({ account, action, reason, said, count }) =>
      ({ account, action, reason, said, count })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"results":[`;
  for (const [i, { result, level, check, title, account, subject, ...rest }] of
    judgements.entries()) {
    const { because, evidence, remedy } = rest;
    yield `${i === 0 ? "" : ","}\n${JSON.stringify({
      result, level, check, title, account, subject, because, evidence: evidenceJson(evidence),
      remedy,
    })}`;
  }
  yield "\n]}\n";
}

const csvColumns = [
  "result", "level", "check", "title", "account", "subject", "because", "evidence",
  "remedy_kind", "remedy",
];

function csvRow(judgement: Judgement): string {
  const { result, level, check, title, account, subject, because, evidence, remedy } = judgement;
  return csvLine([
    result, level, check, title, account, subject, because, evidenceJson(evidence),
    remedy?.kind, remedy === null ? null : onOneLine(remedy),
  ]);
}

/** Lines for a shell stay ones that can be run, policies JSON. */
function onOneLine({ kind, text }: Remedy): string {
  return text.split("\n").map((line) => line.trim()).join(kind === "cli" ? " && " : " ");
}

function tableOf({ judgements }: AuditReport): string {
  const failed = judgements.filter(({ result }) => result === "fail").map(failureText);
  return [...failed, ...unknownGroups(judgements).map(unknownText)].join("\n");
}

/** Beyond it a policy is looked at in a file, not on a terminal. */
const remedyLinesMax = 12;
const evidenceColumnsMax = 240;

function failureText({ level, check, subject, because, evidence, remedy }: Judgement): string {
  const values = Object.entries(evidenceJson(evidence))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`).join("  ");
  return [
    `${levelText(level)}  ${check}  ${printable(subject ?? "-")}`,
    `  ${printable(because)}`,
    ...(values === "" ? [] : [`  ${onStdout.dim(cell(values, evidenceColumnsMax))}`]),
    ...(remedy === null ? [] : remedyLines(remedy)),
    "",
  ].join("\n");
}

function remedyLines({ kind, text }: Remedy): readonly string[] {
  const lines = text.trimEnd().split("\n").map((line) => `    ${printable(line)}`);
  const more = lines.length - remedyLinesMax;
  return [
    `  ${remedyHeads[kind]}`,
    ...lines.slice(0, remedyLinesMax),
    ...(more > 0 ? [`    … ${plural(more, "more line")}: see --format json.`] : []),
  ];
}

function unknownText({ account, because, action, checks, subjects }: UnknownGroup): string {
  const whom = subjects.length === 0 ? [] : [subjectsText(subjects)];
  const head = ["unknown", ...(account === null ? [] : [account]), ...whom].map(printable);
  return [
    [onStdout.yellow("unknown"), ...head.slice(1)].join("  "),
    `  ${printable(because)}${action === null ? "" : ` (${printable(action)})`}`,
    `  ${onStdout.dim(checks.join(", "))}`,
    "",
  ].join("\n");
}

/** Two lines for standard error. */
export function auditSummary(report: AuditReport, history: string, seconds: number): string {
  const { accountIds, judgements } = report;
  const count = (result: Judgement["result"]) =>
    judgements.filter((one) => one.result === result).length.toLocaleString("en");
  const failed = failuresByLevel(judgements)
    .map((one) => `${one.count.toLocaleString("en")} ${levelText(one.level, onStderr)}`);
  return `Audited ${plural(accountIds.length, "account")} in ${seconds.toFixed(1)} s, with ` +
    `${history}.\nFailed: ${failed.join(", ") || "none"}; unknown: ${count("unknown")}; ` +
    `passed: ${count("pass")}.`;
}
