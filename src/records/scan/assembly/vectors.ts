/** Masks over 64 bytes: bit i stands for the byte at + i. */

// @ts-ignore: decorator
@inline
function bits(a: v128, b: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(a) | (<u32>i8x16.bitmask(b) << 16));
}

// @ts-ignore: decorator
@inline
export function equal(at: usize, byte: i8): u64 {
  const x = i8x16.splat(byte);
  const low = bits(i8x16.eq(v128.load(at), x), i8x16.eq(v128.load(at, 16), x));
  return low | (bits(i8x16.eq(v128.load(at, 32), x), i8x16.eq(v128.load(at, 48), x)) << 32);
}

// @ts-ignore: decorator
@inline
export function any(at: usize, byte: i8): bool {
  const x = i8x16.splat(byte);
  const low = v128.or(i8x16.eq(v128.load(at), x), i8x16.eq(v128.load(at, 16), x));
  const high = v128.or(i8x16.eq(v128.load(at, 32), x), i8x16.eq(v128.load(at, 48), x));
  return v128.any_true(v128.or(low, high));
}

/** All brackets and braces, and also \ ^ _ | ~ DEL: with 0x20 set just these are above `z`. */
// @ts-ignore: decorator
@inline
export function brackets(at: usize): u64 {
  const low = bits(isAboveZ(v128.load(at)), isAboveZ(v128.load(at, 16)));
  return low | (bits(isAboveZ(v128.load(at, 32)), isAboveZ(v128.load(at, 48))) << 32);
}

// @ts-ignore: decorator
@inline
function isAboveZ(bytes: v128): v128 {
  return i8x16.gt_s(v128.or(bytes, i8x16.splat(0x20)), i8x16.splat(0x7a));
}

/** From each odd quote up to the next even one: each bit the parity of all up to it. */
// @ts-ignore: decorator
@inline
export function insideQuotes(quotes: u64): u64 {
  quotes ^= quotes << 1;
  quotes ^= quotes << 2;
  quotes ^= quotes << 4;
  quotes ^= quotes << 8;
  quotes ^= quotes << 16;
  return quotes ^ (quotes << 32);
}
