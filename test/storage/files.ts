import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Paths of files that do not exist yet, in a folder that goes with the test file. */
export function newFiles(): (name?: string) => string {
  const folder = mkdtempSync(join(tmpdir(), "trailwarden-store-"));
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  let made = 0;
  return (name = "store.db") => join(folder, `${made++}-${name}`);
}

/**
 * What a power cut would leave of a store that is in use: its file and its log, as they are now.
 */
export function copyInUse(from: string, to: string): void {
  for (const suffix of ["", "-wal"]) {
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
  }
}
