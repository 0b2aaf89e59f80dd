import { createHash } from "node:crypto";
import { inflateStream, isGzip } from "../records/inflate.ts";

/** What was read of a file's inflated bytes. */
export interface Content {
  /** Hex. */
  readonly sha256: string;
  /** Null where they were not to be kept. */
  readonly bytes: Buffer | null;
  /** A sentence; null when nothing is wrong with how it is compressed. */
  readonly damage: string | null;
}

/**
 * Inflates a file piece by piece, and hashes what comes out: of a log file of any size only a piece
 * is held. What the body throws goes through.
 *
 * @param bytesMax inflated; what is larger is damage
 */
export async function contentOf(
  body: AsyncIterable<Buffer>,
  { bytesMax, isKept }: { readonly bytesMax: number; readonly isKept: boolean },
): Promise<Content> {
  const hash = createHash("sha256");
  const kept: Buffer[] = [];
  let length = 0;
  const pieces = inflated(body);
  const content = (damage: string | null): Content =>
    ({ sha256: hash.digest("hex"), bytes: isKept ? Buffer.concat(kept) : null, damage });
  for (let next = await pieces.next(); ; next = await pieces.next()) {
    if (next.done === true) {
      return content(next.value === null ? null : `It cannot be inflated (${next.value}).`);
    }
    length += next.value.length;
    if (length > bytesMax) {
      await pieces.return(null);
      return content(`It holds more than ${bytesMax} bytes.`);
    }
    hash.update(next.value);
    if (isKept) kept.push(next.value);
  }
}

/** A file that is not gzip is taken as it is. */
async function* inflated(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, string | null> {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return null;
  const all = joined(first.value, chunks);
  if (isGzip(first.value)) return yield* inflateStream(all);
  yield* all;
  return null;
}

async function* joined(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
      yield next.value;
    }
  } finally {
    await rest.return?.();
  }
}
