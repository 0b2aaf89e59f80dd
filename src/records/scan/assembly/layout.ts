/** Where things lie in the scanner's memory. Nothing grows: a document passes through in pieces. */

/** Bytes of the document scanned at a time: small enough to stay in a core's own cache (L2). */
export const PIECE: i32 = 65536;
/** Document bytes kept on either side of a piece, so that a marker across its border is seen. */
export const MARGIN: i32 = 1024;
/** Text of all markers together. */
export const TEXT_MAX: i32 = 262144;
/** Grams of all markers together; their numbers fit 16 bits. */
export const GRAMS_MAX: i32 = 32768;
/** Brackets open at once inside the list of records; with the list's own two it makes 512. */
export const DEPTH_MAX: i32 = 510;

// The first kilobyte is left unused: an address of 0 stays an error.
/** One byte for each byte value: whether some marker contains it. */
export const USED: usize = 1024;
/** The open brackets, one byte each. */
export const STACK: usize = USED + 256;
/** Short markers: for each its length, then each of its bytes sixteen times. */
export const SHORTS: usize = 2048;
export const SHORTS_MAX: i32 = 8;
export const SHORT_BYTES_MAX: i32 = 7;
export const BUFFER: usize = 4096;
/** What stood before the piece: deflate may repeat it (RFC 1951, section 2), a record begin in it. */
export const HISTORY: i32 = 32768;
/** Where the piece itself starts. */
export const INPUT: usize = BUFFER + HISTORY;
/** Holds the longest repetition deflate has, and what copying it in steps of 16 bytes adds. */
export const OVERRUN: i32 = 320;
/** The gram table: the number of the first gram with this hash, 16 bits each. */
export const TABLE: usize = INPUT + PIECE + MARGIN + OVERRUN;
export const TABLE_BITS_MAX: i32 = 17;
/** The grams, numbered from 1, 16 bytes each: next with the same hash, text, length, offset. */
export const GRAMS: usize = TABLE + (2 << TABLE_BITS_MAX);
export const TEXT: usize = GRAMS + 16 * (GRAMS_MAX + 1);
/** Candidates found in one piece, 12 bytes each: start, end, record position. */
export const FOUND: usize = TEXT + TEXT_MAX;
/** A candidate holds one byte of a marker between its brackets or is `{}` and a comma. */
export const FOUND_MAX: i32 = PIECE / 2 + 1;
/**
 * While markers are entered, the place of FOUND (which is larger) holds how often each hash occurs.
 */
export const COUNTS: usize = FOUND;
export const COUNT_BITS: i32 = 16;
/** The length of each symbol's code, a byte each: literals and lengths, then distances. */
export const LENGTHS: usize = FOUND + 12 * FOUND_MAX;
/** How many codes have each length, and where those begin among the sorted; 16 bits each. */
export const LENGTH_COUNTS: usize = LENGTHS + 320;
export const LENGTH_STARTS: usize = LENGTH_COUNTS + 32;
export const SORTED: usize = LENGTH_STARTS + 48;
/** Deflate's code tables, 4 bytes an entry; sizes as in zlib's `enough.c`, rounded up. */
export const LENGTH_CODES: usize = SORTED + 2 * 320;
export const LITERALS: usize = LENGTH_CODES + (4 << 7);
export const DISTANCES: usize = LITERALS + (4 << 12);
/** Here the compressed bytes lie; the memory grows as they need. So much behind them is read. */
export const PADDING: i32 = 64;
export const END: usize = DISTANCES + (4 << 10);
