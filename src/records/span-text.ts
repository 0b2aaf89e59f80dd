import { isAscii } from "node:buffer";
import type { ValueSpan } from "./span.ts";

/** Far below what V8 can hold in one string. */
const textBytesMax = 64 * 1024 * 1024;

/**
 * Decodes spans. Where most of the bytes are wanted and all are ASCII, as CloudTrail's nearly
 * always are, they are decoded once and sliced: parsing slices costs two thirds of parsing strings
 * of their own.
 */
export class SpanText {
  #bytes: Buffer | null = null;
  #text: string | null = null;

  /** `isDense`: most of the spans of these bytes will be asked for. */
  of({ bytes, start, end }: ValueSpan, isDense: boolean): string {
    if (isDense && bytes !== this.#bytes) {
      this.#bytes = bytes;
      const isOneByteEach = bytes.length <= textBytesMax && isAscii(bytes);
      this.#text = isOneByteEach ? bytes.toString("latin1") : null;
    }
    if (isDense && this.#text !== null) return this.#text.slice(start, end);
    return bytes.toString("utf8", start, end);
  }
}
