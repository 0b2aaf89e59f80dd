import { inflateStream, inflateWhole, isGzip } from "./inflate.ts";
import type { RecordFile } from "./read.ts";

/**
 * Inflated bytes up to which a file is held in memory as one: twenty times an ordinary large log
 * file.
 */
export const wholeBytesMax = 64 * 1024 * 1024;
/** Bytes as they arrive up to which a file is collected to be opened as one. */
const collectedBytesMax = 16 * 1024 * 1024;
/**
 * Pieces of a stream are joined to this size, so that small ones do not cost a copy of the
 * unfinished record each.
 */
const pieceBytesMin = 256 * 1024;

/**
 * A file's inflated bytes: all at once, or a stream that returns what is wrong with its
 * compression.
 */
export type Opened =
  | { readonly whole: Buffer; readonly damage: string | null }
  | { readonly pieces: AsyncGenerator<Buffer, string | null> };

/** Inflates a file when it is gzip, which its first byte tells, whatever it is called. */
export async function openFile(file: RecordFile, inflatedBytesMax: number): Promise<Opened> {
  const { collected, rest } = await collect(file);
  const isCompressed = isGzip(collected) || (collected.length === 0 && file.name.endsWith(".gz"));
  if (rest === null) {
    if (!isCompressed) return { whole: collected, damage: null };
    const inflated = inflateWhole(collected, Math.min(wholeBytesMax, inflatedBytesMax));
    if (inflated !== null) return { whole: inflated.bytes, damage: inflated.damage };
  }
  const chunks = chain(collected, rest);
  return { pieces: join(isCompressed ? inflateStream(chunks) : plainStream(chunks)) };
}

interface Collected {
  readonly collected: Buffer;
  /** What follows; null when that is all. */
  readonly rest: AsyncIterator<Buffer> | null;
}

async function collect(file: RecordFile): Promise<Collected> {
  if ("bytes" in file) return { collected: file.bytes, rest: null };
  const chunks = file.chunks[Symbol.asyncIterator]();
  const parts: Buffer[] = [];
  let length = 0;
  while (length < collectedBytesMax) {
    const next = await chunks.next();
    if (next.done === true) return { collected: Buffer.concat(parts), rest: null };
    parts.push(next.value);
    length += next.value.length;
  }
  return { collected: Buffer.concat(parts), rest: chunks };
}

async function* chain(first: Buffer, rest: AsyncIterator<Buffer> | null): AsyncGenerator<Buffer> {
  yield first;
  if (rest === null) return;
  try {
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* plainStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, null> {
  yield* chunks;
  return null;
}

type Pieces = AsyncGenerator<Buffer, string | null>;

async function* join(pieces: Pieces): Pieces {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await pieces.next();
      if (next.done === true) {
        yield Buffer.concat(parts);
        return next.value;
      }
      parts.push(next.value);
      length += next.value.length;
      if (length < pieceBytesMin) continue;
      yield Buffer.concat(parts.splice(0));
      length = 0;
    }
  } finally {
    await pieces.return(null);
  }
}
