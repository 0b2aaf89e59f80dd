/**
 * The bytes that give a JSON text its structure. All others, UTF-8 beyond ASCII included, are
 * passed over.
 */
export const newline = 0x0a;
export const quote = 0x22;
export const comma = 0x2c;
export const openBracket = 0x5b;
export const backslash = 0x5c;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;
/** A file written on Windows may begin with it; it is no part of the JSON. */
export const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * A class for each byte value: one load in place of a row of comparisons, in loops that see every
 * byte.
 */
export type ByteClasses = Uint8Array;

export const opens = 1;
export const closes = 2;
export const opensString = 3;
/** What a byte outside strings does; 0 is nothing. */
export const structure = byteClasses({ "{[": opens, "}]": closes, '"': opensString });

export const space = byteClasses({ " \t\r\n": 1 });
/**
 * What ends a number or a literal in an array; a line end does where values follow each other in a
 * file.
 */
export const scalarEnds = byteClasses({ ' \t\r\n,:{}[]"': 1 });
export const lineEnds = byteClasses({ "\n": 1 });

function byteClasses(classes: Readonly<Record<string, number>>): ByteClasses {
  const table = new Uint8Array(256);
  for (const [characters, kind] of Object.entries(classes)) {
    for (const byte of Buffer.from(characters, "latin1")) table[byte] = kind;
  }
  return table;
}

/** Whether a byte is the first of an object, array or string. */
export function opensValue(byte: number | undefined): boolean {
  const kind = structure[byte ?? 0];
  return kind === opens || kind === opensString;
}

/** The position of the first byte of that class, `limit` when there is none. */
export function indexOfClass(bytes: Buffer, classes: ByteClasses, from: number): number {
  let at = from;
  while (at < bytes.length && classes[bytes[at] ?? 0] === 0) at += 1;
  return at;
}

/** The position of the first byte that is not JSON's white space; the length when there is none. */
export function indexAfterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && space[bytes[at] ?? 0] === 1) at += 1;
  return at;
}
