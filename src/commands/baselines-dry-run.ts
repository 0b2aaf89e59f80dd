import type { App } from "../app.ts";
import type { BaselineView } from "../baselines/overview.ts";
import type { Level } from "../detections/detection.ts";

/** What baseline rules told of a role that still learns, in the days that are compared with. */
export interface DryRun extends Pick<BaselineView, "role" | "agent" | "missing"> {
  readonly sessions: number;
  /** Stranger than what like agents, or all, are. */
  readonly unusual: number;
  readonly findings: readonly {
    readonly rule: string;
    readonly level: Level;
    readonly count: number;
    /** The latest of them. */
    readonly example: { readonly id: string; readonly because: string };
  }[];
}

export async function dryRun(
  app: App,
  views: readonly BaselineView[],
  asOfDay: number,
): Promise<readonly DryRun[]> {
  const bySession = await lowFindings(app);
  const fromDay = asOfDay - app.config.baselines.windowDays;
  const reports: DryRun[] = [];
  for (const { role, agent, maturity, missing } of views) {
    if (maturity !== "learning") continue;
    const chosen = { subject: { role, agent }, fromDay, limit: sessionsMax };
    const sessions = await app.store.comparedSessions(chosen);
    const found = sessions.flatMap(({ sessionId }) => bySession.get(sessionId) ?? []);
    reports.push({
      role, agent, missing,
      sessions: sessions.length,
      unusual: sessions.filter(({ placing }) => placing.isUnusual).length,
      findings: byRule(found),
    });
  }
  return reports;
}

/** A role that learns has few; one that never ends to learn may have more, the latest of which. */
const sessionsMax = 10_000;

interface Told {
  readonly id: string;
  readonly rule: string;
  readonly level: Level;
  readonly because: string;
}

/** Findings of rules that ask baselines, by session, the latest first. */
async function lowFindings({ store, rules }: App): Promise<ReadonlyMap<string, readonly Told[]>> {
  const asking = new Set(rules.detections.filter(({ isBudgeted }) => isBudgeted)
    .map(({ name }) => name));
  const found = new Map<string, Told[]>();
  for await (const page of store.findings()) {
    for (const { id, rule, level, because, confidence, session, verdict } of page) {
      if (session === null || confidence !== "low" || !asking.has(rule)) continue;
      if (verdict === "withdrawn") continue;
      found.set(session.id, [...(found.get(session.id) ?? []), { id, rule, level, because }]);
    }
  }
  return found;
}

function byRule(found: readonly Told[]): DryRun["findings"] {
  const rules = new Map<string, DryRun["findings"][number]>();
  for (const { id, rule, level, because } of found) {
    const key = `${rule} ${level}`;
    const known = rules.get(key) ?? { rule, level, count: 0, example: { id, because } };
    rules.set(key, { ...known, count: known.count + 1 });
  }
  return [...rules.values()].sort((a, b) => b.count - a.count || (a.rule < b.rule ? -1 : 1));
}
