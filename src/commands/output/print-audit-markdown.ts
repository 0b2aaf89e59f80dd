import {
  failuresByLevel, unknownGroups, type AuditReport, type UnknownGroup,
} from "../../audit/audit-report.ts";
import type { Judgement } from "../../audit/judge-account.ts";
import type { Remedy } from "../../audit/verdict.ts";
import { printable } from "../../text/printable.ts";
import { evidenceJson, remedyHeads, subjectsText } from "./audit-wording.ts";

/** For a ticket or a wiki. */
export function auditMarkdown(report: AuditReport): string {
  const { at, accountIds, judgements } = report;
  const failed = judgements.filter(({ result }) => result === "fail");
  const counts = failuresByLevel(judgements).map(({ level, count }) => `${count} ${level}`);
  const unknown = unknownGroups(judgements);
  return [
    `# Audit of ${accountIds.map(escaped).join(", ") || "no account"}`,
    `As of ${new Date(at).toISOString()}. Failed: ${counts.join(", ") || "none"}.`,
    ...(failed.length === 0 ? [] : ["## Failed", ...failed.map(failureOf)]),
    ...(unknown.length === 0 ? [] : ["## Unknown", unknown.map(unknownOf).join("\n")]),
  ].join("\n\n").concat("\n");
}

function failureOf({ level, title, check, subject, because, evidence, remedy }: Judgement): string {
  return [
    `### ${level}: ${escaped(title)}`,
    `${codeOf(subject ?? "-")} (${check})`,
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
