import type { ReadBatch, ReadOptions } from "../records/read.ts";
import type { Cursor, Delivery } from "../sessions/store.ts";

/** Where CloudTrail comes from, without end. */
export interface Source {
  /** As the config names it: a metric's label. */
  readonly name: string;
  readonly kind: "sqs" | "lookup-events" | "directory" | "s3";
  /**
   * What it hands over, until the signal; then it ends, and takes nothing more. It reads ahead only
   * as far as whoever asks for the next one allows. It never throws for what may heal by itself: it
   * tries again, and tells `watcher`.
   */
  handovers(signal: AbortSignal): AsyncIterable<Handover>;
}

/** What a source hands over and gets acknowledged as one: a message, a file, a page. */
export interface Handover {
  /** For people and logs, never a label, e.g. `message 5fea…`. */
  readonly name: string;
  /** When it became visible to us, in ms UTC: an SQS message's SentTimestamp. */
  readonly receivedAt: number;
  /** Each is taken in by itself; none: there is nothing to read in it (a test message). */
  readonly parcels: readonly Parcel[];
  /** What of it can never be read, e.g. a body that is none of those known; null when all can. */
  readonly poison: Poison | null;
  /** Where the source goes on after this, kept in the same transaction as its last parcel. */
  readonly cursor?: Cursor;
  /** Everything in it is committed. What goes wrong here heals by redelivery. */
  acknowledge(): Promise<void>;
  /** It is not taken in. */
  giveBack(why: GivenBack): Promise<void>;
}

/**
 * Why something is given back. `poison`: it never can be read, and is to use up its receives;
 * `later`: the program stops, and somebody else may have it at once; `put-off`: it may not be read
 * for so long now that others should have its place.
 */
export type GivenBack = "poison" | "later" | "put-off";

/** Something that can never be read, however often it comes. */
export interface Poison {
  readonly reason: PoisonReason;
  /** One sentence for a person. */
  readonly detail: string;
}

/** A closed set: it is a metric label. */
export const poisonReasons = [
  "not-json", // a body that is no JSON, nor a text AWS sends on set-up
  "unknown-shape", // JSON that is none of the known bodies
  "bad-object", // an object that is damaged, or no CloudTrail
  "too-large", // an object beyond its bound
  "foreign-bucket", // an object in a bucket that the config does not name
  "foreign-requester", // written by somebody else than CloudTrail
] as const;
export type PoisonReason = (typeof poisonReasons)[number];

/** Records that are taken in as one: an object, or the record in a message. */
export interface Parcel {
  readonly delivery: Delivery;
  /** As stored, compressed perhaps: how much room to keep for it. Absent: small. */
  readonly storedBytes?: number;
  /**
   * Its records, piece by piece. Throws a Fault, such as `not-found`; may be asked for again after
   * one that is retryable, and then begins anew.
   */
  batches(read: ReadOptions): AsyncIterable<ReadBatch>;
}

/** What sources tell of themselves while they go on. */
export interface SourceWatcher {
  /** Something failed and is tried again after `delayMs`; null: it is not tried again. */
  failed(source: string, fault: Fault, delayMs: number | null): void;
  /** It works again. */
  recovered(source: string): void;
  /** Messages waiting in a queue, as far as it can tell. */
  depth(source: string, queue: "main" | "dead-letter", messageCount: number): void;
  /** One more GET, and its bytes as stored: what reading costs. */
  fetched(source: string, bytes: number): void;
}

/** The world failing: typed, retryable or not. `AwsFault` and `SourceFault` are such. */
export interface Fault extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly subject: string;
}
