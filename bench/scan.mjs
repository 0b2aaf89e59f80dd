// One scan as the command does it, and the baseline it is measured against.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { gunzipSync } from "node:zlib";
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

/** What anybody would write in three lines, and the least that reading JSON as such costs. */
export function baseline({ files }) {
  return files.reduce((count, { path }) => {
    const text = gunzipSync(readFileSync(path)).toString();
    return count + JSON.parse(text).Records.length;
  }, 0);
}

/** Wall and processor seconds of some work, and how many records it met. */
export async function timed(work) {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const records = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6, records };
}
