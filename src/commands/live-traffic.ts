import { mkdir, rename, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { serialise } from "../simulation/serialise.ts";
import { simulate, type SimulationOptions } from "../simulation/simulate.ts";

export interface LiveTrafficOptions extends SimulationOptions {
  /** The folder whose `AWSLogs/` is the bucket's. */
  readonly out: string;
  /** How long a simulated day takes: files come in their order, so much faster than in life. */
  readonly secondsPerDay: number;
}

const dayMs = 86_400_000;

/** Writes simulated files one by one, as a trail would, until all are written or the signal. */
export async function writeLiveTraffic(
  options: LiveTrafficOptions,
  signal: AbortSignal,
): Promise<void> {
  const { out, startAt, days, secondsPerDay } = options;
  const beganAt = performance.now();
  const endAt = startAt + days * dayMs;
  for (const { key, deliveredAt, records } of simulate(options)) {
    if (signal.aborted) return;
    // What comes days late would hold the end up; here it comes with the last.
    const dueMs = ((Math.min(deliveredAt, endAt) - startAt) / dayMs) * secondsPerDay * 1000;
    const waitMs = dueMs - (performance.now() - beganAt);
    if (waitMs > 1) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    await put(join(out, key), gzipSync(serialise(records), { level: 1 }));
  }
}

/** Whole or not at all, as an object appears in a bucket. */
async function put(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  const unfinished = join(folder, `.${basename(path)}`);
  await mkdir(folder, { recursive: true });
  await writeFile(unfinished, bytes);
  await rename(unfinished, path);
}
