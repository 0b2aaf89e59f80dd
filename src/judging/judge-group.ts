import type { TrailEvent } from "../events/event.ts";
import type { GrowingFact } from "../findings/growing.ts";
import { GroupJudge, type SessionGroup } from "../findings/judge.ts";
import type { Judgement } from "../findings/store.ts";
import type { GroupLookup } from "./context.ts";
import { Beyond, contextOf, eventsOf, gatherEvents } from "./beyond.ts";
import type { Bench } from "./bench.ts";
import {
  growthOf, issuedRules, noteToolCalls, takeIn, type Growth, type KnownJudgement, type Onward,
} from "./known-group.ts";
import { sessionsOf } from "../sessions/derive.ts";
import type { Revised } from "../sessions/store.ts";

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
  const { revised: { state: group, revision }, lookup, news, before, isForeign } = marked;
  const of = { group, sessions: sessionsOf(group, lookup) };
  const base = { of, lookup, eventCount: group.eventCount };
  if (before === null || before.eventCount + news.length !== group.eventCount) {
    return await judgeWhole(bench, { ...marked, ...base }, growing);
  }
  const growth = await growthOf(bench.store, { before, onward: { ...marked, of }, growing });
  if (growth === "all" || (growth.rules.size > 0 && before.events === null)) {
    return await judgeWhole(bench, { ...marked, ...base }, growing);
  }
  const isAddition = !isForeign && growth.rules.size === 0;
  const known = await goOn(bench, { before, marked, of, growth }, growing);
  const judgement = isAddition
    ? { ...known.judge.news(), sessions: changedSessions(before, of.sessions) }
    : known.judge.whole();
  return { judgement: { ...judgement, revision }, revision, of, known: { ...known, ...base } };
}

/** Judges again what has to be, then what is new. */
async function goOn(
  bench: Bench,
  { before, marked: { asOf, news }, of, growth }: {
    readonly before: KnownJudgement;
    readonly marked: Marked;
    readonly of: SessionGroup;
    readonly growth: Growth;
  },
  growing: readonly GrowingFact[],
): Promise<KnownJudgement> {
  const { judge, beyond } = before;
  judge.goOn(of);
  judge.forget(growth.rules);
  if (growth.rules.size > 0 && before.events !== null) {
    const again = contextOf(bench, asOf, beyond);
    for (const event of before.events) judge.add(event, again, growth.rules);
    noteToolCalls(before.toolCalls, of.group, before.events);
  }
  const context = await gatherEvents(bench, { events: news, asOf }, beyond);
  for (const event of growth.ripe) judge.add(event, context, issuedRules(growing));
  takeIn({ ...before, of }, { events: news, context }, growing);
  before.events?.push(...news);
  return before;
}

type Whole = Marked & Pick<KnownJudgement, "of" | "lookup" | "eventCount">;

async function judgeWhole(
  bench: Bench,
  whole: Whole,
  growing: readonly GrowingFact[],
): Promise<Outcome> {
  const { revised: { revision }, of, lookup, eventCount, asOf } = whole;
  const events = heldEvents(whole);
  const known: KnownJudgement = {
    judge: new GroupJudge(of, bench.rules), of, lookup, eventCount, events,
    beyond: new Beyond(), toolCalls: new Map(), awaiting: new Map(),
  };
  const add = async (some: readonly TrailEvent[]) => {
    const context = await gatherEvents(bench, { events: some, asOf }, known.beyond);
    takeIn(known, { events: some, context }, growing);
  };
  let count = events?.length ?? 0;
  if (events !== null) await add(events);
  else {
    for await (const records of bench.store.recordsOf(of.group.key)) {
      count += records.length;
      await add(eventsOf(records, bench.normalise));
    }
  }
  const judgement = { ...known.judge.whole(), revision };
  return { judgement, revision, of, known: count === eventCount ? known : null };
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
