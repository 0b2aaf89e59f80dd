import { parentPort, workerData } from "node:worker_threads";
import { readRecords, type ReadBatch, type ReadOptions } from "../records/read.ts";

/** The other side of {@link ./reader-thread.ts}: files come in, their batches go back in order. */
const options = workerData as ReadOptions;
let last: Promise<void> = Promise.resolve();

parentPort?.on("message", ({ name, bytes }: { name: string; bytes: Uint8Array }) => {
  const file = { name, bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
  last = last.then(async () => {
    const batches: ReadBatch[] = [];
    for await (const batch of readRecords(file, options)) batches.push(batch);
    parentPort?.postMessage(batches);
  });
});
