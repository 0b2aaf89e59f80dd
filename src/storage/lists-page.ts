import { sql, type RawBuilder } from "kysely";
import type { Page, Place, Slice } from "../findings/lists.ts";
import { columnText, textOfColumn } from "./column-text.ts";

/** One row more than the page holds tells whether anything follows. */
export function rowsOf({ limit }: Slice): number {
  return limit + 1;
}

/** The page that these rows make, of a query that was given {@link rowsOf} as its limit. */
export function pageOf<R, T>(
  rows: readonly R[],
  { limit }: Slice,
  { item, place }: { readonly item: (row: R) => T; readonly place: (row: R) => Place },
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next: rows.length > limit && last !== undefined ? place(last) : null,
  };
}

/** `(a, b) < (?, ?)`: behind a place in a list sorted by these columns, all in one direction. */
export function behind(
  columns: readonly string[],
  comparison: "<" | ">",
  place: Place,
): RawBuilder<boolean> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  return sql<boolean>`(${names}) ${sql.raw(comparison)} (${sql.join([...place])})`;
}

export function textOrNull(column: string | null): string | null {
  return column === null ? null : textOfColumn(column);
}

/** A filter's text as its column holds it. */
export function columnOrNull(text: string | undefined): string | null {
  return text === undefined ? null : columnText(text);
}
