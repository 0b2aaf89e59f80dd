import { setImmediate as nextTurn } from "node:timers/promises";
import type { RawRecord, Rejection } from "../records/record.ts";
import { groupDayOf } from "../sessions/group.ts";
import type { Issuance } from "../sessions/issuance.ts";
import type { Session } from "../sessions/session.ts";
import type { EventStore, IssuedWithin } from "../sessions/store.ts";
import { printOfId, unpackEvents, unpackRecords } from "./block.ts";
import { columnText, textOfColumn } from "./column-text.ts";
import type { Connection, Parameter } from "./connection.ts";
import { integerIn, jsonIn, textIn } from "./connection.ts";
import { revisedOf, stateOf, usersOf } from "./groups.ts";
import type { Engine } from "./sqlite-store.ts";

type NotReads =
  | "isDone"
  | "cursor"
  | "ingest"
  | "counts"
  | "judgeUnder"
  | "sweep"
  | "retain";
type EventReads = Omit<EventStore, NotReads>;

/**
 * Rows a page of a listing holds: no statement stays open between pages, so that none holds the log
 * back.
 */
const pageRows = 256;
/** Most groups have fewer: one statement each. Deflated, a block is some 20 kB, at most 128 MiB. */
const blocksAtOnce = 8;

/** What is read of events and groups: prepared statements, since judging asks per group. */
export function eventReads({ reader, states }: Engine): EventReads {
  return {
    dirtyGroups: (limit, after) => {
      const from = after === undefined
        ? [Number.MIN_SAFE_INTEGER, ""]
        : [groupDayOf(after), columnText(after.key)];
      return Promise.resolve(revisedOf(reader, reader.all(DIRTY, [...from, limit]), states));
    },
    recordsOf: (groupKey) => recordsOf(reader, groupKey),
    allRecords: () => allRecords(reader),
    recordsById: (eventId) => Promise.resolve(recordsById(reader, eventId)),
    group: (key) => Promise.resolve(stateOf(reader, key)),
    issuancesFor: (keys, principals) => Promise.resolve(issuancesFor(reader, keys, principals)),
    usesOf: (issuances) => Promise.resolve(
      new Map(issuances.map((issuance) => [issuance.eventKey, usersOf(reader, issuance)])),
    ),
    sharedWinners: (sharedIds) => Promise.resolve(sharedWinners(reader, sharedIds)),
    sessions: () => sessions(reader),
    latestAt: () => Promise.resolve(latestAt(reader)),
    sweptBy: () => {
      const [row] = reader.all("SELECT value FROM meta WHERE key = 'swept_by'", []);
      return Promise.resolve(row === undefined ? null : Number(textIn(row, "value")));
    },
    rejections: (limit) => Promise.resolve(
      reader.all(
        "SELECT data FROM rejections ORDER BY id DESC LIMIT ?", [limit],
      ).map((row) => jsonIn(row) as Rejection),
    ),
  };
}

function latestAt(reader: Connection): number | null {
  const [row] = reader.all("SELECT max(last_at) AS latest FROM groups", []);
  return row === undefined || row["latest"] === null ? null : integerIn(row, "latest");
}

async function* recordsOf(
  reader: Connection,
  groupKey: string,
): AsyncGenerator<readonly RawRecord[]> {
  for (let after = 0; ; ) {
    const rows = await Promise.resolve(reader.all(NEXT_BLOCKS, [columnText(groupKey), after]));
    for (const row of rows) {
      after = integerIn(row, "id");
      yield unpackRecords(row);
    }
    if (rows.length < blocksAtOnce) return;
    // What statements leave behind outside V8's heap is freed between turns of the event loop only.
    await nextTurn();
  }
}

