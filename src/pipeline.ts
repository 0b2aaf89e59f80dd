import type { TrailEvent } from "./events/event.ts";
import type { Normalise } from "./events/normalise.ts";
import type { ReadBatch } from "./records/read.ts";
import type { Rejection } from "./records/record.ts";
import { stateOf } from "./sessions/accumulate.ts";
import { groupKey } from "./sessions/group.ts";
import { issuanceOf } from "./sessions/issued.ts";
import { signOf, signOfFile } from "./sessions/origin.ts";
import { merge } from "./sessions/merge.ts";
import { richness } from "./sessions/richness.ts";
import type { GroupState } from "./sessions/state.ts";
import type {
  Delivery,
  DeliveryCounts,
  EventStore,
  IngestTransaction,
  Revised,
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
  /** Its events that no delivery brought before. */
  readonly fresh: readonly TrailEvent[];
}

/** What a group gained with one transaction. */
export interface Gain {
  /** Its state as it was saved. */
  readonly state: GroupState;
  /** What it was before: 0 and 0 for a new group. */
  readonly before: { readonly revision: number; readonly eventCount: number };
  readonly events: readonly TrailEvent[];
  /** Of the events' records, as JSON. */
  readonly bytes: number;
}

/** What a transaction took in: counts, in the order of the parts, and what was new, by group. */
export interface TakenIn {
  readonly ingested: readonly Ingested[];
  readonly gains: readonly Gain[];
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
): Promise<TakenIn> {
  const read = parts.map((part) => ({ ...part, ...normalised(intake.normalise, part) }));
  return await intake.store.ingest(async (transaction) => {
    const fresh = await unseen(
      transaction,
      read.flatMap(({ arrivals }) => arrivals),
    );
    const gains = await keep(transaction, [...fresh]);
    const signs = [
      ...read.map(({ delivery }) => signOfFile(delivery.name)),
      ...[...fresh].map(({ event }) => signOf(event)),
    ];
    await transaction.heard(signs.filter((sign) => sign !== null));
    const ingested: Ingested[] = [];
    for (const { delivery, batch, arrivals, rejections } of read) {
      const own = arrivals.filter((one) => fresh.has(one)).map(({ event }) => event);
      const eventCount = own.length;
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
      ingested.push({ ...counts, rejections, fresh: own });
    }
    return { ingested, gains };
  });
}

/** An event, and its record as JSON: the file's bytes where nothing was scrubbed from it. */
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

async function keep(
  transaction: IngestTransaction,
  arrivals: readonly Arrival[],
): Promise<readonly Gain[]> {
  const groups = new Map<string, { events: TrailEvent[]; bytes: number }>();
  const stored: StoredEvent[] = [];
  for (const arrival of arrivals) {
    const { event } = arrival;
    const key = groupKey(event);
    const one = storedEvent(arrival, key);
    stored.push(one);
    const gain = groups.get(key) ?? { events: [], bytes: 0 };
    groups.set(key, gain);
    gain.events.push(event);
    gain.bytes += one.json.length;
  }
  const known = await transaction.groups([...groups.keys()]);
  const gains = [...groups].map(([key, gain]) => gained(key, gain, known.get(key)));
  await transaction.append(stored);
  await transaction.saveGroups(gains.map(({ state }) => state));
  const issuances = arrivals
    .map(({ event }) => issuanceOf(event))
    .filter((issuance) => issuance !== null);
  await transaction.addIssuances(issuances);
  await transaction.touch(issuances);
  return gains;
}

function gained(
  key: string,
  gain: Pick<Gain, "events" | "bytes">,
  known: Revised | undefined,
): Gain {
  const own = stateOf(key, gain.events);
  if (known === undefined) {
    return { ...gain, state: own, before: { revision: 0, eventCount: 0 } };
  }
  const before = { revision: known.revision, eventCount: known.state.eventCount };
  return { ...gain, state: merge(known.state, own), before };
}

function storedEvent(
  { event, json }: Arrival,
  groupKey: string,
): StoredEvent & { readonly json: Buffer } {
  const isTwin = event.sharedId !== null && event.principal.kind !== "service";
  return {
    key: event.key,
    eventId: event.id,
    groupKey,
    at: event.at,
    record: event.record,
    json: json ?? Buffer.from(JSON.stringify(event.record)),
    sharedId: isTwin ? event.sharedId : null,
    richness: isTwin ? richness(event) : 0,
  };
}
