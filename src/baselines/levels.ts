import { baselineOf, type Baseline, type Memory } from "./baseline.ts";
import type { Levels } from "./deviation.ts";
import { byCategory } from "./day-bucket.ts";
import { DaySums } from "./day-sums.ts";
import type { Days, SubjectCounts } from "./seen-values.ts";
import { subjectKey, type Subject } from "./subject.ts";

/** What was learned of one subject. */
export interface Past {
  readonly subject: Subject;
  readonly days: Days;
  /**
   * Days before this one were reset: they do not count from it on. What began before it is judged
   * as it was. Null where none were.
   */
  readonly from: number | null;
}

/**
 * The baselines that judge sessions which begin on a day, subject by subject, each made once. The
 * result of a reset is a subject's alone: for others its past stays what it was.
 *
 * @param sums what sums of days were made before, so that they need not be made again
 */
export function levelsAsOf(
  pasts: readonly Past[],
  asOfDay: number,
  { memory, sums = new DaySums() }: Making,
): (subject: Subject) => Levels {
  const once = makingOnce();
  const first = asOfDay - memory.windowDays;
  const kinds = allKinds.map((kind) => {
    const ofKind = pasts.filter(({ subject }) => subject.kind === kind);
    const counted = sums.subjectsSince(first, ofKind.map(named));
    return { kind, days: sums.of(`kind ${kind}`, ofKind.map(({ days }) => days)), counted };
  });
  const fleet = once("fleet", () => baselineOf(
    sums.of("fleet", kinds.map(({ days }) => days)), { asOfDay },
    { level: "fleet", above: null, memory, counted: together(kinds) },
  ));
  const ofKind = (wanted: Subject["kind"]) => once(`kind ${wanted}`, () => {
    const { days = nothing, ...rest } = kinds.find(({ kind }) => kind === wanted) ?? {};
    return baselineOf(days, { asOfDay }, { level: "kind", above: fleet, memory, ...rest });
  });
  const own = ownAsOf(pasts, asOfDay, { memory, sums, above: ({ kind }) => ofKind(kind) });
  return (subject) => ({ own: own(subject), above: [ofKind(subject.kind), fleet] });
}

interface Making {
  readonly memory: Memory;
  readonly sums?: DaySums;
}

/** A subject's own levels, without making those above where these are not wanted. */
export function ownAsOf(
  pasts: readonly Past[],
  asOfDay: number,
  { memory, sums = new DaySums(), above = () => null }: Making & {
    readonly above?: (subject: Subject) => Baseline | null;
  },
): (subject: Subject) => Levels["own"] {
  const once = makingOnce();
  const own = (level: "agent" | "role", subject: Subject) => {
    const key = level === "role" ? subject.role : subjectKey(subject);
    return once(`${level} ${key} ${subject.kind}`, () => {
      const members = pasts.filter((past) =>
        (level === "role" ? past.subject.role : subjectKey(past.subject)) === key);
      const from = Math.max(...members.map((past) => resetBy(past, asOfDay)));
      const days = members.length === 1
        ? members[0]?.days ?? nothing
        : sums.of(`${level} ${key}`, members.map((past) => past.days));
      return baselineOf(days, { asOfDay, from }, { level, above: above(subject), memory });
    });
  };
  return (subject) => {
    const ofAgent = own("agent", subject);
    // The first that is mature judges: another need not be made.
    return ofAgent.isMature ? [ofAgent] : [ofAgent, own("role", subject)];
  };
}

function makingOnce(): (id: string, make: () => Baseline) => Baseline {
  const made = new Map<string, Baseline>();
  return (id, make) => {
    const before = made.get(id);
    if (before !== undefined) return before;
    const baseline = make();
    made.set(id, baseline);
    return baseline;
  };
}

/** The first day that counts as of a day. */
function resetBy({ from }: Past, asOfDay: number): number {
  return from !== null && from <= asOfDay ? from : -Infinity;
}

const nothing: Days = new Map();

function named({ subject, days }: Past): readonly [name: string, days: Days] {
  return [`${subjectKey(subject)} ${subject.kind}`, days];
}

const allKinds: readonly Subject["kind"][] = ["ai", "automation", "declared", "none"];

/** Of subjects of different kinds. */
function together(kinds: readonly { readonly counted: SubjectCounts }[]): SubjectCounts {
  return byCategory((category) => {
    const sum = new Map<string, number>();
    for (const { counted } of kinds) {
      for (const [value, count] of counted[category]) {
        sum.set(value, (sum.get(value) ?? 0) + count);
      }
    }
    return sum;
  });
}
