import { levels, type Level } from "../detections/detection.ts";
import type { Finding } from "../findings/finding.ts";

/** Findings that are told together. */
export interface Digest {
  readonly count: number;
  readonly worst: Level;
  /** Worst first, among equals the most frequent; at most {@link linesMax}. */
  readonly lines: readonly DigestLine[];
  /** Findings of what has no line any more. */
  readonly restCount: number;
}

export interface DigestLine {
  readonly level: Level;
  readonly rule: string;
  readonly agent: string | null;
  readonly count: number;
  /** Of the first of them. */
  readonly id: string;
}

/** What a person reads; and Slack takes 3000 characters in a block. */
export const linesMax = 20;

/** What a digest tells of a finding. */
export type Gathered = Pick<Finding, "level" | "rule" | "agent" | "id">;

/** Null where there are none. */
export function digestOf(findings: readonly Gathered[]): Digest | null {
  const [first] = findings;
  if (first === undefined) return null;
  const byKey = new Map<string, DigestLine>();
  for (const { level, rule, agent, id } of findings) {
    const key = JSON.stringify([level, rule, agent?.name]);
    const known = byKey.get(key) ?? { level, rule, agent: agent?.name ?? null, id, count: 0 };
    byKey.set(key, { ...known, count: known.count + 1 });
  }
  const lines = [...byKey.values()].sort((a, b) =>
    levels.indexOf(b.level) - levels.indexOf(a.level) || b.count - a.count);
  const shown = lines.slice(0, linesMax);
  return {
    count: findings.length,
    worst: lines[0]?.level ?? first.level,
    lines: shown,
    restCount: findings.length - shown.reduce((sum, { count }) => sum + count, 0),
  };
}
