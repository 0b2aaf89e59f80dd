import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { findCandidates } from "../records/find-candidates.ts";
import type { ReadOptions } from "../records/read.ts";
import type { Order } from "./reader-thread.ts";

/** The other side of {@link ./reader-thread.ts}: orders come in, candidates go back in order. */
const options = workerData as ReadOptions;
const orders: Order[] = [];
let isBusy = false;

parentPort?.on("message", (order: Order) => {
  orders.push(order);
  if (!isBusy) void work();
});

/** The next file is read from the disk while one is looked through. */
async function work(): Promise<void> {
  isBusy = true;
  let next = taken();
  while (next !== null) {
    const { name, bytes } = next;
    const current = await bytes;
    next = taken();
    answer(name, current);
  }
  isBusy = false;
}

function taken(): { readonly name: string; readonly bytes: Promise<Buffer | null> } | null {
  const order = orders.shift();
  if (order === undefined) return null;
  // Whoever asked opens what cannot be read here again, and says why it cannot.
  return { name: order.name, bytes: readFile(order.path).catch(() => null) };
}

function answer(name: string, bytes: Buffer | null): void {
  const found = bytes === null ? null : findCandidates({ name, bytes }, options);
  const parts = found === null ? [] : [found.bytes, found.starts, found.offsets, found.indexes];
  parentPort?.postMessage(found, parts.map(({ buffer }) => buffer));
}
