import { USED } from "./layout";

/** Whether the next block's first byte follows a backslash that escapes it. */
export let isEscaped: bool = false;
/** The bytes of the block read last that follow such a backslash. */
export let escaped: u64 = 0;

export function startEscapes(): void {
  isEscaped = false;
}

/** Notes what the block's backslashes escape; gives those that stand for a byte of some marker. */
export function readEscapes(at: usize, backslashes: u64): u64 {
  let used: u64 = 0;
  escaped = 0;
  if (isEscaped) {
    escaped = 1;
    if (isUsed(at)) used = 1;
    backslashes &= ~1;
    isEscaped = false;
  }
  while (backslashes != 0) {
    const i = ctz(backslashes);
    if (i == 63) {
      isEscaped = true;
      break;
    }
    const next = <u64>2 << i;
    escaped |= next;
    if (isUsed(at + <usize>i + 1)) used |= next;
    // The escaped byte may be a backslash itself, which then escapes nothing.
    backslashes &= ~(next | (next >> 1));
  }
  return used;
}

/**
 * Whether the escape whose letter lies here decodes to a byte of some marker (RFC 8259, section 7).
 */
function isUsed(at: usize): bool {
  const letter = load<u8>(at);
  if (letter == 0x75) return isUnicodeUsed(at + 1);
  // All others stand for control characters, which no marker holds.
  if (letter != 0x22 && letter != 0x5c && letter != 0x2f) return false;
  return load<u8>(USED + letter) != 0;
}

function isUnicodeUsed(at: usize): bool {
  if (load<u16>(at) != 0x3030) return false;
  const high = digit(load<u8>(at, 2));
  const low = digit(load<u8>(at, 3));
  return (high | low) < 16 && load<u8>(USED + ((high << 4) | low)) != 0;
}

/** The value of a hexadecimal digit; 255 for any other byte. */
function digit(byte: u32): u32 {
  if (byte - 0x30 < 10) return byte - 0x30;
  const letter = (byte | 0x20) - 0x61;
  return letter < 6 ? letter + 10 : 255;
}
