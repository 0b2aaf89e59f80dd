import { escaped, isEscaped, readEscapes, startEscapes } from "./escapes";
import { hits, mayHit, slightHits } from "./grams";
import { DEPTH_MAX, FOUND, INPUT, MARGIN, STACK } from "./layout";
import { isCallOfService } from "./service-asks";
import { shortHits } from "./shorts";
import { any, brackets, equal, insideQuotes } from "./vectors";

/**
 * One pass over a document's list of records, 64 bytes at a time: where each record begins and
 * ends, and whether it holds a marker or an escape that might hide one. A bit for each byte tells
 * what it is; only the brackets outside strings are looked at singly. (The masks are those of
 * Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019; the code is not theirs.)
 */

export {
  END, FOUND, HISTORY, INPUT, MARGIN, OVERRUN, PADDING, PIECE, SHORTS_MAX, TEXT, TEXT_MAX,
} from "./layout";
export { count, enter, expectedHits, forget } from "./grams";
export {
  DAMAGED, ENDED, GOES_ON, advance, inflate, inflatedLength, startInflate,
} from "./inflate";
export { enterShort } from "./shorts";

/** {@link scan} wants more pieces, has seen the list close, or finds the document not regular. */
export const MORE: i32 = 0;
export const CLOSED: i32 = 1;
export const IRREGULAR: i32 = 2;

/** Candidates of the last piece, at FOUND: start, end, record position. */
export let foundCount: i32 = 0;
/** Records closed so far. */
export let recordCount: u32 = 0;
/** Where the list's closing bracket stands in the document. */
export let closedAt: u32 = 0;

// What one block leaves to the next. Places are those of the document: `base` plus an address.
let base: u32 = 0;
let depth: i32 = 0;
let inString: u64 = 0; // all ones inside a string
let isHit: bool = false; // the open record is a candidate
let isSlightHit: bool = false; // or unless it is a service's call
let start: u32 = 0; // of the open record
let gap: u32 = 0; // where the bytes between two records begin

/** Starts a document whose list of records begins at `offset`. */
export function begin(offset: u32): void {
  recordCount = 0;
  depth = 0;
  inString = 0;
  isHit = false;
  isSlightHit = false;
  gap = offset;
  startEscapes();
}

/**
 * Scans the piece at INPUT, whose first byte is the document's byte `offset`. Blanks follow the
 * last.
 */
export function scan(length: i32, offset: u32): i32 {
  foundCount = 0;
  base = offset - <u32>INPUT;
  const end = INPUT + length;
  for (let at = INPUT; at < end; at += 64) {
    const verdict = block(at);
    if (verdict != MORE) return verdict;
  }
  return MORE;
}

// @ts-ignore: decorator
@inline
function block(at: usize): i32 {
  let hit: u64 = 0;
  let slight: u64 = 0;
  let quotes = equal(at, 0x22);
  if (isEscaped || any(at, 0x5c)) {
    hit = readEscapes(at, equal(at, 0x5c));
    quotes &= ~escaped;
  }
  const inside = insideQuotes(quotes) ^ inString;
  inString = <u64>(<i64>inside >> 63);
  const structure = brackets(at) & ~inside;
  // An open record cannot become more of a candidate than it is.
  if (!isHit || structure != 0) {
    if (mayHit(at)) {
      hit |= hits(at);
      slight = slightHits;
    }
    hit |= shortHits(at);
  }
  return walk(at, structure, hit, slight);
}

/**
 * Follows the brackets of a block; `hit` has a bit wherever something speaks for the record around
 * it.
 */
// @ts-ignore: decorator
@inline
function walk(at: usize, structure: u64, hit: u64, slight: u64): i32 {
  while (structure != 0) {
    const i = ctz(structure);
    structure &= structure - 1;
    const place = at + <usize>i;
    const byte: u32 = load<u8>(place);
    if ((byte & 0xdf) == 0x5b) {
      if (depth == 0) {
        if (byte != 0x7b || !opensRecord(place)) return IRREGULAR;
        hit &= u64.MAX_VALUE << i;
        slight &= u64.MAX_VALUE << i;
      }
      if (depth == DEPTH_MAX) return IRREGULAR;
      store<u8>(STACK + depth, <u8>byte);
      depth++;
    } else if (depth == 0) {
      return byte == 0x5d && closesList(place) ? CLOSED : IRREGULAR;
    } else {
      depth--;
      // In ASCII both closing brackets stand two places behind their opening ones.
      if (<u32>load<u8>(STACK + depth) + 2 != byte) return IRREGULAR;
      if (depth == 0) {
        const before = ~(u64.MAX_VALUE << i);
        isHit = isHit || (hit & before) != 0;
        isSlightHit = isSlightHit || (slight & before) != 0;
        closeRecord(place);
      }
    }
  }
  if (depth > 0 && hit != 0) isHit = true;
  if (depth > 0 && slight != 0) isSlightHit = true;
  return MORE;
}

/**
 * False unless only blanks, and one comma if this is not the first record, stand before the brace.
 */
function opensRecord(at: usize): bool {
  start = <u32>at + base;
  return commasBefore(at) == (recordCount == 0 ? 0 : 1);
}

function closeRecord(at: usize): void {
  gap = <u32>at + base + 1;
  if (isHit || (isSlightHit && !isCallOfService(<usize>(start - base), at + 1))) {
    const entry = FOUND + 12 * foundCount;
    store<u32>(entry, start);
    store<u32>(entry, gap, 4);
    store<u32>(entry, recordCount, 8);
    foundCount++;
  }
  isHit = false;
  isSlightHit = false;
  recordCount++;
}

function closesList(at: usize): bool {
  closedAt = <u32>at + base;
  return commasBefore(at) == 0;
}

/** Commas between the last record and here; -1 when anything but blanks stands beside them. */
function commasBefore(at: usize): i32 {
  const length = <u32>at + base - gap;
  // Further back the piece may not reach.
  if (length > <u32>MARGIN) return -1;
  let commas = 0;
  for (let p = at - length; p < at; p++) {
    const byte = load<u8>(p);
    if (byte == 0x2c) commas++;
    else if (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) return -1;
  }
  return commas;
}
