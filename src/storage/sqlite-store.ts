import type { LifetimeStore } from "../sessions/lifetime-store.ts";
import type { EventStore } from "../sessions/store.ts";
import type { OutboxStore } from "../findings/outbox.ts";
import type { ListStore } from "../findings/lists.ts";
import type { FindingStore } from "../findings/store.ts";
import type { Kysely } from "kysely";
import { baselineStore } from "./baselines.ts";
import { auditStore } from "./audits.ts";
import { baselineDecisions } from "./baseline-decisions.ts";
import { baselineReads } from "./baseline-reads.ts";
import { columnText } from "./column-text.ts";
import { integerIn, textIn, type Connection } from "./connection.ts";
import { readCounts } from "./counts.ts";
import { eventReads } from "./event-reads.ts";
import { findingReads } from "./finding-reads.ts";
import { findingDecisions } from "./finding-decisions.ts";
import { isExpired, markUnder, sweepExpired } from "./marks.ts";
import { Ingest } from "./ingest.ts";
import { keepJudgements } from "./judged.ts";
import { activityLists } from "./lists-activity.ts";
import { credentialsOfTask, issuedCredentials } from "./lifetimes.ts";
import { findingLists } from "./lists-findings.ts";
import { sessionLists } from "./lists-sessions.ts";
import { groupsWithin, liveCounts } from "./live-counts.ts";
import { noticeStore } from "./notices.ts";
import { originStore } from "./origins.ts";
import { outboxAfter, told, toldUpTo } from "./outbox.ts";
import { retainSince } from "./retention.ts";
import type { Tables } from "./schema.ts";
import { revocationStore } from "./revocations.ts";
import { seenTask, seenTasks } from "./seen-tasks.ts";
import type { StateCache } from "./state-cache.ts";
import type { Store } from "./store.ts";
import { taskStore } from "./tasks.ts";
import { wishStore } from "./wishes.ts";
import type { Writer } from "./writer.ts";

/** What the parts of the SQLite store work on. In memory, reader and writer are one connection. */
export interface Engine {
  readonly writer: Writer;
  readonly reader: Connection;
  readonly queries: Kysely<Tables>;
  readonly states: StateCache;
}

/** The store's interfaces, on an opened and migrated file. */
export function sqliteStore(engine: Engine): Store {
  return {
    ...eventStore(engine),
    ...findingStore(engine),
    ...outboxStore(engine),
    ...noticeStore(engine),
    ...listStore(engine),
    ...taskStore(engine),
    ...lifetimeStore(engine),
    ...baselineStore(engine),
    ...baselineReads(engine),
    ...baselineDecisions(engine),
    ...revocationStore(engine),
    ...originStore(engine),
    ...wishStore(engine),
    ...auditStore(engine),
    close: () => close(engine),
  };
}

function eventStore(engine: Engine): EventStore {
  const { writer, reader } = engine;
  return {
    ...eventReads(engine),
    isDone: (deliveryId) => Promise.resolve(
      reader.all("SELECT 1 FROM deliveries WHERE id = ?", [columnText(deliveryId)]).length > 0,
    ),
    ingest: (work) => writer.transaction(async () => {
      const transaction = new Ingest(writer.connection, engine.states);
      const result = await work(transaction);
      transaction.end();
      return { result, saved: transaction.saved };
    }).then(({ result, saved }) => {
      for (const { id, revision, state } of saved) engine.states.put(id, revision, state);
      return result;
    }),
    counts: () => readCounts(engine.queries),
    judgeUnder: (basis) => writer.transaction(() => { markUnder(writer.connection, basis); }),
    // Mostly there is nothing: asked many times a second, that must not wait for the write lock.
    sweep: async (expiredBy) => isExpired(reader, expiredBy)
      ? await writer.transaction(() => sweepExpired(writer.connection, expiredBy))
      : new Set(),
    cursor: (name) => {
      const [row] = reader.all("SELECT data FROM cursors WHERE name = ?", [columnText(name)]);
      return Promise.resolve(row === undefined ? null : textIn(row, "data"));
    },
    retain: (before) => retainSince(writer, before),
  };
}

function findingStore(engine: Engine): FindingStore {
  return {
    ...findingReads(engine.queries),
    ...findingDecisions(engine),
    hitsVersion: (ruleIds) => Promise.resolve(hitsVersion(engine.reader, ruleIds)),
    judged: (judgements, announceFrom = -Infinity) => engine.writer.transaction(() =>
      keepJudgements(engine.writer.connection, judgements, announceFrom)),
  };
}

function outboxStore({ writer, reader }: Engine): OutboxStore {
  return {
    outbox: (receiver, limit) =>
      Promise.resolve(outboxAfter(reader, toldUpTo(reader, receiver) ?? 0, limit)),
    told: (receiver, seq) => writer.transaction(() => { told(writer.connection, receiver, seq); }),
  };
}

function listStore({ reader, queries }: Engine): ListStore {
  return {
    ...sessionLists(queries),
    ...findingLists(queries),
    ...activityLists(reader),
    groupsWithin: (since, until, eventCountMax) =>
      Promise.resolve(groupsWithin(reader, { since, until }, eventCountMax)),
    liveCounts: (asOf, receivers) => Promise.resolve(liveCounts(reader, asOf, receivers)),
  };
}

function lifetimeStore({ reader }: Engine): LifetimeStore {
  return {
    issuedCredentials: (within, from) => Promise.resolve(issuedCredentials(reader, within, from)),
    credentialsOfTask: (id, limit) => Promise.resolve(credentialsOfTask(reader, id, limit)),
    seenTasks: (filter, from) => Promise.resolve(seenTasks(reader, filter, from)),
    seenTask: (id) => Promise.resolve(seenTask(reader, id)),
  };
}

/** A prepared statement: it is asked many times a second. */
function hitsVersion(reader: Connection, ruleIds: readonly string[]): number {
  const [row] = reader.all(HITS_VERSION, [JSON.stringify(ruleIds.map(columnText))]);
  return row === undefined ? 0 : integerIn(row, "version");
}

const HITS_VERSION = `SELECT coalesce(sum(value), 0) AS version FROM counters
  WHERE name = 'hits' AND label IN (SELECT value FROM json_each(?))`;

async function close({ writer, reader }: Engine): Promise<void> {
  await writer.idle();
  reader.close();
  writer.connection.close();
}
