import { createReadStream } from "node:fs";
import { inflateStream, isGzip } from "../records/inflate.ts";

const chunkBytes = 256 * 1024;

/**
 * Whether a file ends too early for what it is: empty, or gzip without its end. Whoever writes it
 * is then not done, or was interrupted. True also when it cannot be read: it may have gone.
 */
export async function isCutOff(path: string): Promise<boolean> {
  try {
    const chunks = createReadStream(path, { highWaterMark: chunkBytes })[Symbol.asyncIterator]();
    const first = (await chunks.next()) as IteratorResult<Buffer, undefined>;
    if (first.done === true) return true;
    if (!isGzip(first.value)) {
      await chunks.return?.();
      return false;
    }
    return (await damageIn(first.value, chunks)) === "Z_BUF_ERROR";
  } catch (error) {
    if (error instanceof Error && "errno" in error) return true;
    throw error;
  }
}

async function damageIn(first: Buffer, rest: AsyncIterator<Buffer>): Promise<string | null> {
  const pieces = inflateStream(chain(first, rest));
  for (;;) {
    const piece = await pieces.next();
    if (piece.done === true) return piece.value;
  }
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* { [Symbol.asyncIterator]: () => rest };
}
