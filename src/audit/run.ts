import type { Level } from "../detections/detection.ts";
import type { Mode } from "../sessions/attribution.ts";
import type { Unread } from "./asked-parts.ts";
import type { AgentIdentity } from "./inventory.ts";
import type { AuditReport } from "./audit-report.ts";
import { isOpen, type Result } from "./result.ts";

/** What stays of a run. Instants in ms UTC. */
export interface AuditRun {
  readonly id: number;
  readonly startedAt: number;
  /** As of when it judged. */
  readonly at: number;
  readonly seconds: number;
  readonly accountIds: readonly string[];
  readonly checks: readonly CheckCounts[];
  readonly changes: Readonly<Record<AuditChange, number>>;
  readonly identities: readonly IdentityCount[];
  readonly unread: readonly Unread[];
}

export const auditChanges = ["new", "fixed", "accepted"] as const;
export type AuditChange = (typeof auditChanges)[number];

export interface CheckCounts {
  readonly check: string;
  readonly level: Level;
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  /** Failures that are not accepted, carried ones too. */
  readonly open: number;
}

export interface IdentityCount {
  readonly kind: AgentIdentity["kind"];
  readonly mode: Mode;
  readonly count: number;
}

/** A run with all that the next one, and people, want to know of it. */
export interface WholeRun {
  readonly run: Omit<AuditRun, "id">;
  /** The worst first; accepted and carried ones too. */
  readonly failures: readonly Result[];
  readonly identities: readonly AgentIdentity[];
}

export interface Took {
  readonly startedAt: number;
  readonly seconds: number;
}

export function wholeRun(report: AuditReport, took: Took): WholeRun {
  const { at, accountIds, judgements, carried, fixed, unread, inventory } = report;
  const failures = [...judgements.filter(({ result }) => result === "fail"), ...carried];
  return {
    failures,
    identities: inventory.identities,
    run: {
      ...took, at, accountIds, unread,
      checks: checkCounts(judgements, carried),
      changes: {
        new: failures.filter(({ change }) => change === "new").length,
        fixed: fixed.length,
        accepted: failures.filter(({ accepted }) => accepted !== null).length,
      },
      identities: identityCounts(inventory.identities),
    },
  };
}

export function checkCounts(
  judgements: readonly Result[],
  carried: readonly Result[],
): readonly CheckCounts[] {
  const counts = new Map<string, { -readonly [K in keyof CheckCounts]: CheckCounts[K] }>();
  const of = ({ check, level }: Result) => {
    const known = counts.get(check) ?? { check, level, pass: 0, fail: 0, unknown: 0, open: 0 };
    counts.set(check, known);
    return known;
  };
  for (const judgement of judgements) {
    const count = of(judgement);
    count[judgement.result] += 1;
    if (isOpen(judgement)) count.open += 1;
  }
  for (const one of carried) if (isOpen(one)) of(one).open += 1;
  return [...counts.values()].sort((a, b) => a.check < b.check ? -1 : 1);
}

function identityCounts(identities: readonly AgentIdentity[]): readonly IdentityCount[] {
  const counts = new Map<string, IdentityCount>();
  for (const { kind, mode } of identities) {
    const key = `${kind} ${mode}`;
    counts.set(key, { kind, mode, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
}
