import { hash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { TrailEvent } from "./events/event.ts";
import type { FactContext } from "./facts/fact.ts";
import { readInstant } from "./events/instant.ts";
import type { Citation, Page, Slice } from "./findings/lists.ts";
import type { Bench } from "./judging/bench.ts";
import { gatherContexts } from "./judging/context.ts";
import { sessionsOf } from "./sessions/derive.ts";
import { sessionFor } from "./sessions/find.ts";
import type { Session } from "./sessions/session.ts";
import type { GroupState } from "./sessions/state.ts";

/** An event, whose it is, and the findings that name it as evidence. */
export interface TimelineEntry extends Pick<FactContext, "event" | "session" | "credential"> {
  readonly citations: readonly Citation[];
}

export interface Asked {
  readonly groupKeys: readonly string[];
  /** Only this session's. */
  readonly sessionId?: string;
  /** ms UTC. */
  readonly since?: number | undefined;
  /** Exclusive. */
  readonly until?: number | undefined;
  /** Whoever asks may leave before all is read. */
  readonly signal?: AbortSignal;
}

type Reading = Pick<Bench, "store" | "config" | "normalise">;

/**
 * A page of events in order of time. Records are stored by group, in no order: each page reads the
 * groups through, and holds no more than one block of them and the page itself.
 */
export async function eventsInTime(
  reading: Reading,
  asked: Asked,
  slice: Slice,
): Promise<Page<TimelineEntry>> {
  const earliest = new Earliest(asked, slice);
  for (const groupKey of asked.groupKeys) {
    const owner = await ownerOf(reading, groupKey);
    if (owner === null) continue;
    for await (const records of reading.store.recordsOf(groupKey)) {
      for (const record of records) {
        if (!earliest.mayTake(readInstant(record["eventTime"]))) continue;
        const outcome = reading.normalise(record);
        if ("event" in outcome) earliest.take(outcome.event, owner);
      }
      // Others are answered in between.
      await nextTurn();
      asked.signal?.throwIfAborted();
    }
  }
  const { placed, next } = earliest.page();
  const sessions = placed.map(({ session }) => session).filter((session) => session !== null);
  const citations = await reading.store.citations(
    [...new Map(sessions.map((session) => [session.groupKey + session.id, session])).values()],
    placed.map(({ event }) => event.id),
  );
  const items = placed.map(({ event, session, credential }) => ({
    event, session, credential,
    citations: citations.filter(({ eventIds }) => eventIds.includes(event.id)),
  }));
  return { items, next };
}

type Placed = Omit<TimelineEntry, "citations">;
type Owner = (event: TrailEvent) => Pick<Placed, "session" | "credential">;

/** Tells whose a group's events are; null where the group is gone by now. */
async function ownerOf({ store, config }: Reading, groupKey: string): Promise<Owner | null> {
  const group: GroupState | null = await store.group(groupKey);
  if (group === null) return null;
  const contexts = await gatherContexts(store, config, [group]);
  const sessions: readonly Session[] = sessionsOf(group, contexts(group));
  return (event) => sessionFor(group, sessions, event) ?? { session: null, credential: null };
}

/** The earliest events behind a place, one more than a page holds, of all it is shown. */
class Earliest {
  readonly #asked: Asked;
  readonly #slice: Slice;
  readonly #since: number;
  readonly #after: EventPlace | null;
  readonly #kept: (Placed & { readonly place: EventPlace })[] = [];

  constructor(asked: Asked, slice: Slice) {
    this.#asked = asked;
    this.#slice = slice;
    this.#after = slice.after === null
      ? null
      : [Number(slice.after[0]), String(slice.after[1])];
    this.#since = Math.max(asked.since ?? -Infinity, this.#after?.[0] ?? -Infinity);
  }

  /** Told by its time alone, before more is made of a record. */
  mayTake(at: number | null): boolean {
    if (at === null || at < this.#since || at >= (this.#asked.until ?? Infinity)) return false;
    return this.#kept.length <= this.#slice.limit || at <= (this.#kept.at(-1)?.event.at ?? at);
  }

  take(event: TrailEvent, owner: Owner): void {
    const place = placeOf(event);
    if (this.#after !== null && compare(place, this.#after) <= 0) return;
    const owned = owner(event);
    const { sessionId } = this.#asked;
    if (sessionId !== undefined && owned.session?.id !== sessionId) return;
    const index = this.#kept.findLastIndex((kept) => compare(kept.place, place) <= 0) + 1;
    this.#kept.splice(index, 0, { event, ...owned, place });
    if (this.#kept.length > this.#slice.limit + 1) this.#kept.pop();
  }

  page(): { readonly placed: readonly Placed[]; readonly next: Page<never>["next"] } {
    const placed = this.#kept.slice(0, this.#slice.limit);
    const last = placed.at(-1);
    const isMore = this.#kept.length > placed.length && last !== undefined;
    return { placed, next: isMore ? last.place : null };
  }
}

type EventPlace = readonly [at: number, digest: string];

/** Events of one second are many; a key may be of any length. */
function placeOf({ at, key }: TrailEvent): EventPlace {
  return [at, hash("sha256", key, "hex").slice(0, 32)];
}

function compare(a: EventPlace, b: EventPlace): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}
