import * as json from "./json-bytes.ts";

/** The stretch of a file that is in memory, and how far it has been looked at. */
export class HeldBytes {
  bytes: Buffer = Buffer.alloc(0);
  /** Offset in the file of the first byte held. */
  base = 0;
  /**
   * Next byte to look at, as a position among those held; may be one past the end, behind a
   * backslash.
   */
  at = 0;

  /**
   * Takes the next bytes of the file and lets go of those before position `from`; returns how many
   * those were.
   */
  push(chunk: Buffer, from: number): number {
    const droppedCount = Math.min(from, this.bytes.length);
    const kept = this.bytes.subarray(droppedCount);
    this.bytes = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
    this.base += droppedCount;
    this.at -= droppedCount;
    return droppedCount;
  }

  /** Offset in the file of the next byte to look at. */
  get offset(): number {
    return this.base + this.at;
  }

  /** The next byte that is no white space, not taken yet; undefined when none is held. */
  next(): number | undefined {
    this.at = json.indexAfterSpace(this.bytes, this.at);
    return this.bytes[this.at];
  }

  /** Steps over a byte order mark, of which any part may be held. */
  skipByteOrderMark(): void {
    const mark = json.byteOrderMark;
    while (this.offset < mark.length && this.bytes[this.at] === mark[this.offset]) this.at += 1;
  }
}
