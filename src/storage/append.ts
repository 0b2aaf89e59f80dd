import type { StoredEvent } from "../sessions/store.ts";
import type { PackedBlock } from "./block.ts";
import { blockEventsMax, packBlock } from "./block.ts";
import { columnText } from "./column-text.ts";
import type { Connection } from "./connection.ts";
import { addCount } from "./counters.ts";
import type { GroupIds } from "./group-ids.ts";

/** Events of earlier calls held until a delivery's end, so that those of one group share blocks. */
const heldEventsMax = 4096;

/**
 * Gathers a delivery's events by group, so that a group gets few rows, and holds a bounded number.
 */
export class Appender {
  readonly #connection: Connection;
  readonly #groupIds: GroupIds;
  readonly #ingestId: number;
  readonly #held = new Map<string, StoredEvent[]>();
  #heldCount = 0;

  constructor(connection: Connection, groupIds: GroupIds, ingestId: number) {
    this.#connection = connection;
    this.#groupIds = groupIds;
    this.#ingestId = ingestId;
  }

  append(events: readonly StoredEvent[]): void {
    for (const event of events) {
      if (event.sharedId !== null) this.#share(event, event.sharedId);
      const held = this.#held.get(event.groupKey);
      if (held === undefined) this.#held.set(event.groupKey, [event]);
      else held.push(event);
    }
    addCount(this.#connection, { name: "events", label: "" }, events.length);
    this.#heldCount += events.length;
    if (this.#heldCount >= heldEventsMax) this.flush();
  }

  /** Writes every event held. */
  flush(): void {
    for (const [groupKey, events] of this.#held) {
      const groupId = this.#groupIds.of(groupKey);
      for (let from = 0; from < events.length; from += blockEventsMax) {
        this.#write(groupId, packBlock(events.slice(from, from + blockEventsMax)));
      }
    }
    this.#held.clear();
    this.#heldCount = 0;
  }

  #write(groupId: number, { eventCount, isDeflated, ids, prints, data }: PackedBlock): void {
    const block = [groupId, this.#ingestId, eventCount, Number(isDeflated), ids, data];
    const blockId = this.#connection.insert(ADD_BLOCK, block);
    this.#connection.run(ADD_PRINTS, [blockId, prints]);
  }

  #share({ key, groupKey, richness }: StoredEvent, sharedId: string): void {
    const groupId = this.#groupIds.of(groupKey);
    const shared = columnText(sharedId);
    this.#connection.run(ADD_SHARED, [shared, columnText(key), richness, groupId]);
    this.#connection.run(MARK_OTHERS, [shared, groupId]);
  }
}

const ADD_BLOCK = `INSERT INTO blocks (group_id, ingest_id, event_count, deflated, ids, data)
  VALUES (?, ?, ?, ?, ?, ?)`;
const ADD_PRINTS = "INSERT INTO block_prints (block_id, prints) VALUES (?, ?)";
const ADD_SHARED = `INSERT INTO shared_events (shared_id, event_key, richness, group_id)
  VALUES (?, ?, ?, ?) ON CONFLICT (shared_id, event_key) DO NOTHING`;
const MARK_OTHERS = `UPDATE groups SET dirty = 1, revision = revision + 1 WHERE state IS NOT NULL
  AND id IN (SELECT group_id FROM shared_events WHERE shared_id = ? AND group_id <> ?)`;
