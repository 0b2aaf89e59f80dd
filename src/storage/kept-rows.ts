import type { Connection, Row } from "./connection.ts";
import { integerIn, textIn } from "./connection.ts";

/** A table of what judging a group gave: rows of a group, each with a key and JSON. */
export interface Table {
  readonly keys: readonly string[];
  /** Rows of the groups of a JSON list of ids. */
  readonly select: string;
  /** By key and group. */
  readonly drop: string;
  /** Key, group, data, columns. */
  readonly keep: string;
}

type Key = readonly (string | number)[];

export interface KeptRow {
  readonly key: Key;
  readonly data: string;
  /** What else the table keeps of it, derived from `data`. */
  readonly columns?: readonly (string | number | null)[];
}

type RowsByKey = ReadonlyMap<string, KeptRow>;

/** What groups have in a table, for all groups at once. */
export function rowsOf(
  connection: Connection,
  { keys, select }: Table,
  groupIds: readonly number[],
): ReadonlyMap<number, RowsByKey> {
  const rows = new Map<number, Map<string, KeptRow>>();
  if (groupIds.length === 0) return rows;
  for (const row of connection.all(select, [JSON.stringify(groupIds)])) {
    const groupId = integerIn(row, "group_id");
    const key = keys.map((column) => keyIn(row, column));
    const known = rows.get(groupId) ?? new Map<string, KeptRow>();
    rows.set(groupId, known.set(textOf(key), { key, data: textIn(row, "data") }));
  }
  return rows;
}

/**
 * Leaves exactly these rows of the group, or adds them where those before are not told.
 *
 * @returns the keys of rows that came, went or differ
 */
export function replaceRows(
  { connection, table }: { readonly connection: Connection; readonly table: Table },
  { groupId, before, after }: {
    readonly groupId: number;
    readonly before: RowsByKey | null;
    readonly after: readonly KeptRow[];
  },
): readonly Key[] {
  const known = before ?? new Map<string, KeptRow>();
  const changed = known.size === 0
    ? after
    : after.filter(({ key, data }) => known.get(textOf(key))?.data !== data);
  const wanted = known.size === 0 ? null : new Set(after.map(({ key }) => textOf(key)));
  const gone = [...known].filter(([text]) => wanted?.has(text) === false);
  for (const [, { key }] of gone) connection.run(table.drop, [...key, groupId]);
  for (const { key, data, columns = [] } of changed) {
    connection.run(table.keep, [...key, groupId, data, ...columns]);
  }
  return [...gone.map(([, { key }]) => key), ...changed.map(({ key }) => key)];
}

function textOf(key: Key): string {
  return key.length === 1 ? String(key[0]) : JSON.stringify(key);
}

function keyIn(row: Row, column: string): string | number {
  const value = row[column];
  return typeof value === "number" ? value : textIn(row, column);
}
