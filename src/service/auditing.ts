import { randomUUID } from "node:crypto";
import { Cron } from "croner";
import { historyIn } from "../audit-history.ts";
import type { AuditReport } from "../audit/audit-report.ts";
import { collect, notYetAsked } from "../audit/collect.ts";
import { isAgents } from "../audit/discovery.ts";
import { emptySnapshot, type Snapshot } from "../audit/snapshot.ts";
import type { History } from "../audit/history.ts";
import type { Config } from "../config/schema.ts";
import type { Normalise } from "../events/normalise.ts";
import { judgeAudit, keepAudit, runBefore } from "../judge-audit.ts";
import type { Clock } from "../sources/clock.ts";
import { accountWanted } from "../sources/identities.ts";
import { StoreFault } from "../storage/fault.ts";
import type { Store } from "../storage/store.ts";
import type { AuditTelemetry } from "../telemetry/audit.ts";
import { UsageError } from "../usage-error.ts";
import type { StoreWatcher } from "./committer.ts";

/** A run, and what it judged by. */
export interface Audited {
  readonly report: AuditReport;
  readonly snapshot: Snapshot;
  readonly history: History;
  readonly config: Config;
}

export interface AuditingOptions {
  readonly store: Store;
  readonly normalise: Normalise;
  /** As it is by now. */
  readonly config: () => Config;
  readonly clock: Clock;
  readonly watcher: StoreWatcher;
  readonly telemetry: AuditTelemetry;
  /** Rejects with what the file system says, or with a UsageError of the key. */
  readonly leaveReports: (audited: Audited) => Promise<void>;
}

/** How often it is seen whether a run is due. */
const everyMs = 20_000;
/** After a run that failed. */
const restMs = 600_000;
/** Whoever dies with it keeps others from running for so long; a run takes minutes. */
const leaseMs = 7_200_000;

/** Audits when the schedule says so, until the signal; of several processes, one. */
export async function auditOnSchedule(
  options: AuditingOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, store, watcher, telemetry } = options;
  const begunAt = clock.now();
  const holder = randomUUID();
  for (let notBefore = 0; ;) {
    await clock.wait(everyMs, signal);
    if (signal.aborted) return;
    if (clock.now() < notBefore) continue;
    try {
      if (!(await isDue(options, begunAt))) continue;
      if (!(await takeLease(options, holder))) continue;
      try {
        // Another process may have just done it.
        if (await isDue(options, begunAt)) await audit(options, signal);
      } finally {
        await store.endLease({ key: leaseKey, holder });
      }
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      watcher.storeFailed(error);
      telemetry.failed(error.message);
      notBefore = clock.now() + restMs;
    }
  }
}

/** Since the last run that is kept, whoever made it; what was missed is made up for once. */
async function isDue({ config, store, clock }: AuditingOptions, begunAt: number): Promise<boolean> {
  const { schedule, timeZone: timezone } = config().audit;
  if (schedule === undefined) return false;
  const [last] = await store.auditRuns({ limit: 1, after: null });
  const next = new Cron(schedule, { paused: true, timezone })
    .nextRun(new Date(last?.startedAt ?? begunAt));
  return next !== null && next.getTime() <= clock.now();
}

const leaseKey = "audit";

function takeLease({ store, clock }: AuditingOptions, holder: string): Promise<boolean> {
  const now = clock.now();
  return store.takeLease({ key: leaseKey, holder, now, until: now + leaseMs });
}

/** One run; nothing is kept of one that the signal ends. */
async function audit(options: AuditingOptions, signal: AbortSignal): Promise<void> {
  const { store, normalise, clock, telemetry, leaveReports } = options;
  const config = options.config();
  const startedAt = clock.now();
  const measured = { asOf: startedAt, idleSeconds: config.tasks.idleSeconds };
  const history = await historyIn({ store, config, normalise }, measured);
  const snapshot = await snapshotOf(options, history, signal);
  if (signal.aborted) return;
  const at = snapshot.finishedAt ?? startedAt;
  const before = await runBefore(store);
  const { accounts } = snapshot;
  const report = await judgeAudit({ accounts, at, config, history, before, only: [] });
  const seconds = (clock.now() - startedAt) / 1000;
  telemetry.ended(report, seconds, await keepAudit(store, report, { startedAt, seconds }));
  try {
    await leaveReports({ report, snapshot, history, config });
  } catch (error) {
    const isTheirs = error instanceof UsageError || (error instanceof Error && "code" in error);
    if (!isTheirs) throw error;
    telemetry.reportFailed(error.message);
  }
}

/** What IAM tells of the config's accounts; of none, only that history knows them. */
async function snapshotOf(
  { config, clock, telemetry }: AuditingOptions,
  history: History,
  signal: AbortSignal,
): Promise<Snapshot> {
  const { aws, audit: { accounts } } = config();
  const begun = emptySnapshot(clock.now());
  if (accounts.length === 0) {
    const known = history.accounts().map((id) =>
      ({ ...notYetAsked, id, partition: "aws", isManagement: null }));
    return { ...begun, finishedAt: clock.now(), accounts: known };
  }
  const patience = {
    clock, signal, recovered: () => undefined,
    failed: ({ message }: Error) => { telemetry.throttled(message); },
  };
  return await collect({
    accounts: await Promise.all(accounts.map(({ id, assumeRole }) =>
      accountWanted(aws, { id, assumeRole, isManagement: null }, patience))),
    signal,
    now: () => clock.now(),
    wantsUseOf: isAgents(config(), history),
    save: () => Promise.resolve(),
  }, begun);
}
