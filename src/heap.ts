import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/**
 * Keeps V8's heap close to what is in use. By default it may grow fourfold before it is collected
 * whole, and what is new may fill 32 MB, twice the half that is used; with these bounds a scan of
 * any length takes 140 MB less and, measured, a tenth more processor time.
 *
 * Best called before anything else is loaded: what is new has no less room than it was given so
 * far.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--heap-growing-percent=40");
  keepNewSpaceSmall();
}

/** Half of it is used at a time. Half of that takes 5 % more processor time, to spare 6 MB. */
const newSpaceMegabytes = 8;

/**
 * The size itself can be told on the command line only; by how much it grows, at any time. So it
 * is made to grow once, by what outlives a collection, from V8's first two megabytes, and no more.
 */
function keepNewSpaceSmall(): void {
  setFlagsFromString(`--semi-space-growth-factor=${newSpaceMegabytes / firstMegabytes}`);
  const held: unknown[] = [];
  for (let i = 0; i < triesMax && newSpaceBytes() <= firstMegabytes * 2 ** 20; i++) {
    held.push(new Array(1024).fill(held));
  }
  setFlagsFromString("--semi-space-growth-factor=1");
}
const firstMegabytes = 2;
/** Of 8 kB each: it takes three megabytes. */
const triesMax = 2000;

function newSpaceBytes(): number {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  return space?.space_size ?? Infinity;
}
