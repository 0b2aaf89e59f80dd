import type { AuditReport } from "../audit/audit-report.ts";
import { agentChecks, roleChecks, seenRoleChecks, userChecks } from "../audit/checks.ts";
import type { History } from "../audit/history.ts";
import { isOpen } from "../audit/result.ts";
import { emptySnapshot } from "../audit/snapshot.ts";
import type { Took } from "../audit/run.ts";
import { dayText } from "../audit/verdict.ts";
import { levels } from "../detections/detection.ts";
import { judgeAudit, keepAudit } from "../judge-audit.ts";
import { didYouMean } from "../text/nearest.ts";
import { printable } from "../text/printable.ts";
import { UsageError } from "../usage-error.ts";
import { storeOf, toldByStore } from "./audit-options.ts";
import { signingKey, writeReports } from "./audit-reports.ts";
import { snapshotFor } from "./audit-snapshot.ts";
import type { AuditOptions } from "./audit.ts";
import { exitCodes } from "./exit-codes.ts";
import { unreadLines } from "./output/audit-wording.ts";
import { auditSummary, auditTexts } from "./output/print-audit.ts";
import { write } from "./output/print-events.ts";
import { withStore } from "./store-option.ts";

/** The exit code. */
export async function runAudit(options: AuditOptions): Promise<number> {
  refuseUnknownChecks(options.check);
  const begunAt = Date.now();
  const told = await toldByStore(options);
  await signingKey(told.config.audit.signingKeyFile);
  refuseUnknownChecks(told.config.audit.accepted.map(({ check }) => check));
  const audited = await snapshotFor(options, told);
  if (typeof audited === "number") return audited;
  const report = await judgeAudit({ ...told, ...audited, only: options.check });
  const took = { startedAt: begunAt, seconds: (Date.now() - begunAt) / 1000 };
  if (options.out !== undefined) {
    const snapshot = { ...emptySnapshot(audited.at), finishedAt: audited.at };
    await writeReports(options.out, {
      ...told, report, snapshot: { ...snapshot, accounts: [...audited.accounts] },
    });
  }
  if (options.record === true) await record(options, report, took);
  for (const text of auditTexts(report, options.format)) await write(text);
  for (const line of unreadLines(report.unread)) process.stderr.write(`${line}\n`);
  const summary = auditSummary(report, { history: historyText(told.history), ...took });
  process.stderr.write(`${summary}\n`);
  return exitCodeOf(report, options);
}

/** For the next run to be compared with; a running service tells receivers of what is new. */
async function record(options: AuditOptions, report: AuditReport, took: Took): Promise<void> {
  const store = storeOf(options);
  if (store === null) throw new UsageError("There is no store to record in: name it with --store.");
  await withStore({ store, ...(options.config === undefined ? {} : { config: options.config }) },
    async (app) => {
      await keepAudit(app.store, report, took);
    });
}

const checks = [...roleChecks, ...seenRoleChecks, ...userChecks, ...agentChecks];

function refuseUnknownChecks(names: readonly string[]): void {
  const known = checks.map(({ name }) => name).sort();
  const wrong = names.find((name) => !known.includes(name));
  if (wrong === undefined) return;
  throw new UsageError(`There is no check ${printable(wrong)}.${didYouMean(wrong, known)} ` +
    `There are: ${known.join(", ")}.`);
}

function historyText(history: History): string {
  const watched = history.watchedTime();
  return watched === null ? "no history: there is no store"
    : `history from ${dayText(watched.from)} to ${dayText(watched.until)}`;
}

/** What failed weighs more than what could not be read, as of a scan. */
function exitCodeOf({ judgements, unread }: AuditReport, { failOn }: AuditOptions): number {
  const isBad = judgements.some((one) => isOpen(one) &&
    failOn !== "never" && levels.indexOf(one.level) >= levels.indexOf(failOn));
  if (isBad) return exitCodes.findings;
  return unread.length > 0 ? exitCodes.unreadable : exitCodes.ok;
}
