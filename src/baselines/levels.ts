import { baselineOf, type Baseline, type Memory } from "./baseline.ts";
import type { Levels } from "./deviation.ts";
import type { Days } from "./seen-values.ts";
import { subjectKey, type Subject } from "./subject.ts";

/** What was learned of one subject. */
export interface Past {
  readonly subject: Subject;
  readonly days: Days;
  /** Days before this one were reset; null where none were. */
  readonly from: number | null;
}

/**
 * The baselines that judge sessions which begin on a day, subject by subject, each made once. The
 * result of a reset is a subject's alone: for others its past stays what it was.
 */
export function levelsAsOf(
  pasts: readonly Past[],
  asOfDay: number,
  memory: Memory,
): (subject: Subject) => Levels {
  const made = new Map<string, Baseline>();
  const level = (
    [name, key]: readonly [Baseline["level"], string],
    above: Baseline | null,
    isOf: (subject: Subject) => boolean,
  ): Baseline => {
    const id = `${name} ${key}`;
    const before = made.get(id);
    if (before !== undefined) return before;
    const members = pasts.filter(({ subject }) => isOf(subject));
    const isOwn = name === "agent" || name === "role";
    const from = isOwn ? Math.max(...members.map((past) => past.from ?? -Infinity)) : -Infinity;
    const days = members.map((past) => past.days);
    const baseline = baselineOf(days, { asOfDay, from }, { level: name, above, memory });
    made.set(id, baseline);
    return baseline;
  };
  return (subject) => {
    const { role, kind } = subject;
    const fleet = level(["fleet", ""], null, () => true);
    const alike = level(["kind", kind], fleet, (other) => other.kind === kind);
    const own = subjectKey(subject);
    const ofRole = level(["role", role], alike, (other) => other.role === role);
    const ofAgent = level(["agent", own], alike, (other) => subjectKey(other) === own);
    return { own: [ofAgent, ofRole], above: [alike, fleet] };
  };
}
