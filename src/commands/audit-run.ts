import { unreadOf } from "../audit/asked-parts.ts";
import { worstFirst, type AuditReport } from "../audit/audit-report.ts";
import { agentChecks, roleChecks, seenRoleChecks, userChecks } from "../audit/checks.ts";
import type { History } from "../audit/history.ts";
import { judgeAccount, judgeAgents } from "../audit/judge-account.ts";
import { dayText } from "../audit/verdict.ts";
import { levels } from "../detections/detection.ts";
import { didYouMean } from "../text/nearest.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { toldByStore, type Told } from "./audit-options.ts";
import { snapshotFor, type Audited } from "./audit-snapshot.ts";
import type { AuditOptions } from "./audit.ts";
import { exitCodes } from "./exit-codes.ts";
import { unreadLines } from "./output/audit-wording.ts";
import { auditSummary, auditTexts } from "./output/print-audit.ts";
import { write } from "./output/print-events.ts";

/** The exit code. */
export async function runAudit(options: AuditOptions): Promise<number> {
  refuseUnknownChecks(options.check);
  const startedAt = performance.now();
  const told = await toldByStore(options);
  const audited = await snapshotFor(options, told);
  if (typeof audited === "number") return audited;
  const report = reportOf(audited, told, options.check);
  for (const text of auditTexts(report, options.format)) await write(text);
  for (const line of unreadLines(report.unread)) process.stderr.write(`${line}\n`);
  const seconds = (performance.now() - startedAt) / 1000;
  process.stderr.write(`${auditSummary(report, historyText(told.history), seconds)}\n`);
  return exitCodeOf(report, options);
}

const checks = [...roleChecks, ...seenRoleChecks, ...userChecks, ...agentChecks];

function refuseUnknownChecks(names: readonly string[]): void {
  const known = checks.map(({ name }) => name).sort();
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new UsageError(`There is no check ${printable(wrong)}.${didYouMean(wrong, known)} ` +
    `There are: ${known.join(", ")}.`);
}

function reportOf(
  { accounts, at }: Audited,
  { config, history }: Told,
  only: readonly string[],
): AuditReport {
  const { carrier, policyName } = config.response;
  const denyPolicyName = carrier === "managed" ? policyName : null;
  const setting = { ...config.audit, now: at, denyPolicyName };
  const judgements = [
    ...accounts.flatMap((account) => judgeAccount({ account, config, setting, history })),
    ...judgeAgents(history, setting),
  ];
  return {
    at,
    accountIds: accounts.map(({ id }) => id),
    judgements: worstFirst(
      judgements.filter(({ check }) => only.length === 0 || only.includes(check))),
    unread: unreadOf(accounts),
  };
}

function historyText(history: History): string {
  const watched = history.watchedTime();
  return watched === null ? "no history: there is no store"
    : `history from ${dayText(watched.from)} to ${dayText(watched.until)}`;
}

/** What failed weighs more than what could not be read, as of a scan. */
function exitCodeOf({ judgements, unread }: AuditReport, { failOn }: AuditOptions): number {
  const isBad = judgements.some(({ result, level }) => result === "fail" &&
    failOn !== "never" && levels.indexOf(level) >= levels.indexOf(failOn));
  if (isBad) return exitCodes.findings;
  return unread.length > 0 ? exitCodes.unreadable : exitCodes.ok;
}
