import { Buffer } from "node:buffer";

/** The bytes of a value that an encoding modifier has changed; text is UTF-8 until then. */
export function utf8(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

export type Utf16 = "utf16le" | "utf16be" | "utf16";

/** UTF-16 bytes of a text; `utf16` begins with the little-endian byte order mark. */
export function utf16(text: string, form: Utf16): Buffer {
  const little = Buffer.from(text, "utf16le");
  if (form === "utf16le") return little;
  return form === "utf16be" ? little.swap16() : Buffer.concat([Buffer.from([0xff, 0xfe]), little]);
}

export function base64(bytes: Buffer): string {
  return bytes.toString("base64");
}

/**
 * The three texts, one of which is found in the base64 of anything that contains these bytes: for
 * each position modulo three, the characters that do not depend on what stands before or after.
 *
 * https://sigmahq.io/sigma-specification/specification/sigma-appendix-modifiers.html
 */
export function base64Offsets(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    // A character holds six bits: those that mix with the bytes before and after are cut off.
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(first, end);
  });
}

/**
 * The characters Sigma's `windash` takes for one another: hyphen, slash, en dash, em dash,
 * horizontal bar.
 */
const dashes = ["-", "/", "\u2013", "\u2014", "\u2015"] as const;

/** A value with more flags than this is not permuted: five forms each, 5^6 texts are 15,625. */
const flagsMax = 6;

/**
 * Every writing of a command line's flags: a dash or slash that begins a word is replaced by each
 * of {@link dashes}, in all combinations; one inside a word is kept. Null when there are too many
 * flags.
 */
export function dashForms(text: string): readonly string[] | null {
  const pieces = text.split(/(?<![\p{L}\p{N}_])[-/\u2013\u2014\u2015](?=[\p{L}\p{N}_])/u);
  if (pieces.length - 1 > flagsMax) return null;
  const [first = "", ...rest] = pieces;
  return rest.reduce<readonly string[]>(
    (forms, piece) => forms.flatMap((form) => dashes.map((dash) => form + dash + piece)),
    [first],
  );
}
