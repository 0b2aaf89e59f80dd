import type { Page, Place } from "../findings/lists.ts";
import { Problem, shown } from "./problem.ts";

/** What a list's places hold, by its sort: `findings level` -> two numbers and a text. */
export interface CursorForm {
  /** The list and its sort. A cursor of another is refused. */
  readonly of: string;
  readonly kinds: readonly ("number" | "string")[];
}

/** Opaque to clients: they send back what they were given. */
export function cursorFrom({ of }: CursorForm, place: Place): string {
  return Buffer.from(JSON.stringify([of, ...place])).toString("base64url");
}

/** The place a cursor names; whoever makes their own is told so, or pages from elsewhere. */
export function placeIn({ of, kinds }: CursorForm, cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const parts = partsOf(cursor);
  const place = parts.slice(1);
  const isPlace = parts[0] === of && place.length === kinds.length &&
    place.every((value, i) => typeof value === kinds[i] && isStorable(value));
  if (isPlace) return place as Place;
  throw new Problem(
    "invalid-request",
    `cursor in the query is ${shown(cursor)}: no cursor of this list and sort. ` +
    "Send a next as it came, with the sort it came for, or start again without.",
  );
}

function partsOf(cursor: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    return Array.isArray(parts) ? parts : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Columns hold no NUL and no half characters: see `storage/column-text.ts`. */
function isStorable(value: unknown): boolean {
  return typeof value === "string"
    ? !/[\0\p{Surrogate}]/u.test(value)
    : Number.isSafeInteger(value);
}

/** A page as the API gives it. */
export function pageJson<T, J>(
  { items, next }: Page<T>,
  form: CursorForm,
  json: (item: T) => J,
): { items: J[]; next: string | null } {
  return { items: items.map(json), next: next === null ? null : cursorFrom(form, next) };
}
