import { levels, type Level } from "../detections/detection.ts";
import type { Unread } from "./asked-parts.ts";
import type { Inventory } from "./inventory.ts";
import type { Judgement } from "./judge-account.ts";
import { isOpen, type Result } from "./result.ts";

/** What an audit comes to. */
export interface AuditReport {
  /** As of when it was judged, ms UTC. */
  readonly at: number;
  readonly accountIds: readonly string[];
  /** The worst first. */
  readonly judgements: readonly Result[];
  /** Failures of the run before that are none any more. */
  readonly fixed: readonly Result[];
  /** Failures of earlier runs of which nobody knows. */
  readonly carried: readonly Result[];
  /** As of when the run was that this one is compared with, ms UTC; null: none. */
  readonly comparedWith: number | null;
  readonly unread: readonly Unread[];
  readonly inventory: Inventory;
}

/** What failed, by level; then what is unknown; then what passed. */
export function worstFirst<T extends Judgement>(judgements: readonly T[]): readonly T[] {
  return [...judgements].sort((a, b) => rankOf(a) - rankOf(b) ||
    compare(a.check, b.check) || compare(a.account ?? "", b.account ?? "") ||
    compare(a.subject ?? "", b.subject ?? ""));
}

function rankOf({ result, level }: Judgement): number {
  switch (result) {
    case "fail":
      return levels.length - levels.indexOf(level);
    case "unknown":
      return 100;
    case "pass":
      return 200;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** How many failed and are not accepted, of each level that any did, the worst first. */
export function failuresByLevel(
  judgements: readonly Result[],
): readonly { readonly level: Level; readonly count: number }[] {
  return [...levels].reverse().flatMap((level) => {
    const count = judgements.filter((one) => isOpen(one) && one.level === level).length;
    return count === 0 ? [] : [{ level, count }];
  });
}

/** The same answer to several questions. */
export interface UnknownGroup {
  readonly because: string;
  /** The IAM action that would tell; null where none would. */
  readonly action: string | null;
  readonly account: string | null;
  readonly checks: readonly string[];
  /** ARNs and names of agents. */
  readonly subjects: readonly string[];
}

/** Most of what is unknown is so for one reason: each is said once. */
export function unknownGroups(judgements: readonly Judgement[]): readonly UnknownGroup[] {
  const groups = new Map<string, Judgement[]>();
  for (const judgement of judgements) {
    if (judgement.result !== "unknown") continue;
    const key = JSON.stringify([judgement.account, judgement.because]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [judgement]);
    else group.push(judgement);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { because, account, evidence: { action } } = first;
    return [{
      because, account, action: typeof action === "string" ? action : null,
      checks: [...new Set(group.map(({ check }) => check))].sort(),
      subjects: [...new Set(group.flatMap(({ subject }) => subject ?? []))].sort(),
    }];
  });
}
