import type { Config } from "../config/schema.ts";
import type { TrailEvent } from "../events/event.ts";
import type { Normalise } from "../events/normalise.ts";
import { isExpired } from "../facts/session-facts.ts";
import { usesIn, type JudgeContext } from "../findings/judge.ts";
import type { RawRecord } from "../records/record.ts";
import type { Issuance } from "../sessions/issuance.ts";
import { issuanceOf } from "../sessions/issued.ts";
import type { EventStore } from "../sessions/store.ts";

/** What is stored was normalised once; a record that no longer is was stored by a later version. */
export function eventsOf(
  records: readonly RawRecord[],
  normalise: Normalise,
): readonly TrailEvent[] {
  return records.flatMap((record) => {
    const outcome = normalise(record);
    return "event" in outcome ? [outcome.event] : [];
  });
}

/**
 * What a group's events needed from beyond it when they were judged: it is remembered, so that one
 * can see whether it still is so.
 */
export class Beyond {
  /** What events issued, by event key. */
  readonly issued = new Map<string, Issuance>();
  /** Calls made with what has expired, by the key of the event that issued it. */
  readonly uses = new Map<string, number>();
  /** Of calls delivered to several accounts, the event key of the copy to judge. */
  readonly winners = new Map<string, string>();
}

type From = { readonly store: EventStore; readonly config: Config };

/** What some events need from beyond their group: uses of what they issued, and twins. */
export async function gatherEvents(
  from: From,
  { events, asOf }: { readonly events: readonly TrailEvent[]; readonly asOf: number },
  beyond: Beyond = new Beyond(),
): Promise<JudgeContext> {
  const issued: Issuance[] = [];
  const shared: string[] = [];
  for (const event of events) {
    const issuance = issuanceOf(event);
    if (issuance !== null) {
      issued.push(issuance);
      beyond.issued.set(event.key, issuance);
    }
    const sharedId = twinOf(event);
    if (sharedId !== null && !beyond.winners.has(sharedId)) shared.push(sharedId);
  }
  await countUses(from, { issued, asOf }, beyond);
  if (shared.length > 0) {
    for (const [id, key] of await from.store.sharedWinners(shared)) beyond.winners.set(id, key);
  }
  return contextOf(from, asOf, beyond);
}

/** What is known of events that were gathered before. */
export function contextOf({ config }: From, asOf: number, beyond: Beyond): JudgeContext {
  return {
    config,
    asOf,
    issuedBy: ({ key }) => beyond.issued.get(key) ?? null,
    useCountOf: ({ eventKey }) => beyond.uses.get(eventKey) ?? 0,
    isTwinJudged: (event) => {
      const sharedId = twinOf(event);
      return sharedId === null || (beyond.winners.get(sharedId) ?? event.key) === event.key;
    },
  };
}

/** The id that copies of the call in other accounts share; AWS's own calls are judged each. */
export function twinOf({ sharedId, principal }: TrailEvent): string | null {
  return principal.kind === "service" ? null : sharedId;
}

/** Counts the uses of what has expired and was not counted. */
export async function countUses(
  { store }: Pick<From, "store">,
  { issued, asOf }: { readonly issued: Iterable<Issuance>; readonly asOf: number },
  { uses }: Pick<Beyond, "uses">,
): Promise<void> {
  const due = [...issued].filter((one) => isExpired(one, asOf) && !uses.has(one.eventKey));
  if (due.length === 0) return;
  const users = await store.usesOf(due);
  for (const one of due) uses.set(one.eventKey, usesIn(one, users.get(one.eventKey) ?? []));
}
