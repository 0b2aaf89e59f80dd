import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/**
 * Keeps V8's heap close to what is in use. By default it may grow fourfold before it is collected
 * whole, and what is new may fill 32 MB; with these bounds a scan takes 190 MB less and, measured,
 * an eighth more processor time.
 *
 * To be called before anything else is loaded: what is new keeps the room it was given so far.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=30");
  sizeNewSpace();
  setInterval(sizeNewSpace, checkMs).unref();
}

/** V8 takes room back from a thread that rests, or waits for SQLite. */
const checkMs = 5000;

/** Half of it is used at a time. A quarter of this takes 4 % more processor time, to spare 8 MB. */
const newSpaceMegabytes = 8;
const firstMegabytes = 2;

/**
 * The size itself can be told on the command line only; by how much it grows, at any time. So it
 * is made to grow once, by what outlives a collection, from V8's first two megabytes, and no more.
 */
function sizeNewSpace(): void {
  if (!isFirstSize()) return;
  setFlagsFromString(`--semi-space-growth-factor=${newSpaceMegabytes / firstMegabytes}`);
  const held: unknown[] = [];
  for (let i = 0; i < arraysMax && isFirstSize(); i++) held.push(new Array(1024).fill(held));
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** Of 8 kB each: 3 MB do. */
const arraysMax = 2000;

function isFirstSize(): boolean {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return space !== undefined && space.space_size <= firstMegabytes * 2 ** 20;
}
