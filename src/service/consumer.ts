import type { AwsFaultCode } from "../aws/fault.ts";
import type { Committer } from "./committer.ts";
import { damageOf, metIn, nothingMet } from "../records/damaged.ts";
import type { ReadBatch } from "../records/read.ts";
import type { ReadingChoice } from "../reading-choice.ts";
import type { Room } from "./room.ts";
import type { Cursor, Delivery, EventStore } from "../sessions/store.ts";
import { retryDelayMs } from "../sources/backoff.ts";
import type { Clock } from "../sources/clock.ts";
import type { Fault, Handover, Parcel, Poison, Source } from "../sources/source.ts";
import type { SourceWatcher } from "../sources/source.ts";
import { StoreFault } from "../storage/fault.ts";

/** What became of what a source handed over. */
export type Outcome = "committed" | "known" | "empty" | "poison" | "returned";

export interface ConsumerWatcher extends SourceWatcher {
  received(source: string): void;
  ended(source: string, outcome: Outcome, about: Ended): void;
}

export interface Ended {
  readonly name: string;
  readonly poison: Poison | null;
}

export interface ConsumerOptions {
  readonly store: Pick<EventStore, "isDone" | "ingest">;
  readonly committer: Committer;
  readonly watcher: ConsumerWatcher;
  /** Asked for each parcel: a reload may change it. */
  readonly choice: () => ReadingChoice;
  readonly room: Room;
  readonly clock: Clock;
}

/**
 * Of one source, worked on at the same time: the most that a queue's `concurrency` may be, which is
 * its own bound below this. How much is held of each, `room` bounds.
 */
const inHandMax = 256;
/**
 * So long an object that may not be read is waited for. Then others have its place: a few dozen of
 * one key that is disabled would otherwise be all that a source works on.
 */
const deniedMsMax = 10 * 60_000;
/** What one record costs while in hand, beside its text: what it was parsed to. */
const parsedFactor = 3;
/** CloudTrail's files inflate seven to ten times. */
const inflatedFactor = 10;
/** A large file is read piece by piece, so that no more of it is in hand. */
const inHandBytesMax = 16 * 1024 ** 2;
const smallBytes = 16 * 1024;

/** Takes in what sources hand over, and acknowledges what is committed. */
export class Consumer {
  readonly #options: ConsumerOptions;

  constructor(options: ConsumerOptions) {
    this.#options = options;
  }

  /**
   * Until the source ends, or the signal ends it; then when everything in hand is committed and
   * acknowledged, or given back.
   */
  async consume(source: Source, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const inHand = new Set<Promise<void>>();
    for await (const handover of source.handovers(signal)) {
      const work = this.#take(source, handover, signal);
      inHand.add(work);
      const forget = () => inHand.delete(work);
      work.then(forget, forget);
      if (inHand.size >= inHandMax) await Promise.race(inHand);
    }
    await Promise.all(inHand);
  }

