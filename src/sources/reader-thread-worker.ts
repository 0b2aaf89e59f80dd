import { parentPort, workerData } from "node:worker_threads";
import { findCandidates } from "../records/find-candidates.ts";
import type { ReadOptions } from "../records/read.ts";
import { FileBuffer } from "./file-buffer.ts";
import type { Order } from "./reader-thread.ts";

/** The other side of {@link ./reader-thread.ts}: orders come in, candidates go back in order. */
const options = workerData as ReadOptions;
const orders: Order[] = [];
let isBusy = false;
/** One for the file that is looked through, one for the next, which is read meanwhile. */
let [free, taken] = [new FileBuffer(), new FileBuffer()];

parentPort?.on("message", (order: Order) => {
  orders.push(order);
  if (!isBusy) void work();
});

async function work(): Promise<void> {
  isBusy = true;
  let next = begun();
  while (next !== null) {
    const { name, bytes } = next;
    const current = await bytes;
    next = begun();
    answer(name, current);
  }
  isBusy = false;
}

/** Begins to read the next file. */
function begun(): { readonly name: string; readonly bytes: Promise<Buffer | null> } | null {
  const order = orders.shift();
  if (order === undefined) return null;
  [free, taken] = [taken, free];
  return { name: order.name, bytes: taken.read(order.path) };
}

function answer(name: string, bytes: Buffer | null): void {
  const found = bytes === null ? null : findCandidates({ name, bytes }, options);
  const parts = found === null ? [] : [found.bytes, found.starts, found.offsets, found.indexes];
  parentPort?.postMessage(found, parts.map(({ buffer }) => buffer));
}
