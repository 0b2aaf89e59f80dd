import type { TrailEvent } from "./events/event.ts";
import type { Normalise } from "./events/normalise.ts";
import type { ReadBatch } from "./records/read.ts";
import type { Rejection } from "./records/record.ts";
import { stateOf } from "./sessions/accumulate.ts";
import { groupKey } from "./sessions/group.ts";
import { issuanceOf } from "./sessions/issued.ts";
import { merge } from "./sessions/merge.ts";
import { richness } from "./sessions/richness.ts";
import type {
  Delivery,
  DeliveryCounts,
  EventStore,
  IngestTransaction,
  StoredEvent,
} from "./sessions/store.ts";

/**
 * A stretch of a delivery, or the whole of a small one; done with the transaction that takes it in.
 */
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
 * Some parts through the whole intake, in one transaction: records become events; those never seen
 * before are kept, change the state of their groups, and what they issued is noted; each delivery
 * is marked as done. Judging comes after, from what is stored, so nothing here depends on order.
 *
 * @param parts each delivery once
 */
export async function ingestParts(
  intake: Intake,
  parts: readonly Part[],
): Promise<readonly Ingested[]> {
  const read = parts.map((part) => ({ ...part, ...normalised(intake.normalise, part) }));
  return await intake.store.ingest(async (transaction) => {
    const fresh = await unseen(
      transaction,
      read.flatMap(({ arrivals }) => arrivals),
    );
    await keep(transaction, [...fresh]);
    const ingested: Ingested[] = [];
    for (const { delivery, batch, arrivals, rejections } of read) {
      const eventCount = arrivals.reduce((count, one) => (fresh.has(one) ? count + 1 : count), 0);
      const counts: DeliveryCounts = {
        eventCount,
        duplicateCount: arrivals.length - eventCount,
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

/** An event, and the file's bytes of its record where nothing was scrubbed from it. */
interface Arrival {
  readonly event: TrailEvent;
  readonly json: Buffer | undefined;
}

function normalised(
  normalise: Normalise,
  { delivery, batch }: Part,
): { arrivals: readonly Arrival[]; rejections: readonly Rejection[] } {
  const arrivals: Arrival[] = [];
  const rejections: Rejection[] = [...batch.rejections];
  for (const { record, json, index, offset } of batch.records) {
    const outcome = normalise(record);
    if ("event" in outcome) {
      const { event } = outcome;
      arrivals.push({ event, json: event.record === record ? json : undefined });
    } else rejections.push({ ...outcome.rejected, file: delivery.name, index, offset });
  }
  return { arrivals, rejections };
}

/** The events that no earlier delivery brought; of copies among them the first. */
async function unseen(
  transaction: IngestTransaction,
  arrivals: readonly Arrival[],
): Promise<ReadonlySet<Arrival>> {
  const keys = arrivals.map(({ event }) => event.key);
  const claimed = await transaction.claim(
    keys,
    arrivals.map(({ event }) => event.at),
  );
  const taken = new Set<string>();
  return new Set(
    arrivals.filter(({ event: { key } }) => {
      if (!claimed.has(key) || taken.has(key)) return false;
      taken.add(key);
      return true;
    }),
  );
}

async function keep(transaction: IngestTransaction, arrivals: readonly Arrival[]): Promise<void> {
  const groups = new Map<string, TrailEvent[]>();
  const stored: StoredEvent[] = [];
  for (const arrival of arrivals) {
    const { event } = arrival;
    const key = groupKey(event);
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [event]);
    else members.push(event);
    stored.push(storedEvent(arrival, key));
  }
  const known = await transaction.groups([...groups.keys()]);
  const states = [...groups].map(([key, members]) => {
    const gained = stateOf(key, members);
    const before = known.get(key);
    return before === undefined ? gained : merge(before, gained);
  });
  await transaction.append(stored);
  await transaction.saveGroups(states);
  const issuances = arrivals
    .map(({ event }) => issuanceOf(event))
    .filter((issuance) => issuance !== null);
  await transaction.addIssuances(issuances);
  await transaction.touch(issuances);
}

function storedEvent({ event, json }: Arrival, groupKey: string): StoredEvent {
  const isTwin = event.sharedId !== null && event.principal.kind !== "service";
  return {
    key: event.key,
    eventId: event.id,
    groupKey,
    at: event.at,
    record: event.record,
    json,
    sharedId: isTwin ? event.sharedId : null,
    richness: isTwin ? richness(event) : 0,
  };
}
