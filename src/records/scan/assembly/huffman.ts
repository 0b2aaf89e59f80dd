import { LENGTH_COUNTS, LENGTH_STARTS, SORTED } from "./layout";

/**
 * Deflate's codes as tables (RFC 1951, section 3.2): the next bits of the stream are an index, and
 * codes longer than the index go on in a table behind it.
 *
 * An entry: bits 0-7 how many bits the code takes, 8-12 how many extra bits follow (or index the
 * table behind), 13-15 what it is, 16-31 its value.
 */

export const LITERAL: u32 = 1 << 15;
/** Neither a literal nor the base of a length or distance: one of those below. */
export const SPECIAL: u32 = 1 << 14;
/** With SPECIAL: goes on in the table at the value. Without this: the end of the block. */
export const BEHIND: u32 = 1 << 13;
/** No code: with SPECIAL and BEHIND, and no bits to index by. */
export const INVALID: u32 = SPECIAL | BEHIND;

const CODE_BITS_MAX: i32 = 15;

/** What a table's symbols stand for. */
export const OF_LENGTHS: i32 = 0;
export const OF_LITERALS: i32 = 1;
export const OF_DISTANCES: i32 = 2;

/** From the code length of each symbol, a byte each; false when they are no code we read. */
export function buildTable(lengths: usize, count: i32, table: usize, bits: i32, kind: i32): bool {
  memory.fill(LENGTH_COUNTS, 0, 2 * (CODE_BITS_MAX + 1));
  for (let i = 0; i < count; i++) add(LENGTH_COUNTS, load<u8>(lengths + i));
  store<u16>(LENGTH_COUNTS, 0);
  let longest = CODE_BITS_MAX;
  while (longest > 0 && countOf(longest) == 0) longest--;

  const isComplete = fillsCodeSpace(longest);
  // Only distances may be without a code, or have but one, of one bit.
  if (!isComplete && !(kind == OF_DISTANCES && longest <= 1 && countOf(1) <= 1)) return false;
  if (!isComplete) fill(table, 0, bits, 1, INVALID);

  sort(lengths, count);
  enterCodes(table, bits, longest, kind);
  return true;
}

/** Symbols by the length of their code. */
function sort(lengths: usize, count: i32): void {
  let start = 0;
  for (let length = 1; length <= CODE_BITS_MAX; length++) {
    store<u16>(LENGTH_STARTS + (length << 1), <u16>start);
    start += countOf(length);
  }
  for (let symbol = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + symbol);
    if (length == 0) continue;
    store<u16>(SORTED + (add(LENGTH_STARTS, length) << 1), <u16>symbol);
  }
}

function countOf(length: i32): i32 {
  return <i32>load<u16>(LENGTH_COUNTS + (length << 1));
}

/** Adds one to a count; gives what it was. */
function add(counts: usize, length: u8): usize {
  const place = counts + (<usize>length << 1);
  const before = load<u16>(place);
  store<u16>(place, before + 1);
  return before;
}

function fillsCodeSpace(longest: i32): bool {
  let left: i32 = 1;
  for (let length = 1; length <= longest; length++) {
    left = (left << 1) - countOf(length);
    if (left < 0) return false;
  }
  return left == 0;
}

/** Codes in their order; `reversed` has a code's bits in the order in which the stream has them. */
function enterCodes(table: usize, bits: i32, longest: i32, kind: i32): void {
  let reversed: u32 = 0;
  let next: u32 = 1 << bits;
  let openPrefix: u32 = u32.MAX_VALUE;
  let openBits: i32 = 0;
  let open: u32 = 0;
  let at = 0;
  for (let length = 1; length <= longest; length++) {
    for (let left = countOf(length); left > 0; left--) {
      const entry = entryOf(<i32>load<u16>(SORTED + (at++ << 1)), kind);
      if (length <= bits) {
        fill(table, reversed, bits, 1 << length, taking(entry, length));
      } else {
        const prefix = reversed & ((1 << bits) - 1);
        if (prefix != openPrefix) {
          openPrefix = prefix;
          openBits = bitsBehind(length, left, bits, longest);
          open = next;
          next += 1 << openBits;
          store<u32>(table + (prefix << 2), SPECIAL | BEHIND | (open << 16) | (openBits << 8) | bits);
        }
        const behind = table + (open << 2);
        fill(behind, reversed >> bits, openBits, 1 << (length - bits), taking(entry, length - bits));
      }
      reversed = successor(reversed, length);
    }
  }
}

/** How wide the table behind a prefix has to be, whose first code has this length. */
function bitsBehind(length: i32, left: i32, bits: i32, longest: i32): i32 {
  let width = length - bits;
  let space = (1 << width) - left;
  while (space > 0 && width + bits < longest) {
    width++;
    space = (space << 1) - countOf(width + bits);
  }
  return width;
}

/** The next code of this length, counted from the highest bit, which comes first. */
// @ts-ignore: decorator
@inline
function successor(reversed: u32, length: i32): u32 {
  let bit: u32 = 1 << (length - 1);
  while ((reversed & bit) != 0) bit >>= 1;
  return bit == 0 ? 0 : (reversed & (bit - 1)) | bit;
}

/** The entry at every index of `bits` bits that ends in the code. */
function fill(table: usize, from: u32, bits: i32, step: u32, entry: u32): void {
  for (let i = from; i < <u32>1 << bits; i += step) store<u32>(table + (i << 2), entry);
}

function taking(entry: u32, bits: i32): u32 {
  return entry == INVALID ? INVALID : entry | bits;
}

function entryOf(symbol: i32, kind: i32): u32 {
  if (kind == OF_LENGTHS) return symbol << 16;
  if (kind == OF_DISTANCES) return distanceEntry(symbol);
  if (symbol < 256) return LITERAL | (symbol << 16);
  if (symbol == 256) return SPECIAL;
  const i = symbol - 257;
  if (i < 8) return (3 + i) << 16;
  if (i == 28) return 258 << 16;
  if (i > 28) return INVALID;
  const extra = (i >> 2) - 1;
  return ((((4 + (i & 3)) << extra) + 3) << 16) | (extra << 8);
}

function distanceEntry(symbol: i32): u32 {
  if (symbol < 4) return (symbol + 1) << 16;
  if (symbol > 29) return INVALID;
  const extra = (symbol >> 1) - 1;
  return ((((2 + (symbol & 1)) << extra) + 1) << 16) | (extra << 8);
}
