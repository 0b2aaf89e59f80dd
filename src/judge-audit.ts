import { setImmediate as nextTurn } from "node:timers/promises";
import type { AuditReport } from "./audit/audit-report.ts";
import { unreadOf } from "./audit/asked-parts.ts";
import { worstFirst } from "./audit/audit-report.ts";
import { auditJudgement } from "./audit/audit-findings.ts";
import type { History } from "./audit/history.ts";
import { inventoryInTurns, type Inventory } from "./audit/inventory.ts";
import { judgeAccount, judgeAgents } from "./audit/judge-account.ts";
import { compared, type Result } from "./audit/result.ts";
import { wholeRun, type Took } from "./audit/run.ts";
import type { Account } from "./audit/snapshot.ts";
import type { Setting } from "./audit/verdict.ts";
import type { Config } from "./config/schema.ts";
import type { FindingChange } from "./findings/store.ts";
import type { Store } from "./storage/store.ts";

export interface Auditing {
  readonly accounts: readonly Account[];
  /** As of when, ms UTC. */
  readonly at: number;
  readonly config: Config;
  readonly history: History;
  /** Only these checks; empty: all. */
  readonly only: readonly string[];
  /** Null: there was none. */
  readonly before: RunBefore | null;
}

/** The run that this one is compared with. */
export interface RunBefore {
  /** As of when it judged, ms UTC. */
  readonly at: number;
  readonly failures: readonly Result[];
}

/**
 * Puts every check to everybody, beside what the run before found; in turns, since a service that
 * audits has others to answer.
 */
export async function judgeAudit(auditing: Auditing): Promise<AuditReport> {
  const { accounts, at, config, history, only, before } = auditing;
  const setting = settingOf(config, at);
  const isWanted = ({ check }: { readonly check: string }) =>
    only.length === 0 || only.includes(check);
  const judgements = judgeAgents(history, setting).filter(isWanted);
  for (const account of accounts) {
    for (const some of judgeAccount({ account, config, setting, history })) {
      judgements.push(...some.filter(isWanted));
      await nextTurn();
    }
  }
  const { results, fixed, carried } = compared(judgements, {
    before: before?.failures.filter((one) => isWanted(one) && isAmong(one, accounts)) ?? null,
    accepted: config.audit.accepted,
    at,
    known: new Set(accounts.filter(({ identities }) => identities.known).map(({ id }) => id)),
  });
  return {
    at, fixed, carried,
    accountIds: accounts.map(({ id }) => id),
    judgements: worstFirst(results),
    comparedWith: before?.at ?? null,
    unread: unreadOf(accounts),
    inventory: await inventory(inventoryInTurns({ accounts, config, history })),
  };
}

async function inventory(turns: ReturnType<typeof inventoryInTurns>): Promise<Inventory> {
  for (;;) {
    const turn = turns.next();
    if (turn.done === true) return turn.value;
    await nextTurn();
  }
}

/** What was not asked about is not compared. */
function isAmong({ account }: Result, accounts: readonly Account[]): boolean {
  return account === null || accounts.some(({ id }) => id === account);
}

export function settingOf({ audit, response }: Config, now: number): Setting {
  const { carrier, policyName } = response;
  return { ...audit, now, denyPolicyName: carrier === "managed" ? policyName : null };
}

type Keeping = Pick<Store, "auditRuns" | "auditFailures" | "keepAudit" | "judged">;

/** What the latest run left; null: there was none. */
export async function runBefore(store: Keeping): Promise<RunBefore | null> {
  const [run] = await store.auditRuns({ limit: 1, after: null });
  if (run === undefined) return null;
  const failures = await store.auditFailures({}, { limit: Number.MAX_SAFE_INTEGER, after: null });
  return { at: run.at, failures: failures.map(({ item }) => item) };
}

/**
 * Keeps a run, for the next to be compared with; its worst failures are findings, so that receivers
 * are told of new ones.
 */
export async function keepAudit(
  store: Keeping,
  report: AuditReport,
  took: Took,
): Promise<readonly FindingChange[]> {
  const whole = wholeRun(report, took);
  const { changes } = await store.judged([auditJudgement(whole.failures)]);
  await store.keepAudit(whole);
  return changes;
}
