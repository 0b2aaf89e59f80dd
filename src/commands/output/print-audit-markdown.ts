import {
  failuresByLevel, unknownGroups, type AuditReport, type UnknownGroup,
} from "../../audit/audit-report.ts";
import { isOpen, type Result } from "../../audit/result.ts";
import { evidenceJson } from "../../audit/result-json.ts";
import { dayText, type Remedy } from "../../audit/verdict.ts";
import { printable } from "../../text/printable.ts";
import { changeText, remedyHeads, subjectsText } from "./audit-wording.ts";

/** For a ticket or a wiki. */
export function auditMarkdown(report: AuditReport): string {
  const { at, accountIds, judgements, comparedWith, fixed, carried } = report;
  const failed = judgements.filter(isOpen);
  const accepted = [...judgements, ...carried].filter((one) => one.accepted !== null);
  const compared = comparedWith === null ? ""
    : ` Compared with the run of ${dayText(comparedWith)}.`;
  const counts = failuresByLevel(judgements).map(({ level, count }) => `${count} ${level}`);
  const unknown = unknownGroups(judgements);
  return [
    `# Audit of ${accountIds.map(escaped).join(", ") || "no account"}`,
    `As of ${new Date(at).toISOString()}. Failed: ${counts.join(", ") || "none"}.${compared}`,
    ...(failed.length === 0 ? []
      : ["## Failed", ...failed.map((one) => failureOf(one, comparedWith !== null))]),
    ...listOf("Unknown", unknown.map(unknownOf)),
    ...listOf("Not known any more", carried.filter(isOpen).map((one) => `${itemOf(one)}, since ${
      dayText(one.since ?? 0)}`)),
    ...listOf("Fixed", fixed.map((one) => `${itemOf(one)}, since ${dayText(one.since ?? 0)}`)),
    ...listOf("Accepted", accepted.map((one) => `${itemOf(one)}, until ${
      one.accepted?.until ?? ""}: ${escaped(one.accepted?.reason ?? "")}`)),
  ].join("\n\n").concat("\n");
}

function listOf(head: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${head}`, items.join("\n")];
}

function itemOf({ level, check, subject }: Result): string {
  return `- ${codeOf(subject ?? "-")} (${check}, ${level})`;
}

function failureOf(one: Result, isCompared: boolean): string {
  const { level, title, check, subject, because, evidence, remedy } = one;
  return [
    `### ${level}: ${escaped(title)}`,
    `${codeOf(subject ?? "-")} (${[check, ...(isCompared ? [changeText(one)] : [])].join(", ")})`,
    escaped(because),
    `Evidence: ${codeOf(JSON.stringify(evidenceJson(evidence)))}`,
    ...(remedy === null ? [] : [remedyHeads[remedy.kind], blockOf(remedy)]),
  ].join("\n\n");
}

function unknownOf({ account, because, action, checks, subjects }: UnknownGroup): string {
  const whom = subjects.length === 0 ? "" : ` ${codeOf(subjectsText(subjects))}`;
  return `- ${escaped(account ?? "")}${whom}: ${escaped(because)}` +
    `${action === null ? "" : ` (${codeOf(action)})`} — ${checks.join(", ")}`;
}

/** Every mark that means something, as itself: names and policies are written by others. */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, String.raw`\$&`);
}

/** https://spec.commonmark.org/0.31.2/#code-spans: behind more backticks than are in it. */
function codeOf(text: string): string {
  const safe = printable(text);
  const marks = fenceOf(safe, 1);
  const space = safe.startsWith("`") || safe.endsWith("`") ? " " : "";
  return `${marks}${space}${safe}${space}${marks}`;
}

const languages: Readonly<Record<Remedy["kind"], string>> = {
  cli: "sh", policy: "json", config: "yaml",
};

function blockOf({ kind, text }: Remedy): string {
  const safe = text.trimEnd().split("\n").map(printable).join("\n");
  const fence = fenceOf(safe, 3);
  return `${fence}${languages[kind]}\n${safe}\n${fence}`;
}

function fenceOf(text: string, least: number): string {
  const longest = [...text.matchAll(/`+/g)].reduce((max, [run]) => Math.max(max, run.length), 0);
  return "`".repeat(Math.max(least, longest + 1));
}
