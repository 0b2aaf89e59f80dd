import type { RawRecord, Rejection } from "../records/record.ts";
import type { Issuance } from "./issuance.ts";
import type { Sign } from "./origin.ts";
import type { Session } from "./session.ts";
import type { GroupState } from "./state.ts";

/** What a source hands over and is acknowledged as one: a file, an object, a message. */
export interface Delivery {
  /** Unique per content, e.g. `file:<path>#<size>-<mtime>` or `s3://bucket/key#etag`. */
  readonly id: string;
  readonly name: string;
  /** When it reached us, in ms UTC: how long its mark is kept. Absent: for ever. */
  readonly receivedAt?: number;
  /**
   * False for what comes in such numbers that a mark each costs more than it saves: it is counted,
   * and its events are told by their keys when they come again.
   */
  readonly isRemembered?: boolean;
}

/** Where a source goes on after a restart, kept with what it had read by then. */
export interface Cursor {
  /** e.g. `lookup-events/audit/111122223333/eu-west-1` */
  readonly name: string;
  /** The source's own, as JSON; null forgets it. */
  readonly data: string | null;
}

/** An event on its way in: its dedup key, its group, its time, and its scrubbed record. */
export interface StoredEvent {
  readonly key: string;
  readonly eventId: string;
  readonly groupKey: string;
  readonly at: number;
  readonly record: RawRecord;
  /** Bytes of JSON that parse to exactly `record`, where there are any; else they are written. */
  readonly json?: Buffer | undefined;
  /** Set when another account's copy may arrive: `sharedEventID`; null for AWS's own principals. */
  readonly sharedId: string | null;
  /** How much of the caller the copy tells; the richest is judged. */
  readonly richness: number;
}

/**
 * A group as it was read, and its revision: a number that grows with every change, mark and
 * judgement.
 */
export interface Revised {
  readonly state: GroupState;
  readonly revision: number;
}

/**
 * What one delivery does to the store, all or nothing. Every method belongs to the transaction it
 * was given in. Groups read through it are locked against other writers until it ends.
 */
export interface IngestTransaction {
  /**
   * The keys never seen before; from now on they are seen. Duplicates within `keys` count once.
   * `times` are the events' instants, one per key: give them always or never (a key digests its
   * time, so a key has one), since they are part of what is remembered. They keep what is near in
   * time together on disk.
   */
  claim(keys: readonly string[], times?: readonly number[]): Promise<ReadonlySet<string>>;
  /**
   * Stores claimed events. The record must be JSON as parsed, and comes back as it went in, but
   * that numbers JSON cannot write (`-0`, beyond 1.8e308) come back as 0 and null. Groups that hold
   * another copy of a shared event are marked.
   */
  append(events: readonly StoredEvent[]): Promise<void>;
  /** Those groups that exist. */
  groups(keys: readonly string[]): Promise<ReadonlyMap<string, Revised>>;
  /**
   * Writes states and marks their groups to be judged again; this raises a revision by one. A
   * group's access keys only grow. Also marked are the groups that asked for credentials which were
   * swept as expired, of which uses still come.
   */
  saveGroups(states: readonly GroupState[]): Promise<void>;
  addIssuances(issuances: readonly Issuance[]): Promise<void>;
  /**
   * Marks groups to be judged again: those a principal id's issuance may open, with creation within
   * 2 s of `at` or not told; of a sign-in session, all of the principal's.
   */
  touch(
    children: readonly {
      readonly principalId: string | null;
      readonly accessKeyId: string | null;
      readonly at: number;
      readonly signInSessionArn?: string | null;
    }[],
  ): Promise<void>;
  /** Notes in which hours origins were heard: told twice, it is as told once. */
  heard(signs: readonly Sign[]): Promise<void>;
  reject(rejections: readonly Rejection[]): Promise<void>;
  /**
   * Marks the delivery as done, with what it held and what was rejected since the last one.
   * Finished twice, it counts as it did the first time.
   */
  finish(delivery: Delivery, counts: DeliveryCounts): Promise<void>;
  keepCursor(cursor: Cursor): Promise<void>;
}

