import type { Buffer } from "node:buffer";
import type { Scanner } from "./scanner.ts";

/** Copies the document's bytes from `offset` on, and a margin on either side, into the scanner. */
export function loadPiece(scanner: Scanner, document: Buffer, offset: number): number {
  const { value: pieceBytes } = scanner.PIECE;
  const { value: marginBytes } = scanner.MARGIN;
  const window = new Uint8Array(
    scanner.memory.buffer,
    scanner.INPUT.value - marginBytes,
    pieceBytes + 2 * marginBytes,
  );
  const from = Math.max(0, offset - marginBytes);
  const to = Math.min(document.length, offset + pieceBytes + marginBytes);
  const at = from - (offset - marginBytes);
  window.set(document.subarray(from, to), at);
  // The scanner looks a margin and a block beyond the end, and must see no earlier document there.
  window.fill(blank, 0, at);
  window.fill(blank, at + to - from, at + to - from + marginBytes + blockBytes);
  return Math.min(pieceBytes, document.length - offset);
}

const blank = 0x20;
const blockBytes = 64;
