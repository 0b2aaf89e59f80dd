import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";

const heap = pathToFileURL(join(import.meta.dirname, "..", "..", "dist", "heap.js")).href;

/** Bytes of V8's new space once much was made and held for a while. */
const measure = `
  import { getHeapSpaceStatistics } from "node:v8";
  let held = [];
  for (let i = 0; i < 2e6; i++) {
    if (i % 2e5 === 0) held = [];
    held.push({ i });
  }
  const [space] = getHeapSpaceStatistics().filter(({ space_name }) => space_name === "new_space");
  process.stdout.write(String(space.space_size));`;

function newSpaceBytes(before: string): number {
  const script = `${before}\n${measure}`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script]).toString());
}

it("gives what is new 8 MB, and no more, where V8 would take what it likes", () => {
  const kept = `import { keepHeapSmall } from "${heap}"; keepHeapSmall();`;
  expect(newSpaceBytes(kept)).toBeLessThanOrEqual(8 * 2 ** 20);
  expect(newSpaceBytes("")).toBeGreaterThan(8 * 2 ** 20);
});