  async #take(source: Source, handover: Handover, signal: AbortSignal): Promise<void> {
    const { watcher } = this.#options;
    const { name } = handover;
    watcher.received(source.name);
    const taken = await this.#takeParcels({ source, handover, signal });
    if (taken === "returned" || taken === "put-off") {
      await handover.giveBack(taken === "returned" ? "later" : taken);
      watcher.ended(source.name, "returned", { name, poison: null });
    } else if (typeof taken === "object") {
      await handover.giveBack("poison");
      watcher.ended(source.name, "poison", { name, poison: taken });
    } else {
      await handover.acknowledge();
      watcher.ended(source.name, taken, { name, poison: null });
    }
  }

  /** One bad parcel does not keep the others out. */
  async #takeParcels(of: InHand): Promise<Exclude<Outcome, "poison"> | "put-off" | Poison> {
    const { handover } = of;
    let poison = handover.poison;
    let isNew = false;
    for (const parcel of handover.parcels) {
      const taken = await this.#takeParcel(of, parcel);
      if (taken === "returned" || taken === "put-off") return taken;
      if (typeof taken === "object") poison ??= taken;
      if (taken === "committed") isNew = true;
    }
    if (handover.cursor !== undefined && !(await this.#keep(handover.cursor))) return "returned";
    if (poison !== null) return poison;
    if (handover.parcels.length === 0) return "empty";
    return isNew ? "committed" : "known";
  }

  /** After everything before it: what is read again after a crash is known by its events. */
  async #keep(cursor: Cursor): Promise<boolean> {
    try {
      await this.#options.store.ingest((transaction) => transaction.keepCursor(cursor));
      return true;
    } catch (error) {
      if (error instanceof StoreFault) return false;
      throw error;
    }
  }

  async #takeParcel(of: InHand, parcel: Parcel): Promise<Taken> {
    const { delivery } = parcel;
    if (delivery.isRemembered !== false) {
      const { mark } = this.#options.choice();
      if (await this.#isDone(delivery.id, mark)) return "known";
      // Read once, and found damaged: its records are in, and it goes where poison goes.
      const isPoison = await this.#isDone(poisonId(delivery), mark);
      if (isPoison) return damagedObject(delivery, "it was read before, and is damaged.");
    }
    return await this.#readPatiently(of, parcel);
  }

  /** Whether it was read whole, or with the same choice of records as now. */
  async #isDone(id: string, mark: string): Promise<boolean> {
    const { store } = this.#options;
    return (await store.isDone(id)) || (mark !== "" && (await store.isDone(`${id}${mark}`)));
  }

  /** What may heal is waited for here: the source keeps it ours, and counts no failure. */
  async #readPatiently(of: InHand, parcel: Parcel): Promise<Taken> {
    const { source, signal } = of;
    const { room, watcher, clock } = this.#options;
    const stored = (parcel.storedBytes ?? smallBytes) * inflatedFactor;
    const bytes = Math.min(stored, inHandBytesMax) * parsedFactor;
    let waitedMs = 0;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await room.within(bytes, () => this.#read(of, parcel));
      } catch (error) {
        if (error instanceof StoreFault) return "returned";
        if (!isFault(error)) throw error;
        const isPutOff = denials.has(error.code) && waitedMs >= deniedMsMax;
        const delayMs = error.retryable && !isPutOff ? retryDelayMs(attempt) : null;
        watcher.failed(source.name, error, delayMs);
        if (isPutOff) return "put-off";
        if (delayMs === null) return { reason: "bad-object", detail: error.message };
        if (signal.aborted) return "returned";
        await clock.wait(delayMs, signal);
        waitedMs += delayMs;
      }
    }
  }

  /**
   * Every piece is committed by itself or with others'; the last one with the mark that the whole
   * is done. What breaks off is read again from its start: pieces are cut where the network cut
   * them, and their events are known by then.
   */
  async #read({ source, handover }: InHand, parcel: Parcel): Promise<Taken> {
    const { committer, choice } = this.#options;
    const { delivery } = parcel;
    const { read, mark } = choice();
    const commit = (of: Delivery, batch: ReadBatch) => committer.commit({
      part: { delivery: of, batch }, source: source.name, receivedAt: handover.receivedAt,
    });
    let met = nothingMet;
    let held: ReadBatch | null = null;
    for await (const batch of parcel.batches(read)) {
      if (held !== null) await commit({ ...delivery, isRemembered: false }, held);
      met = metIn(met, batch);
      held = batch;
    }
    const damage = damageOf(met);
    const id = `${damage === null ? delivery.id : poisonId(delivery)}${mark}`;
    await commit({ ...delivery, id }, held ?? emptyBatch);
    return damage === null ? "committed" : damagedObject(delivery, damage.detail);
  }
}

type Taken = "committed" | "known" | "returned" | "put-off" | Poison;

/** Faults of an object that people must mend. */
const denials: ReadonlySet<string> = new Set<AwsFaultCode>(["denied", "kms-denied"]);

interface InHand {
  readonly source: Source;
  readonly handover: Handover;
  readonly signal: AbortSignal;
}

const emptyBatch: ReadBatch = {
  records: [], rejections: [], others: {}, skippedCount: 0, bytes: 0,
};

/** What an object that is damaged is done as: its readable records are in, and it stays poison. */
function poisonId({ id }: Delivery): string {
  return `${id}!`;
}

function damagedObject({ name }: Delivery, detail: string): Poison {
  return { reason: "bad-object", detail: `${name}: ${detail}` };
}

function isFault(error: unknown): error is Fault {
  return error instanceof Error && "retryable" in error && "subject" in error;
}
