import { contributionOf } from "../baselines/compared.ts";
import { placingOf } from "../baselines/placing.ts";
import { sightOf } from "../baselines/sight.ts";
import type { Learnable } from "../baselines/store.ts";
import type { TrailEvent } from "../events/event.ts";
import type { GrowingFact } from "../findings/growing.ts";
import { GroupJudge, type SessionGroup } from "../findings/judge.ts";
import type { Judgement } from "../findings/store.ts";
import type { GroupLookup } from "./context.ts";
import type { BaselineBook } from "./baseline-book.ts";
import { Beyond, contextOf, eventsOf, gatherEvents } from "./beyond.ts";
import type { Bench } from "./bench.ts";
import {
  growthOf, issuedRules, noteToolCalls, takeIn, type Growth, type KnownJudgement, type Onward,
} from "./known-group.ts";
import { SessionProfiles } from "./session-profiles.ts";
import { sessionsOf } from "../sessions/derive.ts";
import type { Revised } from "../sessions/store.ts";

/** A group that is marked, and what is known of it. */
export interface Marked extends Pick<Onward, "asOf" | "news" | "isForeign" | "isExpired"> {
  readonly revised: Revised;
  readonly lookup: GroupLookup;
  /** As of what was learned by `baselinesVersion`. */
  readonly baselines: BaselineBook;
  readonly baselinesVersion: number;
  /** How it was judged before; null where that is not known. */
  readonly before: KnownJudgement | null;
  /** Else what its events needed from beyond it is let go of with each page of them. */
  readonly isRemembered: boolean;
}

export interface Outcome {
  readonly judgement: Judgement;
  readonly revision: number;
  readonly of: SessionGroup;
  /**
   * Null where it is not to be remembered, or the store held other events than the state tells of:
   * it was just changing.
   */
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
  const { revised: { state: group }, lookup, news, before, isForeign, baselines } = marked;
  const split = { group, sessions: sessionsOf(group, lookup) };
  const whole = { ...marked, split, eventCount: group.eventCount };
  if (before === null || before.eventCount + news.length !== group.eventCount) {
    return await judgeWhole(bench, whole, growing);
  }
  for (const event of news) before.profiles.note(split, event);
  const of = { ...split, compared: await baselines.compare(split, before.profiles) };
  const growth = await growthOf(bench.store, { before, onward: { ...marked, of }, growing });
  if (growth === "all" || (growth.rules.size > 0 && before.events === null)) {
    return await judgeWhole(bench, whole, growing);
  }
  const isAddition = !isForeign && growth.rules.size === 0;
  const { judge } = await goOn(bench, { before, marked, of, growth }, growing);
  const known = { ...before, of, lookup, eventCount: group.eventCount };
  const judgement = isAddition
    ? { ...judge.news(), sessions: changedSessions(before, of.sessions) }
    : judge.whole();
  return outcomeOf(judgement, marked, known);
}

/** With what baselines learn of the sessions it tells of. */
function outcomeOf(
  judgement: Judgement,
  { revised: { revision }, baselinesVersion }: Marked,
  known: KnownJudgement,
): Outcome {
  const learnables = learnablesOf(judgement.sessions, known);
  return {
    judgement: { ...judgement, revision, learnables, baselinesVersion },
    revision,
    of: known.of,
    known,
  };
}

function learnablesOf(
  sessions: Judgement["sessions"],
  { of: { compared }, judge }: KnownJudgement,
): readonly Learnable[] {
  return sessions.flatMap(({ id }) => {
    const own = compared.get(id);
    if (own === undefined) return [];
    const { subject, day, deviation } = own;
    return [{
      sessionId: id, subject, day,
      contribution: contributionOf(own),
      placing: placingOf(deviation),
      sight: sightOf(own),
      blemishes: judge.blemishes(id),
    }];
  });
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

interface Whole extends Marked {
  readonly split: Pick<SessionGroup, "group" | "sessions">;
  readonly eventCount: number;
}

async function judgeWhole(
  bench: Bench,
  whole: Whole,
  growing: readonly GrowingFact[],
): Promise<Outcome> {
  const { split, lookup, eventCount, asOf, baselines, isRemembered } = whole;
  const { events, pages, profiles, count } = await lookOver(bench, whole);
  const of = { ...split, compared: await baselines.compare(split, profiles) };
  const known: KnownJudgement = {
    judge: new GroupJudge(of, bench.rules), of, lookup, eventCount, events, profiles,
    beyond: new Beyond(), toolCalls: new Map(), awaiting: new Map(),
  };
  for await (const some of pages) {
    const beyond = isRemembered ? known.beyond : new Beyond();
    const context = await gatherEvents(bench, { events: some, asOf }, beyond);
    if (isRemembered) takeIn(known, { events: some, context }, growing);
    else for (const event of some) known.judge.add(event, context);
  }
  const outcome = outcomeOf(known.judge.whole(), whole, known);
  return isRemembered && count === eventCount ? outcome : { ...outcome, known: null };
}

/** What is to be known of all events before the first is judged; they are read twice if need be. */
async function lookOver(bench: Bench, whole: Whole): Promise<{
  /** Null where memory does not hold them. */
  readonly events: TrailEvent[] | null;
  readonly pages: AsyncIterable<readonly TrailEvent[]> | Iterable<readonly TrailEvent[]>;
  readonly profiles: SessionProfiles;
  readonly count: number;
}> {
  const { split } = whole;
  const profiles = new SessionProfiles();
  const events = heldEvents(whole);
  if (events !== null) {
    for (const event of events) profiles.note(split, event);
    return { events, pages: [events], profiles, count: events.length };
  }
  let count = 0;
  let held: (readonly TrailEvent[])[] | null = [];
  for await (const page of readEvents(bench, split.group.key)) {
    for (const event of page.events) profiles.note(split, event);
    count += page.recordCount;
    if (count > readOnceMax) held = null;
    held?.push(page.events);
  }
  return { events, pages: held ?? eventPages(bench, split.group.key), profiles, count };
}

/** Events that may be held to be looked at twice; of a longer group all are read again. */
const readOnceMax = 1000;

async function* readEvents(
  { store, normalise }: Bench,
  groupKey: string,
): AsyncGenerator<{ readonly recordCount: number; readonly events: readonly TrailEvent[] }> {
  for await (const records of store.recordsOf(groupKey)) {
    yield { recordCount: records.length, events: eventsOf(records, normalise) };
  }
}

async function* eventPages(bench: Bench, groupKey: string): AsyncGenerator<readonly TrailEvent[]> {
  for await (const { events } of readEvents(bench, groupKey)) yield events;
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
