import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import type { NewToken } from "../../src/http/tokens.ts";
import type { SimulatedFile } from "../../src/simulation/delivery.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";
import { serialise } from "../../src/simulation/serialise.ts";
import { recentDay, tasksText, type TimedCall } from "./recent-day.ts";
import type { Server } from "./server.ts";

export interface SimulatedWatch {
  /** Of the repository, built. */
  readonly root: string;
  readonly folder: string;
  readonly http: NewToken & { readonly host: string; readonly port: number };
  readonly alertmanager: string;
}

/** The day that has just ended, and a month that goes on at its own pace. */
const daysAfter = 30;

/** `watch` on a company's day, which it reads at once, and on the days after, as they happen. */
export async function startSimulatedWatch(
  options: SimulatedWatch,
  signal: AbortSignal,
): Promise<Server> {
  const { root, folder, http, alertmanager } = options;
  const { host, port, token } = http;
  const day = recentDay({ seed: "stack", now: Date.now(), days: 1, daysAfter });
  const bucket = join(folder, "bucket");
  const config = join(folder, "trailwarden.yaml");
  const store = join(folder, "trail.db");
  const files = day.files();
  await mkdir(folder, { recursive: true });
  const now = Date.now();
  const told = day.tasks.filter(({ at }) => at <= now);
  await writeFile(join(folder, "tasks.ndjson"), tasksText(told));
  await writeFile(config, stringify({
    ...matchingConfig(),
    sources: [{ kind: "directory", name: "bucket", path: bucket, everySeconds: 1 }],
    sinks: [{ kind: "alertmanager", name: "alertmanager", url: alertmanager }],
    http: { host, port, tokens: [token], requestsPerMinute: 6000 },
    service: { announceHours: 48 },
  }));
  const main = join(root, "dist", "main.js");
  const { value: first } = files.next() as { readonly value: SimulatedFile };
  await put(bucket, first);
  await ended(spawn(process.execPath, [
    main, "scan", bucket, "--tasks", join(folder, "tasks.ndjson"), "--store", store,
    "--config", config,
  ], { stdio: "ignore" }));
  const watch = spawn(process.execPath, [main, "watch", "--config", config, "--store", store], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  watch.stderr.pipe(createWriteStream(join(folder, "watch.log")));
  const gone = ended(watch);
  const url = `http://${host}:${port}`;
  const delivered = Promise.all([
    deliver(files, bucket, signal),
    tell(day.tasks.slice(told.length), { url, token: http.text }, signal),
  ]);
  return {
    url,
    stop: async () => {
      watch.kill("SIGTERM");
      await Promise.all([gone, delivered]);
    },
  };
}

async function deliver(
  files: Iterable<SimulatedFile>,
  bucket: string,
  signal: AbortSignal,
): Promise<void> {
  for (const file of files) {
    const waitMs = file.deliveredAt - Date.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    await put(bucket, file);
  }
}

/** What the wrapper would say of tasks, when it would. */
async function tell(
  calls: readonly TimedCall[],
  { url, token }: { readonly url: string; readonly token: string },
  signal: AbortSignal,
): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  for (const { at, call: { path, body } } of calls) {
    const waitMs = at - Date.now();
    if (waitMs > 0) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    // What is not heard is not told again: a wrapper would, and this is a demonstration.
    await fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) })
      .catch(() => undefined);
  }
}

/** Whole or not at all, as an object appears in a bucket. */
async function put(bucket: string, { key, records }: SimulatedFile): Promise<void> {
  const path = join(bucket, key);
  await mkdir(dirname(path), { recursive: true });
  const unfinished = join(dirname(path), ".unfinished");
  await writeFile(unfinished, gzipSync(serialise(records)));
  await rename(unfinished, path);
}

async function ended(child: ChildProcess): Promise<void> {
  await new Promise((resolve) => child.once("close", resolve));
}
