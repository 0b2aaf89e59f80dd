import type { TrailEvent } from "./events/event.ts";
import type { GrowingFact } from "./findings/growing.ts";
import { GroupJudge, type SessionGroup } from "./findings/judge.ts";
import { sightOf } from "./findings/sight.ts";
import type { Judgement } from "./findings/store.ts";
import type { GroupLookup } from "./judging-context.ts";
import { Beyond, contextOf, eventsOf, gatherEvents } from "./judging-events.ts";
import type { Bench } from "./judging-bench.ts";
import { growthOf, noteToolCalls, type KnownJudgement, type Onward } from "./known-group.ts";
import { sessionsOf } from "./sessions/derive.ts";
import type { Revised } from "./sessions/store.ts";

/** A group that is marked, and what is known of it. */
export interface Marked extends Pick<Onward, "asOf" | "news" | "isForeign" | "isExpired"> {
  readonly revised: Revised;
  readonly lookup: GroupLookup;
  /** How it was judged before; null where that is not known. */
  readonly before: KnownJudgement | null;
}

export interface Outcome {
  readonly judgement: Judgement;
  readonly revision: number;
  readonly of: SessionGroup;
  /** Null where the store held other events than the state tells of: it was just changing. */
  readonly known: KnownJudgement | null;
}

/**
 * Judges a group: only what is new where earlier events would be judged as they were, and else what
 * changed for them, from memory or from the store. All of it gives the same as judging everything.
 */
export async function judgeGroup(
  bench: Bench,
  marked: Marked,
  growing: readonly GrowingFact[],
): Promise<Outcome> {
  const { revised: { state: group, revision }, lookup, news, before, asOf, isForeign } = marked;
  const of = { group, sessions: sessionsOf(group, lookup) };
  const sight = sightOf(of, growing);
  const isWhole = before === null || before.eventCount + news.length !== group.eventCount;
  const growth = isWhole
    ? "all"
    : await growthOf(bench.store, { before, onward: { ...marked, group, sight }, growing });
  const base = { of, lookup, sight, eventCount: group.eventCount };
  if (!isWhole && growth !== "all" && (growth.length === 0 || before.events !== null)) {
    const { judge, beyond, toolCalls } = before;
    const rules = new Set(growth.flatMap((fact) => [...fact.rules]));
    judge.goOn(of);
    judge.forget(rules);
    const again = contextOf(bench, asOf, beyond);
    if (rules.size > 0) for (const event of before.events ?? []) judge.add(event, again, rules);
    const context = await gatherEvents(bench, { events: news, asOf }, beyond);
    for (const event of news) judge.add(event, context);
    noteToolCalls(toolCalls, group, rules.size > 0 ? [...(before.events ?? []), ...news] : news);
    before.events?.push(...news);
    const known = { ...base, judge, beyond, toolCalls, events: before.events };
    const isAddition = !isForeign && rules.size === 0;
    const judgement = isAddition
      ? { ...judge.news(), sessions: changedSessions(before, of.sessions) }
      : judge.whole();
    return { judgement: { ...judgement, revision }, revision, of, known };
  }
  return await judgeWhole(bench, { ...marked, ...base });
}

type Whole = Marked & Pick<KnownJudgement, "of" | "lookup" | "sight" | "eventCount">;

async function judgeWhole(bench: Bench, whole: Whole): Promise<Outcome> {
  const { revised: { revision }, of, lookup, sight, eventCount, asOf } = whole;
  const judge = new GroupJudge(of, bench.rules);
  const beyond = new Beyond();
  const toolCalls = new Map<string, string | null>();
  const add = async (events: readonly TrailEvent[]) => {
    const context = await gatherEvents(bench, { events, asOf }, beyond);
    for (const event of events) judge.add(event, context);
    noteToolCalls(toolCalls, of.group, events);
  };
  const events = heldEvents(whole);
  let count = events?.length ?? 0;
  if (events !== null) await add(events);
  else {
    for await (const records of bench.store.recordsOf(of.group.key)) {
      count += records.length;
      await add(eventsOf(records, bench.normalise));
    }
  }
  const judgement = { ...judge.whole(), revision };
  if (count !== eventCount) return { judgement, revision, of, known: null };
  return {
    judgement,
    revision,
    of,
    known: { judge, of, lookup, sight, beyond, toolCalls, events, eventCount },
  };
}

/** All of the group's events, where memory has them. */
function heldEvents({ before, news, eventCount }: Whole): TrailEvent[] | null {
  const earlier = before === null ? [] : before.events;
  if (earlier === null || earlier.length + news.length !== eventCount) return null;
  return [...earlier, ...news];
}

/**
 * Without a change of sight, a session changes only with events that it, or its credentials (in a
 * windowed group, in other windows) gain.
 */
function changedSessions(
  { of }: KnownJudgement,
  sessions: Judgement["sessions"],
): Judgement["sessions"] {
  const counts = new Map(of.sessions.map((session) => [session.id, countsOf(session)]));
  return sessions.filter((session) => counts.get(session.id) !== countsOf(session));
}

function countsOf({ eventCount, credentials }: Judgement["sessions"][number]): string {
  return `${eventCount} ${credentials.map(({ useCount }) => useCount).join()}`;
}
