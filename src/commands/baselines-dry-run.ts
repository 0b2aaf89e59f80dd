import type { App } from "../app.ts";
import type { KnownSubject } from "../baselines/store.ts";
import type { BaselineView } from "../baselines/overview.ts";
import type { Level } from "../detections/detection.ts";
import { baselineViews } from "../judging/baseline-overview.ts";

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
  subjects: readonly KnownSubject[],
  asOfDay: number,
): Promise<readonly DryRun[]> {
  const views = await baselineViews(app, subjects, asOfDay);
  const bySession = await lowFindings(app);
  const fromDay = asOfDay - app.config.baselines.windowDays;
  const reports: DryRun[] = [];
  for (const [i, { subject }] of subjects.entries()) {
    const view = views[i];
    if (view?.maturity !== "learning") continue;
    const sessions = await app.store.comparedSessions({ subject, fromDay, limit: sessionsMax });
    const found = sessions.flatMap(({ sessionId }) => bySession.get(sessionId) ?? []);
    const { role, agent, missing } = view;
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
