// One scan as the command does it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openApp } from "../dist/app.js";
import { ingestFiles } from "../dist/ingest-files.js";
import { archiveJudge, judgeEverything } from "../dist/judging/judge-everything.js";
import { findFiles } from "../dist/sources/files.js";

const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };

/** Opens the program, reads, judges, commits to a store file, closes. Returns the records met. */
export async function scan({ paths, config }, agentsOnly) {
  const folder = mkdtempSync(join(tmpdir(), "trailwarden-bench-store-"));
  try {
    const app = await openApp({ config, store: join(folder, "scan.db") });
    const files = await findFiles(paths);
    const onRejection = ({ file, detail }) => {
      throw new Error(`${file}: ${detail}`);
    };
    const judge = archiveJudge(app);
    const read = await ingestFiles(app, files, { agentsOnly, progress: silent, onRejection, judge });
    await judgeEverything(app, silent, { judge });
    await app.close();
    return read.eventCount + read.duplicateCount + read.skippedCount;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
