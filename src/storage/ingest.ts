import type { Rejection } from "../records/record.ts";
import type { GroupState } from "../sessions/state.ts";
import type { Issuance } from "../sessions/issuance.ts";
import type { Sign } from "../sessions/origin.ts";
import type {
  Cursor,
  Delivery,
  DeliveryCounts,
  IngestTransaction,
  Revised,
  StoredEvent,
} from "../sessions/store.ts";
import { Appender } from "./append.ts";
import { claimKeys, digestsOf } from "./claims.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";
import { addCount, takeNumber } from "./counters.ts";
import { GroupIds } from "./group-ids.ts";
import { revisedOf, saveGroups } from "./groups.ts";
import { touchGroups } from "./marks.ts";
import { keepHeard } from "./origins.ts";
import { keepRejections } from "./rejections.ts";
import type { StateCache } from "./state-cache.ts";

/** A state that a transaction saved. */
interface Saved {
  readonly id: number;
  readonly revision: number;
  readonly state: GroupState;
}

/**
 * One delivery's work on the writer's open transaction. SQLite is synchronous, so each method has
 * done its part when it returns, but for blocks, which `end` writes.
 */
export class Ingest implements IngestTransaction {
  readonly #connection: Connection;
  readonly #groupIds: GroupIds;
  readonly #appender: Appender;
  readonly #ingestId: number;
  /** Told, not yet of a delivery that is marked as done. */
  #rejections: Rejection[] = [];
  #isOpen = true;
  /** The revisions of groups that were read. */
  readonly #revisions = new Map<string, number>();
  readonly #states: StateCache;
  #saved: Saved[] = [];

  constructor(connection: Connection, states: StateCache) {
    this.#connection = connection;
    this.#states = states;
    this.#groupIds = new GroupIds(connection);
    this.#ingestId = takeNumber(connection, "ingests");
    this.#appender = new Appender(connection, this.#groupIds, this.#ingestId);
  }

  /** Writes what is still held, and takes nothing more. */
  end(): void {
    this.#appender.flush();
    keepRejections(this.#connection, this.#rejections);
    this.#isOpen = false;
  }

  /** States as they are once this is committed, unless their revisions were raised since. */
  get saved(): readonly Saved[] {
    return this.#saved;
  }

  claim(keys: readonly string[], times?: readonly number[]): Promise<ReadonlySet<string>> {
    return this.#step((connection) => {
      const digests = digestsOf(keys, times);
      return claimKeys(connection, { keys, digests }, this.#ingestId);
    });
  }

  append(events: readonly StoredEvent[]): Promise<void> {
    return this.#step(() => { this.#appender.append(events); });
  }

  groups(keys: readonly string[]): Promise<ReadonlyMap<string, Revised>> {
    return this.#step((connection) => {
      const rows = connection.all(GROUPS, [JSON.stringify(keys.map(columnText))]);
      for (const row of rows) {
        const key = textOfColumn(textIn(row, "key"));
        this.#groupIds.learn(key, integerIn(row, "id"));
        this.#revisions.set(key, integerIn(row, "revision"));
      }
      this.#groupIds.learnAbsence(keys);
      const revised = revisedOf(connection, rows, this.#states);
      return new Map(revised.map((each) => [each.state.key, each]));
    });
  }

  saveGroups(states: Parameters<IngestTransaction["saveGroups"]>[0]): Promise<void> {
    return this.#step((connection) => {
      saveGroups(connection, this.#groupIds, states);
      for (const state of states) {
        const revision = (this.#revisions.get(state.key) ?? 0) + 1;
        this.#revisions.set(state.key, revision);
        this.#saved.push({ id: this.#groupIds.of(state.key), revision, state });
      }
    });
  }

  addIssuances(issuances: readonly Issuance[]): Promise<void> {
    return this.#step((connection) => {
      for (const issuance of issuances) connection.run(ADD_ISSUANCE, issuanceRow(issuance));
    });
  }

  touch(children: Parameters<IngestTransaction["touch"]>[0]): Promise<void> {
    return this.#step((connection) => { touchGroups(connection, children); });
  }

  heard(signs: readonly Sign[]): Promise<void> {
    return this.#step((connection) => { keepHeard(connection, signs); });
  }

  reject(rejections: readonly Rejection[]): Promise<void> {
    return this.#step(() => { this.#rejections = [...this.#rejections, ...rejections]; });
  }

  finish(delivery: Delivery, counts: DeliveryCounts): Promise<void> {
    return this.#step((connection) => {
      const { eventCount, duplicateCount, skippedCount, rejectedCount, bytes } = counts;
      const numbers = [eventCount, duplicateCount, skippedCount, rejectedCount, bytes];
      const names = [columnText(delivery.id), columnText(delivery.name)];
      const rejections = this.#rejections;
      this.#rejections = [];
      if (delivery.isRemembered === false) {
        addCount(connection, { name: "passing", label: "duplicates" }, duplicateCount);
        addCount(connection, { name: "passing", label: "skipped" }, skippedCount);
        addCount(connection, { name: "passing", label: "deliveries" }, 1);
      } else {
        const values = [...names, ...numbers, delivery.receivedAt ?? null];
        if (connection.run(FINISH, values) === 0) return;
      }
      keepRejections(connection, rejections);
      for (const [kind, count] of Object.entries(counts.others ?? {})) {
        addCount(connection, { name: "others", label: columnText(kind) }, count ?? 0);
      }
    });
  }

  keepCursor({ name, data }: Cursor): Promise<void> {
    return this.#step((connection) => {
      if (data !== null) connection.run(KEEP_CURSOR, [columnText(name), data]);
      else connection.run("DELETE FROM cursors WHERE name = ?", [columnText(name)]);
    });
  }

  /**
   * Our own broken promise, when the transaction is over: what would be written now belongs to
   * another delivery.
   */
  async #step<T>(work: (connection: Connection) => T): Promise<T> {
    if (!this.#isOpen) throw new Error("An ingest transaction was used after it ended.");
    return Promise.resolve(work(this.#connection));
  }
}

function issuanceRow(issuance: Issuance): readonly (string | number | null)[] {
  const { eventKey, accessKeyId, principalId, at, issuer, expiresAt } = issuance;
  return [
    columnText(eventKey),
    textOrNull(accessKeyId),
    textOrNull(principalId),
    columnText(issuer.groupKey),
    at,
    expiresAt,
    JSON.stringify(issuance),
  ];
}

function textOrNull(text: string | null): string | null {
  return text === null ? null : columnText(text);
}

const GROUPS = `SELECT id, key, revision FROM groups
  WHERE key IN (SELECT value FROM json_each(?))`;
const ADD_ISSUANCE = `INSERT INTO issuances
  (event_key, access_key_id, principal_id, issuer_group, issued_at, expires_at, data)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (event_key) DO UPDATE SET access_key_id = excluded.access_key_id,
    principal_id = excluded.principal_id, issuer_group = excluded.issuer_group,
    issued_at = excluded.issued_at, expires_at = excluded.expires_at, data = excluded.data`;
// Two processes may have read the same delivery: the second one's counts are all duplicates.
const FINISH = `INSERT INTO deliveries
  (id, name, event_count, duplicate_count, skipped_count, rejected_count, bytes, received_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
const KEEP_CURSOR = `INSERT INTO cursors (name, data) VALUES (?, ?)
  ON CONFLICT (name) DO UPDATE SET data = excluded.data`;
