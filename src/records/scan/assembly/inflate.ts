import {
  BEHIND, INVALID, LITERAL, OF_DISTANCES, OF_LENGTHS, OF_LITERALS, SPECIAL, buildTable,
} from "./huffman";
import { DISTANCES, HISTORY, INPUT, LENGTHS, LENGTH_CODES, LITERALS } from "./layout";

/**
 * Inflates a deflate stream (RFC 1951) piece by piece into the scanner's buffer: what a library
 * would write to memory and read back from there is scanned while it is in the core's cache.
 * Whatever is not as it should be ends it: then the plain path decides.
 */

/** {@link inflate} could go on, has seen the last block end, or does not understand the stream. */
export const GOES_ON: i32 = 0;
export const ENDED: i32 = 1;
export const DAMAGED: i32 = 2;

const LITERAL_BITS: i32 = 11;
const DISTANCE_BITS: i32 = 8;
const LENGTH_CODE_BITS: i32 = 7;

const BETWEEN_BLOCKS: i32 = 0;
const IN_CODES: i32 = 1;
const IN_STORED: i32 = 2;

let place: i32 = BETWEEN_BLOCKS;
let isLast: bool = false;
let storedLeft: usize = 0;
let bits: u64 = 0;
/** How many of the bits are valid; bytes they come from are behind `at` already. */
let count: u64 = 0;
let at: usize = 0;
let to: usize = 0;
/** Where the next byte goes. */
let out: usize = INPUT;
/** Where the document's first byte would lie: below zero, that is far above, once it has moved. */
let origin: usize = INPUT;

/** Begins a stream that lies in memory at [from, end). */
export function startInflate(from: usize, end: usize): void {
  place = BETWEEN_BLOCKS;
  isLast = false;
  bits = 0;
  count = 0;
  at = from;
  to = end;
  out = INPUT;
  origin = INPUT;
}

/** Fills the buffer from INPUT on with at least so many bytes, if there are. */
export function inflate(length: i32): i32 {
  const limit = INPUT + <usize>length;
  while (out < limit) {
    if (place == IN_CODES) {
      if (!decode(limit)) return DAMAGED;
    } else if (place == IN_STORED) {
      copyStored(limit);
    } else if (isLast) {
      // Neither must bytes be missing nor any be left over.
      return at - <usize>(count >> 3) == to ? ENDED : DAMAGED;
    } else if (!startBlock()) {
      return DAMAGED;
    }
  }
  return GOES_ON;
}

/** How many bytes there are from INPUT on. */
export function inflatedLength(): i32 {
  return <i32>(out - INPUT);
}

/** Moves the buffer so that the byte `length` behind INPUT comes to lie there. */
export function advance(length: i32): void {
  const from = INPUT - HISTORY + <usize>length;
  memory.copy(INPUT - HISTORY, from, out - from);
  out -= length;
  origin -= length;
}

// @ts-ignore: decorator
@inline
function refill(): void {
  bits |= load<u64>(at) << count;
  at += <usize>((63 - count) >> 3);
  count |= 56;
}

// @ts-ignore: decorator
@inline
function take(length: u32): u32 {
  const value = <u32>bits & ((1 << length) - 1);
  bits >>= <u64>length;
  count -= <u64>length;
  return value;
}

function startBlock(): bool {
  if (at > to + 8) return false;
  refill();
  isLast = take(1) != 0;
  const type = take(2);
  if (type == 0) return startStored();
  place = IN_CODES;
  return type == 1 ? readFixedCodes() : type == 2 && readCodes();
}

function startStored(): bool {
  at -= <usize>(count >> 3);
  bits = 0;
  count = 0;
  const length: u32 = load<u16>(at);
  if ((length ^ <u32>load<u16>(at, 2)) != 0xffff || at + 4 + length > to) return false;
  at += 4;
  storedLeft = length;
  place = IN_STORED;
  return true;
}

function copyStored(limit: usize): void {
  const length = min(storedLeft, limit - out);
  memory.copy(out, at, length);
  out += length;
  at += length;
  storedLeft -= length;
  if (storedLeft == 0) place = BETWEEN_BLOCKS;
}

function readFixedCodes(): bool {
  memory.fill(LENGTHS, 8, 144);
  memory.fill(LENGTHS + 144, 9, 112);
  memory.fill(LENGTHS + 256, 7, 24);
  memory.fill(LENGTHS + 280, 8, 8);
  memory.fill(LENGTHS + 288, 5, 32);
  return buildBoth(288, 32);
}

function buildBoth(literalCount: i32, distanceCount: i32): bool {
  const distances = LENGTHS + <usize>literalCount;
  return (
    buildTable(LENGTHS, literalCount, LITERALS, LITERAL_BITS, OF_LITERALS) &&
    buildTable(distances, distanceCount, DISTANCES, DISTANCE_BITS, OF_DISTANCES)
  );
}

/** The order of RFC 1951, section 3.2.7: 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1 15. */
function lengthSymbol(i: i32): i32 {
  if (i < 3) return 16 + i;
  if (i == 3) return 0;
  const step = (i - 4) >> 1;
  return (i & 1) == 0 ? 8 + step : 7 - step;
}

