import { readFile, rename, writeFile } from "node:fs/promises";
import { readSnapshot, type Snapshot } from "../audit/snapshot.ts";

/** What a file of an audit holds; a sentence where it is no snapshot, null where there is none. */
export async function snapshotIn(path: string): Promise<Snapshot | string | null> {
  try {
    return readSnapshot(await readFile(path, "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Whole or not at all: a run that breaks off here leaves what was there before. It tells who may do
 * what, so only its owner may read it.
 */
export async function keepSnapshot(path: string, snapshot: Snapshot): Promise<void> {
  const unfinished = `${path}.unfinished`;
  await writeFile(unfinished, `${JSON.stringify(snapshot)}\n`, { mode: 0o600 });
  await rename(unfinished, path);
}
