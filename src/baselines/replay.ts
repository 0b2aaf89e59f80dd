import type { Memory } from "./baseline.ts";
import { bucketOf, type Contribution } from "./day-bucket.ts";
import { deviationOf, type Deviation } from "./deviation.ts";
import { levelsAsOf, type Past } from "./levels.ts";
import type { Budget } from "./standing.ts";
import { subjectKey, type Subject } from "./subject.ts";
import type { Traits } from "./traits.ts";

/** A session as history knows it. */
export interface PastSession {
  readonly id: string;
  readonly subject: Subject;
  readonly voice: number;
  /** On which it began, since the epoch, UTC. */
  readonly day: number;
  readonly traits: Traits;
}

export interface Replayed {
  readonly session: PastSession;
  readonly deviation: Deviation;
}

/**
 * History judged and learned day by day, as if nobody had known what came later: the definition
 * of what a service must come to however late and often it hears of things. Sessions of one id
 * count once; their order is of no matter.
 *
 * @param isLearned whether a session, being judged so, teaches (see `learning.ts`)
 */
export function* replay(
  sessions: Iterable<PastSession>,
  { memory, budget }: { readonly memory: Memory; readonly budget: Budget },
  isLearned: (replayed: Replayed) => boolean,
): Generator<Replayed> {
  const pasts = new Map<string, Past>();
  for (const [day, ofDay] of grouped(inOrder(sessions), ({ day }) => day)) {
    const levels = levelsAsOf([...pasts.values()], day, { memory });
    const judged = ofDay.map((session): Replayed =>
      ({ session, deviation: deviationOf(session, levels(session.subject), budget) }));
    yield* judged;
    const learned = judged.filter(isLearned);
    for (const [key, members] of grouped(learned, ({ session }) => subjectKey(session.subject))) {
      const subject = members[0]?.session.subject;
      if (subject === undefined) continue;
      const days = new Map(pasts.get(key)?.days).set(day, bucketOf(members.map(contributionOf)));
      pasts.set(key, { subject, days, from: null });
    }
  }
}

export function contributionOf({ session, deviation }: Replayed): Contribution {
  const { voice, traits } = session;
  return { voice, traits, ...deviation.learned };
}

function inOrder(sessions: Iterable<PastSession>): readonly PastSession[] {
  const known = new Map([...sessions].map((session) => [session.id, session]));
  return [...known.values()].sort((a, b) => a.day - b.day || (a.id < b.id ? -1 : 1));
}

function grouped<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const members = groups.get(keyOf(item));
    if (members === undefined) groups.set(keyOf(item), [item]);
    else members.push(item);
  }
  return groups;
}
