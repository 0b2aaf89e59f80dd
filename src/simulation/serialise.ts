import type { RawRecord } from "../records/record.ts";

/**
 * A log file's text as CloudTrail writes it: one object, no white space, and `=`, `&`, `<`, `>`
 * escaped, so that a plain search for a session name with `=` in it misses.
 */
export function serialise(records: readonly RawRecord[]): string {
  let text = JSON.stringify({ Records: records });
  for (const [character, escape] of escapes) {
    if (text.includes(character)) text = text.replaceAll(character, escape);
  }
  return text;
}

// None of these characters has a meaning outside JSON strings, so that replacing in the whole text
// is safe.
const escapes = [
  ["=", "\\u003d"],
  ["&", "\\u0026"],
  ["<", "\\u003c"],
  [">", "\\u003e"],
] as const;
