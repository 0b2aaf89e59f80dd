import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { RawRecord } from "../records/record.ts";
import type { StoredEvent } from "../sessions/store.ts";
import type { Row } from "./connection.ts";
import { bytesIn, integerIn, textOrNullIn } from "./connection.ts";

/** A block as its row keeps it: some of a group's records as one JSON array. */
export interface PackedBlock {
  readonly eventCount: number;
  readonly isDeflated: boolean;
  /** JSON of `[index, event id]` for records that do not carry their id themselves. */
  readonly ids: string | null;
  readonly prints: Buffer;
  readonly data: Buffer;
}

/**
 * Events that share a block. It is read and inflated as a whole, and at 2 MiB a record, the
 * reader's bound, its text stays far below the longest string (512 MiB). Deflate looks back 32 kB,
 * so that longer blocks win no space.
 */
export const blockEventsMax = 64;

/**
 * Below this, a block is kept as it is: setting up deflate takes 45 us whatever the length, and
 * wins less than 3 kB. Level 1 makes records 5 to 8 times smaller at 300 MB/s; the thread pool won
 * nothing on two busy cores. (All measured.)
 */
const deflatedFromLength = 4096;

/**
 * A window of 16 kB and little memory: setting up is what costs with blocks of a few records, and
 * these take two thirds of the time of zlib's defaults, for blocks a twentieth larger. (Measured.)
 */
const deflateOptions = { level: 1, windowBits: 14, memLevel: 7 };

/**
 * Records must be JSON as parsed: they come back as they went in. At most {@link blockEventsMax}.
 */
export function packBlock(events: readonly StoredEvent[]): PackedBlock {
  const texts = events.map(({ json, record }) => json ?? Buffer.from(JSON.stringify(record)));
  const text = joined(texts);
  const isDeflated = text.length >= deflatedFromLength;
  const strays = events
    .map(({ eventId, record }, i) => (record["eventID"] === eventId ? null : [i, eventId]))
    .filter((stray) => stray !== null);
  return {
    eventCount: events.length,
    isDeflated,
    ids: strays.length === 0 ? null : JSON.stringify(strays),
    prints: printBytes(events.map(({ eventId }) => printOf(eventId))),
    data: isDeflated ? deflateRawSync(text, deflateOptions) : text,
  };
}

/** JSON texts as one JSON array. */
function joined(texts: readonly Buffer[]): Buffer {
  const length = texts.reduce((sum, text) => sum + text.length + 1, 1);
  const array = Buffer.allocUnsafe(length);
  array[0] = bracket;
  let end = 1;
  for (const text of texts) {
    end += text.copy(array, end);
    array[end++] = comma;
  }
  array[end - 1] = closingBracket;
  return array;
}
const [bracket, comma, closingBracket] = [0x5b, 0x2c, 0x5d];

/** The records of a row that has `deflated` and `data`. */
export function unpackRecords(row: Row): readonly RawRecord[] {
  const data = bytesIn(row, "data");
  const text = integerIn(row, "deflated") === 1 ? inflateRawSync(data) : data;
  return JSON.parse(text.toString()) as readonly RawRecord[];
}

/** Records and event ids of a row that has `ids` too. */
export function unpackEvents(row: Row): readonly { eventId: unknown; record: RawRecord }[] {
  const ids = new Map(JSON.parse(textOrNullIn(row, "ids") ?? "[]") as [number, string][]);
  return unpackRecords(row).map(
    (record, i) => ({ eventId: ids.get(i) ?? record["eventID"], record }),
  );
}

/**
 * FNV-1a over UTF-16 units: a print only narrows the search, so that nothing hangs on its quality.
 */
function printOf(eventId: string): number {
  let print = 0x811c9dc5;
  for (let i = 0; i < eventId.length; i++) {
    print = Math.imul(print ^ eventId.charCodeAt(i), 0x01000193);
  }
  return print >>> 0;
}

/**
 * What to look for in a block's prints: a match that straddles two prints is a miss more, never one
 * less.
 */
export function printOfId(eventId: string): Buffer {
  return printBytes([printOf(eventId)]);
}

function printBytes(prints: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(prints.length * 4);
  prints.forEach((print, i) => bytes.writeUInt32BE(print, i * 4));
  return bytes;
}
