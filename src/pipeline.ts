import type { TrailEvent } from "./events/event.ts";
import type { Normalise } from "./events/normalise.ts";
import type { ReadBatch } from "./records/read.ts";
import type { Rejection } from "./records/record.ts";
import { stateOf } from "./sessions/accumulate.ts";
import { groupKey } from "./sessions/group.ts";
import { issuanceOf } from "./sessions/issued.ts";
import { merge } from "./sessions/merge.ts";
import { richness } from "./sessions/richness.ts";
import type { Delivery, DeliveryCounts, EventStore, IngestTransaction, StoredEvent } from "./sessions/store.ts";

/** A stretch of a delivery, or the whole of a small one; done with the transaction that takes it in. */
export interface Part {
  /** A delivery of several parts names each by itself. */
  readonly delivery: Delivery;
  readonly batch: ReadBatch;
}

/** What one part came to. */
export interface Ingested extends DeliveryCounts {
  readonly rejections: readonly Rejection[];
}

export interface Intake {
  readonly store: EventStore;
  readonly normalise: Normalise;
}

/**
 * Some parts through the whole intake, in one transaction: records become events; those never seen before are kept,
 * change the state of their groups, and what they issued is noted; each delivery is marked as done. Judging comes
 * after, from what is stored, so nothing here depends on order.
 *
 * @param parts each delivery once
 */
export async function ingestParts(intake: Intake, parts: readonly Part[]): Promise<readonly Ingested[]> {
  const read = parts.map((part) => ({ ...part, ...normalised(intake.normalise, part) }));
  return await intake.store.ingest(async (transaction) => {
    const fresh = await unseen(transaction, read.flatMap(({ events }) => events));
    await keep(transaction, [...fresh]);
    const ingested: Ingested[] = [];
    for (const { delivery, batch, events, rejections } of read) {
      const eventCount = events.reduce((count, event) => (fresh.has(event) ? count + 1 : count), 0);
      const counts: DeliveryCounts = {
        eventCount,
        duplicateCount: events.length - eventCount,
        skippedCount: batch.skippedCount,
        rejectedCount: rejections.length,
        bytes: batch.bytes,
        others: batch.others,
      };
      await transaction.reject(rejections);
      await transaction.finish(delivery, counts);
      ingested.push({ ...counts, rejections });
    }
    return ingested;
  });
}

function normalised(
  normalise: Normalise,
  { delivery, batch }: Part,
): { events: readonly TrailEvent[]; rejections: readonly Rejection[] } {
  const events: TrailEvent[] = [];
  const rejections: Rejection[] = [...batch.rejections];
  for (const { record, index, offset } of batch.records) {
    const outcome = normalise(record);
    if ("event" in outcome) events.push(outcome.event);
    else rejections.push({ ...outcome.rejected, file: delivery.name, index, offset });
  }
  return { events, rejections };
}

/** The events that no earlier delivery brought; of copies among them the first. */
async function unseen(
  transaction: IngestTransaction,
  events: readonly TrailEvent[],
): Promise<ReadonlySet<TrailEvent>> {
  const claimed = await transaction.claim(events.map(({ key }) => key), events.map(({ at }) => at));
  const taken = new Set<string>();
  return new Set(events.filter(({ key }) => {
    if (!claimed.has(key) || taken.has(key)) return false;
    taken.add(key);
    return true;
  }));
}

async function keep(transaction: IngestTransaction, events: readonly TrailEvent[]): Promise<void> {
  const groups = new Map<string, TrailEvent[]>();
  const stored: StoredEvent[] = [];
  for (const event of events) {
    const key = groupKey(event);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [event]);
    else members.push(event);
    stored.push(storedEvent(event, key));
  }
  const known = await transaction.groups([...groups.keys()]);
  const states = [...groups].map(([key, members]) => {
    const gained = stateOf(key, members);
    const before = known.get(key);
    return before === undefined ? gained : merge(before, gained);
  });
  await transaction.append(stored);
  await transaction.saveGroups(states);
  const issuances = events.map(issuanceOf).filter((issuance) => issuance !== null);
  await transaction.addIssuances(issuances);
  await transaction.touch(issuances);
}

function storedEvent(event: TrailEvent, groupKey: string): StoredEvent {
  const isTwin = event.sharedId !== null && event.principal.kind !== "service";
  return {
    key: event.key,
    eventId: event.id,
    groupKey,
    at: event.at,
    record: event.record,
    sharedId: isTwin ? event.sharedId : null,
    richness: isTwin ? richness(event) : 0,
  };
}