export interface DeliveryCounts {
  readonly eventCount: number;
  readonly duplicateCount: number;
  readonly skippedCount: number;
  readonly rejectedCount: number;
  readonly bytes: number;
  /** Objects told apart from API records, by kind. */
  readonly others?: Readonly<Partial<Record<string, number>>>;
}

/**
 * A principal, and when what it was issued matters: names repeat, and a function's role session has
 * thousands of issuances of one name.
 */
export interface IssuedWithin {
  readonly principalId: string;
  /** Instants in ms UTC, both inclusive. */
  readonly from: number;
  readonly to: number;
}

/** Events, groups and what is derived of them. */
export interface EventStore {
  isDone(deliveryId: string): Promise<boolean>;
  /** The data of the cursor of this name, or null. */
  cursor(name: string): Promise<string | null>;
  ingest<T>(work: (transaction: IngestTransaction) => Promise<T>): Promise<T>;
  /**
   * Groups marked to be judged, in order of the UTC day they began on, then of key, at most
   * `limit`, after `after`.
   */
  dirtyGroups(
    limit: number,
    after?: Pick<GroupState, "key" | "firstAt">,
  ): Promise<readonly Revised[]>;
  /**
   * Marks every group where what is judged by (rules, config, program) is other than last time.
   *
   * @param basis a digest of it
   */
  judgeUnder(basis: string): Promise<void>;
  /**
   * Marks the groups that asked for credentials which have expired by this instant (ms UTC) and had
   * not when this was last asked: whether a credential was used is judged when it can be no longer.
   * Raises the revision of each such group by one, and returns their keys.
   */
  sweep(expiredBy: number): Promise<ReadonlySet<string>>;
  /** The latest instant by which anything was swept; null before. */
  sweptBy(): Promise<number | null>;
  /** The records of a group, block by block, in no order. */
  recordsOf(groupKey: string): AsyncIterable<readonly RawRecord[]>;
  /** Every stored record, group by group in key order: what `scan --events` prints. */
  allRecords(): AsyncIterable<{
    readonly groupKey: string;
    readonly records: readonly RawRecord[];
  }>;
  /** The group an event id belongs to, and the record; several when an id was reused. */
  recordsById(
    eventId: string,
  ): Promise<readonly { readonly groupKey: string; readonly record: RawRecord }[]>;
  group(key: string): Promise<GroupState | null>;
  /** Issuances that may have opened these keys, or sessions of these principals. */
  issuancesFor(
    accessKeyIds: readonly string[],
    principals: readonly IssuedWithin[],
  ): Promise<readonly Issuance[]>;
  /**
   * For each issuance (by event key) the groups that used what it issued: by key, or by principal
   * id with creation within 2 s.
   */
  usesOf(issuances: readonly Issuance[]): Promise<ReadonlyMap<string, readonly GroupState[]>>;
  /**
   * Of these `sharedEventID`s' copies, the event key of the one to judge (richest identity, then
   * smallest key).
   */
  sharedWinners(sharedIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  sessions(): AsyncIterable<readonly Session[]>;
  /** The latest first; a bounded number of them is kept. */
  rejections(limit: number): Promise<readonly Rejection[]>;
  counts(): Promise<StoreCounts>;
  /** The latest event time known; null while there is none. */
  latestAt(): Promise<number | null>;
  /**
   * Forgets groups whose last event is before `before`, with their events, sessions and hits, and
   * findings that are older too and hang on no remaining group. Returns events removed.
   */
  retain(before: number): Promise<number>;
}

/**
 * `eventCount` is what is stored now; duplicates, skipped, rejected and others are all that were
 * ever met.
 */
export interface StoreCounts {
  readonly eventCount: number;
  readonly duplicateCount: number;
  readonly skippedCount: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly others: Readonly<Record<string, number>>;
  readonly groupCount: number;
  readonly sessionCount: number;
  readonly deliveryCount: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}
