/**
 * Text as a column keeps it, reversible: untouched but where it holds a NUL, a lone surrogate or a
 * backslash, then with JSON's escapes.
 *
 * Names come from outside: libsql cuts text at a NUL, PostgreSQL refuses it, and UTF-8 has no lone
 * surrogates, so that two names would become one. JSON columns need none of this: `JSON.stringify`
 * escapes all three.
 */
export function columnText(text: string): string {
  return isPlain(text) ? text : JSON.stringify(text).slice(1, -1);
}

/** The text a column was made of. */
export function textOfColumn(column: string): string {
  return column.includes("\\") ? String(JSON.parse(`"${column}"`)) : column;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

function isPlain(text: string): boolean {
  return !text.includes("\\") && !text.includes("\0") && !LONE_SURROGATE.test(text);
}
