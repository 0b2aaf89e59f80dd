import { baselineOf, type Baseline, type Memory } from "./baseline.ts";
import type { Days } from "./chronicle.ts";
import { Chronicles } from "./chronicles.ts";
import type { Levels } from "./deviation.ts";
import { Incidences, together } from "./incidences.ts";
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
 * @param chronicles what was told for other days, so that it need not be told again
 */
export function levelsAsOf(
  pasts: readonly Past[],
  asOfDay: number,
  { memory, chronicles = new Chronicles() }: Making,
): (subject: Subject) => Levels {
  const once = makingOnce();
  const window = { first: asOfDay - memory.windowDays, asOfDay };
  chronicles.forgetBefore(window.first);
  const kinds = new Map(allKinds.map((kind) => {
    const ofKind = pasts.filter(({ subject }) => subject.kind === kind);
    const told = ofKind.map((past) => ({ ...past, chronicle: chronicles.of(nameOf(past)) }));
    const counts = chronicles.counted(kind).within(window, told);
    return [kind, { days: ofKind.map(({ days }) => days), counts }] as const;
  }));
  const all = [...kinds.values()];
  const ofAll = new Incidences(together(all.map(({ counts }) => counts)), null);
  const incidences = new Map([...kinds].map(([kind, { counts }]) =>
    [kind, new Incidences(counts, ofAll)]));
  const fleet = () => once("fleet", () => baselineOf(
    all.flatMap(({ days }) => days), { asOfDay },
    { level: "fleet", above: null, memory, chronicle: chronicles.of("fleet") },
  ));
  const ofKind = (kind: Subject["kind"]) => once(`kind ${kind}`, () => baselineOf(
    kinds.get(kind)?.days ?? [], { asOfDay },
    { level: "kind", above: ofAll, memory, chronicle: chronicles.of(`kind ${kind}`) },
  ));
  const own = ownAsOf(pasts, asOfDay, {
    memory, chronicles, above: ({ kind }) => incidences.get(kind) ?? null,
  });
  return (subject) => {
    const kind = ofKind(subject.kind);
    return { own: own(subject), above: kind.isMature ? [kind] : [kind, fleet()] };
  };
}

interface Making {
  readonly memory: Memory;
  readonly chronicles?: Chronicles;
}

/** A subject's own levels, without making those above where these are not wanted. */
export function ownAsOf(
  pasts: readonly Past[],
  asOfDay: number,
  { memory, chronicles = new Chronicles(), above = () => null }: Making & {
    readonly above?: (subject: Subject) => Incidences | null;
  },
): (subject: Subject) => Levels["own"] {
  const once = makingOnce();
  const byRole = grouped(pasts, ({ role }) => role);
  const byAgent = grouped(pasts, subjectKey);
  const own = (level: "agent" | "role", key: string, subject: Subject) =>
    once(`${level} ${key} ${subject.kind}`, () => {
      const members = (level === "role" ? byRole : byAgent).get(key) ?? [];
      const [only, ...others] = members;
      const name = only !== undefined && others.length === 0 ? nameOf(only) : `${level} ${key}`;
      const from = Math.max(...members.map((past) => resetBy(past, asOfDay)));
      const rest = { above: above(subject), memory, chronicle: chronicles.of(name) };
      return baselineOf(members.map(({ days }) => days), { asOfDay, from }, { level, ...rest });
    });
  return (subject) => {
    const key = subjectKey(subject);
    const ofAgent = own("agent", key, subject);
    // The first that is mature judges: another need not be made.
    if (ofAgent.isMature) return [ofAgent];
    const isAlone = byRole.get(subject.role)?.length === byAgent.get(key)?.length;
    const ofRole = isAlone
      ? once(`role ${subject.role} ${subject.kind}`, () => ({ ...ofAgent, level: "role" }))
      : own("role", subject.role, subject);
    return [ofAgent, ofRole];
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

function nameOf({ subject }: Past): string {
  return `of ${subjectKey(subject)} ${subject.kind}`;
}

function grouped(
  pasts: readonly Past[],
  keyOf: (subject: Subject) => string,
): ReadonlyMap<string, readonly Past[]> {
  const groups = new Map<string, Past[]>();
  for (const past of pasts) {
    const key = keyOf(past.subject);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [past]);
    else members.push(past);
  }
  return groups;
}

const allKinds: readonly Subject["kind"][] = ["ai", "automation", "declared", "none"];
