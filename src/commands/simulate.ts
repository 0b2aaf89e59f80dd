import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { matchingConfig } from "../simulation/matching-config.ts";
import { serialise } from "../simulation/serialise.ts";
import type { SimulationOptions } from "../simulation/simulate.ts";
import { taskScripts } from "../simulation/incidents/catalogue.ts";
import { groundTruth, simulate, simulatedTasks } from "../simulation/simulate.ts";
import type { TaskTruth } from "../simulation/told.ts";
import { callsOf } from "./told-calls.ts";

export interface WriteOptions extends SimulationOptions {
  /** The folder to write into; made when missing. Its `AWSLogs/` is the bucket's. */
  readonly out: string;
  /** Stop after the file that brings the inflated bytes to this; absent: everything. */
  readonly targetBytes?: number;
  /** gzip's level. Default 3: measured, three quarters of the time of 6 on this data. */
  readonly gzipLevel?: number;
}

export interface SimulationSummary {
  readonly fileCount: number;
  /** Records written, duplicates included. */
  readonly recordCount: number;
  readonly inflatedBytes: number;
  readonly gzipBytes: number;
  readonly incidentCount: number;
  /** Whether `targetBytes` cut it short: late incidents may then be missing from the files. */
  readonly isCut: boolean;
  readonly configPath: string;
  readonly tasksPath: string;
  readonly groundTruthPath: string;
}

/**
 * Writes a simulation as a trail's bucket would hold it, beside it `trailwarden.yaml`, which
 * declares the simulated organisation, `tasks.ndjson`, which tells of its tasks, and
 * `ground-truth.json`, which tells what was planted.
 *
 * @param onProgress told after every hundredth file
 */
export async function writeSimulation(
  options: WriteOptions,
  onProgress: (soFar: SimulationProgress) => void = () => undefined,
): Promise<SimulationSummary> {
  const { out, targetBytes = Number.POSITIVE_INFINITY, gzipLevel = 3 } = options;
  const writer = new FolderWriter(out);
  const soFar = { fileCount: 0, recordCount: 0, inflatedBytes: 0, gzipBytes: 0 };
  let isCut = false;
  for (const file of simulate(options)) {
    const text = Buffer.from(serialise(file.records));
    const bytes = gzipSync(text, { level: gzipLevel });
    writer.write(file.key, bytes);
    soFar.gzipBytes += bytes.length;
    soFar.fileCount++;
    soFar.recordCount += file.records.length;
    soFar.inflatedBytes += text.length;
    if (soFar.fileCount % 100 === 0) {
      onProgress({ ...soFar, at: file.deliveredAt });
      // A turn of the event loop, so that an interrupt is heard.
      await nextTurn();
    }
    isCut = soFar.inflatedBytes >= targetBytes;
    if (isCut) break;
  }
  const incidents = groundTruth(options);
  const taskIncidents = groundTruth(options, taskScripts);
  writer.write("trailwarden.yaml", stringify(matchingConfig()));
  const tasksPath = join(out, "tasks.ndjson");
  const tasks = writeTasks(options, tasksPath);
  const truth = { incidents, taskIncidents, tasks };
  writer.write("ground-truth.json", `${JSON.stringify(truth, null, 2)}\n`);
  return {
    ...soFar,
    incidentCount: incidents.length + taskIncidents.length,
    isCut,
    configPath: join(out, "trailwarden.yaml"),
    tasksPath,
    groundTruthPath: join(out, "ground-truth.json"),
  };
}

/** What the wrapper tells, a line each; gives what is true of it. */
function writeTasks(options: SimulationOptions, path: string): readonly TaskTruth[] {
  const truths: TaskTruth[] = [];
  const file = openSync(path, "w");
  try {
    for (const task of simulatedTasks(options)) {
      writeSync(file, callsOf(task).map((call) => `${JSON.stringify(call)}\n`).join(""));
      truths.push(task.truth);
    }
  } finally {
    closeSync(file);
  }
  return truths;
}

export interface SimulationProgress {
  readonly fileCount: number;
  readonly recordCount: number;
  readonly inflatedBytes: number;
  readonly gzipBytes: number;
  /** Simulated time reached, ms. */
  readonly at: number;
}

/**
 * Writes files, and makes their folders once. Synchronously: for files of a few kilobytes,
 * measured, the thread pool's round trip costs twice what the write itself does, and there is
 * nothing else to do meanwhile.
 */
class FolderWriter {
  readonly #out: string;
  readonly #folders = new Set<string>();

  constructor(out: string) {
    this.#out = out;
  }

  write(key: string, content: Uint8Array | string): void {
    const path = join(this.#out, key);
    const folder = dirname(path);
    if (!this.#folders.has(folder)) {
      mkdirSync(folder, { recursive: true });
      this.#folders.add(folder);
    }
    writeFileSync(path, content);
  }
}
