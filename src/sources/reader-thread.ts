import { Worker } from "node:worker_threads";
import type { ReadBatch, ReadOptions, RecordFile } from "../records/read.ts";

/**
 * Reads files on a thread of its own: where few records are wanted, inflating and searching is
 * most of the work, and it goes on while this thread understands and stores what was found. Where
 * many are, handing them over would cost more than it saves.
 */
export class ReaderThread {
  readonly #worker: Worker;
  readonly #waiting: Settle[] = [];

  constructor(options: ReadOptions) {
    const script = new URL("./reader-thread-worker.js", import.meta.url);
    this.#worker = new Worker(script, { workerData: options, resourceLimits });
    this.#worker.on("message", (batches: readonly ReadBatch[]) => {
      this.#waiting.shift()?.resolve(batches.map(withBuffers));
    });
    this.#worker.on("error", (error) => {
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
  }

  /** The batches of a file; files are answered in the order in which they were asked for. */
  read({ name, bytes }: Extract<RecordFile, { bytes: Buffer }>): Promise<readonly ReadBatch[]> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage({ name, bytes });
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** What the thread parses is soon gone; the default would let it keep 48 MB of that. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };

interface Settle {
  readonly resolve: (batches: readonly ReadBatch[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Between threads a Buffer becomes the array it is made of. */
function withBuffers(batch: ReadBatch): ReadBatch {
  const records = batch.records.map((found) =>
    found.json === undefined ? found : { ...found, json: bufferOf(found.json) },
  );
  return { ...batch, records };
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