function readCodes(): bool {
  const literalCount = <i32>take(5) + 257;
  const distanceCount = <i32>take(5) + 1;
  const lengthCount = <i32>take(4) + 4;
  if (literalCount > 286 || distanceCount > 30) return false;
  memory.fill(LENGTHS, 0, 19);
  for (let i = 0; i < lengthCount; i++) {
    refill();
    store<u8>(LENGTHS + lengthSymbol(i), <u8>take(3));
  }
  if (!buildTable(LENGTHS, 19, LENGTH_CODES, LENGTH_CODE_BITS, OF_LENGTHS)) return false;
  if (!readLengths(literalCount + distanceCount)) return false;
  // Without its end a block would never end.
  return load<u8>(LENGTHS + 256) != 0 && buildBoth(literalCount, distanceCount);
}

function readLengths(total: i32): bool {
  let i = 0;
  while (i < total) {
    if (at > to + 8) return false;
    refill();
    const entry = load<u32>(LENGTH_CODES + ((<usize>bits & 127) << 2));
    take(entry & 0xff);
    const symbol = entry >> 16;
    if (symbol < 16) {
      store<u8>(LENGTHS + i++, <u8>symbol);
      continue;
    }
    if (symbol == 16 && i == 0) return false;
    const repeated: u8 = symbol == 16 ? load<u8>(LENGTHS + i - 1) : 0;
    const times: i32 = symbol == 16 ? 3 + take(2) : symbol == 17 ? 3 + take(3) : 11 + take(7);
    if (i + times > total) return false;
    memory.fill(LENGTHS + i, repeated, times);
    i += times;
  }
  return true;
}

/** The loop that makes every byte: state in locals, at most 48 bits used between two refills. */
function decode(limit: usize): bool {
  let b = bits;
  let c = count;
  let i = at;
  let o = out;
  const iMax = to + 8;
  const first = origin;
  while (o < limit) {
    if (i > iMax) return false;
    b |= load<u64>(i) << c;
    i += <usize>((63 - c) >> 3);
    c |= 56;
    let e = load<u32>(LITERALS + ((<usize>b & ((1 << LITERAL_BITS) - 1)) << 2));
    if ((e & LITERAL) != 0) {
      store<u8>(o++, <u8>(e >> 16));
      b >>= e & 63;
      c -= e & 63;
      e = load<u32>(LITERALS + ((<usize>b & ((1 << LITERAL_BITS) - 1)) << 2));
      if ((e & LITERAL) != 0) {
        store<u8>(o++, <u8>(e >> 16));
        b >>= e & 63;
        c -= e & 63;
        e = load<u32>(LITERALS + ((<usize>b & ((1 << LITERAL_BITS) - 1)) << 2));
        if ((e & LITERAL) != 0) {
          store<u8>(o++, <u8>(e >> 16));
          b >>= e & 63;
          c -= e & 63;
          continue;
        }
      }
      b |= load<u64>(i) << c;
      i += <usize>((63 - c) >> 3);
      c |= 56;
    }
    if ((e & SPECIAL) != 0) {
      if ((e & BEHIND) != 0) {
        if ((e & 63) == 0) return false;
        b >>= LITERAL_BITS;
        c -= LITERAL_BITS;
        const behind = (e >> 16) + (<u32>b & ((1 << ((e >> 8) & 31)) - 1));
        e = load<u32>(LITERALS + (<usize>behind << 2));
      }
      if ((e & LITERAL) != 0) {
        store<u8>(o++, <u8>(e >> 16));
        b >>= e & 63;
        c -= e & 63;
        continue;
      }
      if ((e & SPECIAL) != 0) {
        if ((e & BEHIND) != 0) return false;
        b >>= e & 63;
        c -= e & 63;
        place = BETWEEN_BLOCKS;
        break;
      }
    }
    b >>= e & 63;
    c -= e & 63;
    let extra = (e >> 8) & 31;
    const length: usize = (e >> 16) + (<u32>b & ((1 << extra) - 1));
    b >>= extra;
    c -= extra;

    e = load<u32>(DISTANCES + ((<usize>b & ((1 << DISTANCE_BITS) - 1)) << 2));
    if ((e & SPECIAL) != 0) {
      if ((e & 63) == 0) return false;
      b >>= DISTANCE_BITS;
      c -= DISTANCE_BITS;
      const behind = (e >> 16) + (<u32>b & ((1 << ((e >> 8) & 31)) - 1));
      e = load<u32>(DISTANCES + (<usize>behind << 2));
      if ((e & SPECIAL) != 0) return false;
    }
    b >>= e & 63;
    c -= e & 63;
    extra = (e >> 8) & 31;
    const distance: usize = (e >> 16) + (<u32>b & ((1 << extra) - 1));
    b >>= extra;
    c -= extra;
    if (distance > o - first) return false;
    repeat(o, distance, length);
    o += length;
  }
  bits = b;
  count = c;
  at = i;
  out = o;
  return true;
}

/** Copies what stands `distance` before; up to 15 bytes more than the length are written. */
// @ts-ignore: decorator
@inline
function repeat(to: usize, distance: usize, length: usize): void {
  let from = to - distance;
  const end = to + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance == 1) {
    const byte = i8x16.splat(load<u8>(from));
    do {
      v128.store(to, byte);
      to += 16;
    } while (to < end);
  } else {
    do store<u8>(to++, load<u8>(from++));
    while (to < end);
  }
}
