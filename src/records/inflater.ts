import { isGzip } from "./inflate.ts";
import { GzipPieces } from "./scan/gzip-pieces.ts";
import { sharedScanner } from "./scan/scanner.ts";

/** What one file after another is inflated into holds an ordinary large one. */
const bytesMax = 16 * 1024 * 1024;

/**
 * Inflates one file after another into the same memory: with a new buffer for each, a hundred
 * megabytes of inflated files wait for the collector.
 */
export class Inflater {
  #buffer = Buffer.alloc(0);

  /**
   * A gzip file's inflated bytes, there until the next is inflated. Null for all that the plain
   * path has to look at: other files, large ones, damaged ones, those of several members.
   */
  inflate(file: Buffer): Buffer | null {
    const shared = sharedScanner();
    const pieces = shared === null ? null : GzipPieces.of(file, shared.scanner, bytesMax);
    const inflated = pieces === null ? null : this.#collect(pieces);
    // What looks compressed still, or is empty, would be taken for a file of its own.
    return inflated === null || inflated.length === 0 || isGzip(inflated) ? null : inflated;
  }

  #collect(pieces: GzipPieces): Buffer | null {
    if (this.#buffer.length < pieces.bytesMax) {
      this.#buffer = Buffer.allocUnsafeSlow(Math.min(bytesMax, 1.25 * pieces.bytesMax));
    }
    for (;;) {
      if (!pieces.fill()) return null;
      const length = pieces.isEnded ? pieces.length : pieces.pieceBytes;
      this.#buffer.set(pieces.bytes(0, length), pieces.offset);
      if (pieces.isEnded) return this.#buffer.subarray(0, pieces.bytesMax);
      pieces.advance(length);
    }
  }
}
