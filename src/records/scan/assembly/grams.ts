import { COUNTS, COUNT_BITS, GRAMS, GRAMS_MAX, INPUT, TABLE, TEXT, USED } from "./layout";
import { forgetShorts } from "./shorts";

/**
 * Finding any of many markers at a cost that does not grow with their number.
 *
 * Of every marker one window is taken, `gram + stride - 1` bytes long, and each of its `stride`
 * grams is entered in a hash table. Wherever the marker stands in a document, one of these grams
 * then starts at a multiple of `stride`: only those places are looked at, a load and a
 * multiplication each. What hits is compared exactly. (After Wu and Manber, "A fast algorithm for
 * multi-pattern searching", 1994, whose shift is fixed here.)
 */

// Odd, its bits without pattern: 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4).
const SPREAD: u64 = 0x9e3779b97f4a7c15;

/** SPREAD moved up so that the multiplication ignores the loaded bytes behind the gram. */
let multiplier: u64 = 0;
let shift: u64 = 0;
let gram: i32 = 0;
let stride: i32 = 0;
let gramCount: i32 = 0;
/** How often the counted piece has the grams entered, again for each marker sharing one. */
export let expectedHits: u32 = 0;

/** Forgets all markers. Grams of 3 to 8 bytes; a stride of 1, 2, 4 or 8; 2^bits places. */
export function forget(gramBytes: i32, strideBytes: i32, bits: i32): void {
  gram = gramBytes;
  stride = strideBytes;
  multiplier = SPREAD << (64 - 8 * gramBytes);
  shift = 64 - bits;
  gramCount = 0;
  expectedHits = 0;
  forgetShorts();
  memory.fill(TABLE, 0, 2 << bits);
  memory.fill(USED, 0, 256);
}

// @ts-ignore: decorator
@inline
function hash(at: usize): usize {
  return <usize>((load<u64>(at) * multiplier) >> shift);
}

/**
 * Counts the grams of the piece in the buffer, for {@link enter} to take the rarest of each marker.
 */
export function count(length: i32): void {
  memory.fill(COUNTS, 0, 4 << COUNT_BITS);
  for (let at = INPUT; at < INPUT + length; at++) {
    const place = countOf(at);
    store<u32>(place, load<u32>(place) + 1);
  }
}

function countOf(at: usize): usize {
  return COUNTS + (<usize>((load<u64>(at) * multiplier) >> (64 - COUNT_BITS)) << 2);
}

/** A marker that does not count in a service's call has this in the length of its grams. */
const SLIGHT: u32 = 1 << 31;

/**
 * Enters the marker whose text lies at TEXT + offset; `isSlight` when it does not count in a
 * service's call. False: no room.
 */
export function enter(offset: i32, length: i32, isSlight: bool): bool {
  if (gramCount + stride > GRAMS_MAX) return false;
  const text = TEXT + offset;
  for (let i = 0; i < length; i++) store<u8>(USED + load<u8>(text + i), 1);
  const window = rarest(text, length);
  for (let i = window; i < window + stride; i++) {
    gramCount++;
    const place = TABLE + (hash(text + i) << 1);
    const entry = GRAMS + (gramCount << 4);
    store<u32>(entry, load<u16>(place), 0);
    store<u32>(entry, <u32>text, 4);
    store<u32>(entry, isSlight ? length | SLIGHT : length, 8);
    store<u32>(entry, i, 12);
    store<u16>(place, <u16>gramCount);
  }
  return true;
}

function rarest(text: usize, length: i32): i32 {
  let best = 0;
  let fewest = u32.MAX_VALUE;
  for (let window = 0; window + gram + stride - 1 <= length; window++) {
    let sum: u32 = 0;
    for (let i = window; i < window + stride; i++) sum += load<u32>(countOf(text + i));
    if (sum < fewest) {
      fewest = sum;
      best = window;
    }
  }
  expectedHits += fewest;
  return best;
}

// @ts-ignore: decorator
@inline
function look(at: usize, by: u64, down: u64): u32 {
  return load<u16>(TABLE + (<usize>((load<u64>(at) * by) >> down) << 1));
}

/**
 * Whether a gram may start in the 64 bytes: every eighth byte in a row, as often as the stride
 * asks.
 */
// @ts-ignore: decorator
@inline
export function mayHit(at: usize): bool {
  const by = multiplier;
  const down = shift;
  const end = at + 8;
  const step = stride;
  let any: u32 = 0;
  for (let p = at; p < end; p += step) {
    any |= look(p, by, down) | look(p + 8, by, down);
    any |= look(p + 16, by, down) | look(p + 24, by, down);
    any |= look(p + 32, by, down) | look(p + 40, by, down);
    any |= look(p + 48, by, down) | look(p + 56, by, down);
  }
  return any != 0;
}

/** The same as {@link hits} gives, for markers that do not count in a service's call. */
export let slightHits: u64 = 0;

/** One bit for each of the 64 bytes at which a gram starts that belongs to a whole marker. */
export function hits(at: usize): u64 {
  let found: u64 = 0;
  slightHits = 0;
  for (let i = 0; i < 64; i += stride) {
    const marker = markerAround(at + i);
    if (marker == COUNTS_ALWAYS) found |= (<u64>1) << i;
    else if (marker == COUNTS_SELDOM) slightHits |= (<u64>1) << i;
  }
  return found;
}

const COUNTS_SELDOM: i32 = 1;
const COUNTS_ALWAYS: i32 = 2;

/** Whether one of the markers whose gram hashes as the one here stands around it; 0 if none. */
// @ts-ignore: decorator
@inline
function markerAround(at: usize): i32 {
  let found: i32 = 0;
  let number: u32 = load<u16>(TABLE + (hash(at) << 1));
  while (number != 0) {
    const entry = GRAMS + (number << 4);
    // Markers are cut to the margin before they come here, so their beginning is in the buffer.
    const begin = at - load<u32>(entry, 12);
    const text = load<u32>(entry, 4);
    // A marker has 3 bytes: most that share the gram alone differ in these, and comparing all is a
    // call.
    if (((load<u32>(begin) ^ load<u32>(text)) & 0xffffff) == 0) {
      const length = load<u32>(entry, 8);
      if (memory.compare(begin, text, length & ~SLIGHT) == 0) {
        if ((length & SLIGHT) == 0) return COUNTS_ALWAYS;
        found = COUNTS_SELDOM;
      }
    }
    number = load<u32>(entry);
  }
  return found;
}
