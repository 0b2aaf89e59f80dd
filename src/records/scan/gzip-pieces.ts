import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";
import type { Scanner } from "./scanner.ts";

/** The gzip format (RFC 1952): header and trailer, and a header that only adds the file's name. */
const magic = Buffer.from([0x1f, 0x8b, 8]);
const headerBytes = 10;
const trailerBytes = 8;
const nameFlag = 8;
/** More compressed bytes are not brought into the scanner, whose memory never shrinks again. */
const compressedBytesMax = 4 * 1024 * 1024;
const pageBytes = 64 * 1024;
const blank = 0x20;

/**
 * The inflated bytes of a gzip file of one member, piece by piece in the scanner's buffer, from
 * its INPUT on. Whatever is unusual or wrong gives null or false: then the plain path decides.
 */
export class GzipPieces {
  /** Of the byte at INPUT, in the inflated file. */
  offset = 0;
  /** Bytes from INPUT on. */
  length = 0;
  /** Nothing comes behind these bytes, and all are what was compressed. */
  isEnded = false;
  /** What the file says it holds inflated; more is damage. */
  readonly bytesMax: number;
  readonly #scanner: Scanner;
  readonly #crc: number;
  #crcSoFar = 0;

  private constructor(scanner: Scanner, { crc, bytesMax }: Record<"crc" | "bytesMax", number>) {
    this.#scanner = scanner;
    this.#crc = crc;
    this.bytesMax = bytesMax;
  }

  /** Null unless the file says that no more than `bytesMax` come out of it. */
  static of(file: Buffer, scanner: Scanner, bytesMax: number): GzipPieces | null {
    const from = deflateStart(file);
    const to = file.length - trailerBytes;
    if (from === null || from > to || to - from > compressedBytesMax) return null;
    const claimed = file.readUInt32LE(to + 4);
    if (claimed > bytesMax) return null;
    load(scanner, file.subarray(from, to));
    return new GzipPieces(scanner, { crc: file.readUInt32LE(to), bytesMax: claimed });
  }

  /** How far to {@link advance} when there is more to come. */
  get pieceBytes(): number {
    return this.#scanner.PIECE.value;
  }

  /** Goes on until a piece and the margin behind it are there, or the end; false when damaged. */
  fill(): boolean {
    if (this.isEnded) return true;
    const { PIECE, MARGIN, GOES_ON, ENDED, inflate, inflatedLength } = this.#scanner;
    const verdict = inflate(PIECE.value + MARGIN.value);
    const length = inflatedLength();
    this.#crcSoFar = crc32(this.bytes(this.length, length), this.#crcSoFar);
    this.length = length;
    if (this.offset + length > this.bytesMax) return false;
    if (verdict === GOES_ON.value) return true;
    this.isEnded = verdict === ENDED.value;
    this.#blankBehind();
    return this.isEnded && this.#crcSoFar === this.#crc && this.offset + length === this.bytesMax;
  }

  /** A view of bytes from INPUT on, and before it where `from` is below zero. */
  bytes(from: number, to: number): Buffer {
    const { memory, INPUT } = this.#scanner;
    return Buffer.from(memory.buffer, INPUT.value + from, to - from);
  }

  advance(length: number): void {
    this.#scanner.advance(length);
    this.offset += length;
    this.length -= length;
  }

  /** The scanner looks a margin beyond the end, and must see no earlier document there. */
  #blankBehind(): void {
    const { PIECE, MARGIN, OVERRUN } = this.#scanner;
    const end = PIECE.value + MARGIN.value + OVERRUN.value;
    if (this.length < end) this.bytes(this.length, end).fill(blank);
  }
}

/** Where the compressed bytes begin; null when the header is none we read. */
function deflateStart(file: Buffer): number | null {
  if (file.length < headerBytes + trailerBytes || !file.subarray(0, 3).equals(magic)) return null;
  const flags = file[3];
  if (flags === 0) return headerBytes;
  const nameEnd = flags === nameFlag ? file.indexOf(0, headerBytes) : -1;
  return nameEnd === -1 ? null : nameEnd + 1;
}

function load(scanner: Scanner, compressed: Buffer): void {
  const { memory, END, PADDING, startInflate } = scanner;
  const end = END.value + compressed.length;
  const missing = end + PADDING.value - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  new Uint8Array(memory.buffer).set(compressed, END.value);
  startInflate(END.value, end);
}
