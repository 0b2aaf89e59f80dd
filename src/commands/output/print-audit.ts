import {
  failuresByLevel, unknownGroups, type AuditReport, type UnknownGroup,
} from "../../audit/audit-report.ts";
import type { Judgement } from "../../audit/judge-account.ts";
import { auditOcsf } from "../../audit/audit-ocsf.ts";
import { isOpen, type Result } from "../../audit/result.ts";
import { evidenceJson, resultJson } from "../../audit/result-json.ts";
import { dayText, type Remedy } from "../../audit/verdict.ts";
import { printable } from "../../text/printable.ts";
import { version } from "../../version.ts";
import { changeText, remedyHeads, subjectsText } from "./audit-wording.ts";
import { auditSarif } from "./audit-sarif.ts";
import { onStderr, onStdout } from "./colour.ts";
import { csvLine } from "./csv.ts";
import { auditHtml } from "./print-audit-html.ts";
import { auditMarkdown } from "./print-audit-markdown.ts";
import { cell, levelText, plural } from "./table.ts";

export const auditFormats = [
  "table", "json", "csv", "markdown", "html", "sarif", "ocsf",
] as const;
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
      return;
    case "html":
      yield auditHtml(report, version);
      return;
    case "sarif":
      yield `${JSON.stringify(auditSarif(report, version), null, 2)}\n`;
      return;
    case "ocsf":
      for (const finding of auditOcsf(report, version)) yield `${JSON.stringify(finding)}\n`;
  }
}

/** A result on each line. */
function* jsonTexts(report: AuditReport): Generator<string> {
  const { at, accountIds, judgements, comparedWith, fixed, carried, unread } = report;
  const head = {
    at: new Date(at).toISOString(),
    accounts: accountIds,
    comparedWith: comparedWith === null ? null : new Date(comparedWith).toISOString(),
    fixed: fixed.map(resultJson),
    carried: carried.map(resultJson),
    unread: unread.map(({ account, action, reason, said, count }) =>
      ({ account, action, reason, said, count })),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"results":[`;
  for (const [i, judgement] of judgements.entries()) {
    yield `${i === 0 ? "" : ","}\n${JSON.stringify(resultJson(judgement))}`;
  }
  yield "\n]}\n";
}

const csvColumns = [
  "result", "level", "check", "title", "account", "subject", "because", "evidence",
  "remedy_kind", "remedy", "change", "since", "accepted_until", "accepted_because",
];

function csvRow(one: Result): string {
  const { result, level, check, title, account, subject, because, evidence, remedy } = one;
  const { change, since, accepted } = one;
  return csvLine([
    result, level, check, title, account, subject, because, evidenceJson(evidence),
    remedy?.kind, remedy === null ? null : onOneLine(remedy),
    change, since === null ? null : new Date(since).toISOString(), accepted?.until,
    accepted?.reason,
  ]);
}

/** Lines for a shell stay ones that can be run, policies JSON. */
function onOneLine({ kind, text }: Remedy): string {
  return text.split("\n").map((line) => line.trim()).join(kind === "cli" ? " && " : " ");
}

function tableOf(report: AuditReport): string {
  const { judgements, comparedWith } = report;
  const failed = judgements.filter(isOpen);
  return [
    ...failed.map((one) => failureText(one, comparedWith !== null)),
    ...unknownGroups(judgements).map(unknownText),
    ...shortTexts(report),
  ].join("\n");
}

/** Beyond it a policy is looked at in a file, not on a terminal. */
const remedyLinesMax = 12;
const evidenceColumnsMax = 240;

function failureText(one: Result, isCompared: boolean): string {
  const { level, check, subject, because, evidence, remedy } = one;
  const values = Object.entries(evidenceJson(evidence))
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`).join("  ");
  return [
    [
      levelText(level), ...(isCompared ? [changeText(one)] : []), check, printable(subject ?? "-"),
    ].join("  "),
    `  ${printable(because)}`,
    ...(values === "" ? [] : [`  ${onStdout.dim(cell(values, evidenceColumnsMax))}`]),
    ...(remedy === null ? [] : remedyLines(remedy)),
    "",
  ].join("\n");
}

/** What asks for nothing, one line each. */
function shortTexts({ judgements, fixed, carried }: AuditReport): readonly string[] {
  const line = (what: string, { check, subject }: Result, rest: string) =>
    `${what}  ${check}  ${printable(subject ?? "-")}  ${onStdout.dim(printable(rest))}\n`;
  return [
    ...[...judgements, ...carried].flatMap((one) => one.accepted === null ? []
      : [line("accepted", one, `until ${one.accepted.until}: ${one.accepted.reason}`)]),
    ...carried.filter(isOpen).map((one) =>
      line(onStdout.yellow("not known"), one, `it failed since ${dayText(one.since ?? 0)}`)),
    ...fixed.map((one) =>
      line(onStdout.green("fixed"), one, `it failed since ${dayText(one.since ?? 0)}`)),
  ];
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

/** Lines for standard error. */
export function auditSummary(
  report: AuditReport,
  { history, seconds }: { readonly history: string; readonly seconds: number },
): string {
  const { accountIds, judgements } = report;
  const count = (result: Judgement["result"]) =>
    judgements.filter((one) => one.result === result).length.toLocaleString("en");
  const failed = failuresByLevel(judgements)
    .map((one) => `${one.count.toLocaleString("en")} ${levelText(one.level, onStderr)}`);
  return `Audited ${plural(accountIds.length, "account")} in ${seconds.toFixed(1)} s, with ` +
    `${history}.\nFailed: ${failed.join(", ") || "none"}; unknown: ${count("unknown")}; ` +
    `passed: ${count("pass")}.${sinceText(report)}`;
}

function sinceText({ judgements, comparedWith, fixed, carried }: AuditReport): string {
  const all = [...judgements, ...carried];
  const acceptedCount = all.filter(({ accepted }) => accepted !== null).length;
  const accepted = acceptedCount === 0 ? "" : `Accepted: ${acceptedCount}.`;
  if (comparedWith === null) return accepted === "" ? "" : `\n${accepted}`;
  const newCount = all.filter(({ change }) => change === "new").length;
  const instead = `Since the run of ${dayText(comparedWith)}: ${newCount} new, ` +
    `${fixed.length} fixed.`;
  return `\n${[instead, accepted].join(" ").trimEnd()}`;
}