async function* allRecords(reader: Connection): ReturnType<EventReads["allRecords"]> {
  for (let after = ""; ; ) {
    const rows = reader.all(NEXT_GROUPS, [after, pageRows]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = textIn(last, "key");
    for (const row of rows) {
      const groupKey = textOfColumn(textIn(row, "key"));
      for await (const records of recordsOf(reader, groupKey)) yield { groupKey, records };
    }
  }
}

function recordsById(
  reader: Connection,
  eventId: string,
): Awaited<ReturnType<EventReads["recordsById"]>> {
  return reader.all(BLOCKS_WITH, [printOfId(eventId)]).flatMap((row) => {
    const groupKey = textOfColumn(textIn(row, "key"));
    const found = unpackEvents(row).filter((event) => event.eventId === eventId);
    return found.map(({ record }) => ({ groupKey, record }));
  });
}

function issuancesFor(
  reader: Connection,
  accessKeyIds: readonly string[],
  principals: readonly IssuedWithin[],
): readonly Issuance[] {
  const listed = (values: readonly unknown[]) => [JSON.stringify(values)];
  const windows = united(principals).map(({ principalId, from, to }) =>
    [columnText(principalId), from, to]);
  const keys = accessKeyIds.map(columnText);
  const rows = [
    ...(keys.length === 0 ? [] : reader.all(BY_KEYS, listed(keys))),
    ...(windows.length === 0 ? [] : reader.all(BY_PRINCIPALS, listed(windows))),
  ];
  const distinct = new Map(rows.map((row) => [textIn(row, "event_key"), row]));
  const issuances = [...distinct.values()].map((row) => jsonIn(row) as Issuance);
  return issuances.sort((a, b) => a.at - b.at || (a.eventKey < b.eventKey ? -1 : 1));
}

/** Windows of one principal that overlap, as one: a busy broker is asked for with each session. */
function united(windows: readonly IssuedWithin[]): readonly IssuedWithin[] {
  const last = new Map<string, { principalId: string; from: number; to: number }>();
  return [...windows].sort((a, b) => a.from - b.from).flatMap((window) => {
    const before = last.get(window.principalId);
    if (before !== undefined && window.from <= before.to) {
      before.to = Math.max(before.to, window.to);
      return [];
    }
    const one = { ...window };
    last.set(window.principalId, one);
    return [one];
  });
}

function sharedWinners(
  reader: Connection,
  sharedIds: readonly string[],
): ReadonlyMap<string, string> {
  const winners = new Map<string, string>();
  for (const sharedId of sharedIds) {
    const [row] = reader.all(WINNER, [columnText(sharedId)]);
    if (row !== undefined) winners.set(sharedId, textOfColumn(textIn(row, "event_key")));
  }
  return winners;
}

async function* sessions(reader: Connection): AsyncGenerator<readonly Session[]> {
  let cursor: readonly Parameter[] = ["", 0];
  for (;;) {
    const rows = await Promise.resolve(reader.all(SESSIONS, [...cursor, pageRows]));
    const last = rows.at(-1);
    if (last === undefined) return;
    cursor = [textIn(last, "id"), integerIn(last, "group_id")];
    yield rows.map((row) => jsonIn(row) as Session);
  }
}

const DIRTY = `SELECT id, revision FROM groups WHERE dirty = 1 AND state IS NOT NULL
  AND (first_at / 86400000, key) > (?, ?) ORDER BY first_at / 86400000, key LIMIT ?`;
const NEXT_GROUPS = "SELECT key FROM groups WHERE key > ? ORDER BY key LIMIT ?";
const NEXT_BLOCKS = `SELECT id, deflated, data FROM blocks
  WHERE group_id = (SELECT id FROM groups WHERE key = ?) AND id > ?
  ORDER BY id LIMIT ${blocksAtOnce}`;
const BLOCKS_WITH = `SELECT groups.key, blocks.deflated, blocks.ids, blocks.data FROM block_prints
  JOIN blocks ON blocks.id = block_prints.block_id JOIN groups ON groups.id = blocks.group_id
  WHERE instr(block_prints.prints, ?) > 0 ORDER BY blocks.id`;
const BY_KEYS = `SELECT event_key, data FROM issuances
  WHERE access_key_id IN (SELECT value FROM json_each(?))`;
// CROSS JOIN keeps the list outside and the index inside.
const BY_PRINCIPALS = `SELECT event_key, data FROM json_each(?) AS opened CROSS JOIN issuances
  ON principal_id = json_extract(opened.value, '$[0]')
  AND issued_at BETWEEN json_extract(opened.value, '$[1]') AND json_extract(opened.value, '$[2]')`;
const WINNER = `SELECT event_key FROM shared_events WHERE shared_id = ?
  ORDER BY richness DESC, event_key LIMIT 1`;
const SESSIONS = `SELECT id, group_id, data FROM sessions
  WHERE (id, group_id) > (?, ?) ORDER BY id, group_id LIMIT ?`;
