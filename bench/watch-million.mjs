// A million records through `watch`, by SQS and S3: is each accounted for, does memory stay flat?
// What is measured and why: docs/benchmarks.md. Exits with 1 when a bound is missed.
//   node bench/watch-million.mjs [--events 1000000] [--folder <folder>]
// The objects are made once, in some minutes, and kept in the folder.
import { execFileSync } from "node:child_process";
import console from "node:console";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { openSqliteStore } from "../dist/storage/sqlite.js";
import { recordsPerObject } from "./trail-objects.mjs";
import { trailMessages } from "./trail-messages.mjs";
import { TrailQueue } from "./trail-queue.mjs";
import { Verdicts } from "./verdicts.mjs";
import { Watched } from "./watched.mjs";

const { values: options } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    folder: { type: "string", default: join(tmpdir(), "trailwarden-bench") },
    /** For Node.js, e.g. --cpu-prof; the store and the log stay then. */
    node: { type: "string", multiple: true, default: [] },
  },
});

/** Of the last quarter's resident memory to the second quarter's: within a tenth is flat. */
const memoryRatioMax = 1.1;
/** Of the last quarter's events per processor second to the second quarter's. */
const paceRatioMin = 0.75;
const verdicts = new Verdicts();

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, load ${load()}.`);
const queue = await TrailQueue.start();
const told = await trailMessages(queue, {
  recordCount: Number(options.events), folder: options.folder,
});
console.log(
  `${told.bodies.length} messages: ${told.sentCount} records, ${told.eventCount} of them events ` +
    `of their own; ${told.poison.length} messages are poison.\n`,
);
await queue.send(told.bodies);
const watched = await Watched.start({
  config: {
    ...matchingConfig(), ...queue.config(),
    // Simulated events lie in the past.
    service: { announceHours: 1_000_000 },
  },
  environment: queue.environment,
  args: ["--all-records"],
  nodeArgs: options.node,
});
try {
  const samples = await watchedUntilTaken();
  const judgedSeconds = await untilJudged();
  const metrics = await watched.metrics();
  const deadLetters = await queue.deadLetters();
  verdicts.equal("exit code", await watched.end(), 0);
  judgeAccounts(metrics, deadLetters);
  judgePace(samples, judgedSeconds);
} finally {
  await watched.end("SIGKILL");
  if (options.node.length === 0 && verdicts.areMet) watched.remove();
  else console.log(`Store and log: ${watched.folder}`);
  queue.stop();
}
verdicts.conclude();

/** Looks each second, until the queue is empty. */
async function watchedUntilTaken() {
  const samples = [];
  const startedAt = performance.now();
  for (;;) {
    const metrics = await watched.metrics();
    const records = (outcome) => metrics.sum("trailwarden_records_total", { outcome });
    const known = metrics.sum("trailwarden_deliveries_total", { outcome: "known" });
    const depth = await queue.depth();
    const sample = {
      seconds: (performance.now() - startedAt) / 1000,
      processorSeconds: watched.processorSeconds,
      resident: watched.residentBytes,
      taken: records("new") + records("duplicate") + records("rejected") +
        known * recordsPerObject,
      judged: metrics.sum("trailwarden_events_total"),
      depth,
    };
    if (samples.length % 10 === 0) console.log(row(sample));
    samples.push(sample);
    if (depth === 0) return samples;
    await delay(1000);
  }
}

function row({ seconds, resident, taken, judged, depth }) {
  return [
    `${seconds.toFixed(0).padStart(6)} s`,
    `${(resident / 1e6).toFixed(0).padStart(5)} MB resident`,
    `${String(taken).padStart(8)} records taken`,
    `${String(judged).padStart(8)} events judged`,
    `${String(depth).padStart(5)} messages left`,
    `load ${load()}`,
  ].join("  ");
}

/** How long after the queue was empty. */
async function untilJudged() {
  const startedAt = performance.now();
  const store = await openSqliteStore({ path: watched.store });
  try {
    while ((await store.dirtyGroups(1)).length > 0) await delay(200);
  } finally {
    await store.close();
  }
  return (performance.now() - startedAt) / 1000;
}

function judgeAccounts(metrics, deadLetters) {
  const of = (outcome) => metrics.sum("trailwarden_records_total", { source: "trail", outcome });
  const ended = (outcome) => metrics.sum("trailwarden_deliveries_total", { outcome });
  const stored = storeInfo();
  const rejected = Object.values(stored.rejected).reduce((sum, count) => sum + count, 0);
  const known = ended("known") * recordsPerObject;
  const accounted = of("new") + of("duplicate") + known + of("rejected");
  console.log(
    `\n${of("new")} events + ${of("duplicate") + known} duplicates (${known} of them not even ` +
      `read) + ${of("rejected")} rejected`,
  );
  verdicts.equal("records accounted for", accounted, told.sentCount);
  verdicts.equal("events, as sent", of("new"), told.eventCount);
  verdicts.equal("events in the store", stored.eventCount, of("new"));
  verdicts.equal("duplicates in the store", stored.duplicateCount, of("duplicate"));
  verdicts.equal("rejected in the store", rejected, of("rejected"));
  verdicts.equal("events judged", metrics.sum("trailwarden_events_total"), told.eventCount);
  verdicts.equal("messages without records", ended("empty"), told.textCount);
  verdicts.equal("poison in the dead-letter queue, each message of it",
    JSON.stringify(deadLetters.sort()), JSON.stringify([...told.poison].sort()));
}

function storeInfo() {
  const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
  const args = [main, "store", "info", "--store", watched.store, "--format", "json"];
  return JSON.parse(execFileSync(process.execPath, args).toString());
}

/** The tail, where poison alone is waited for, is left out. */
function judgePace(samples, judgedSeconds) {
  const most = Math.max(...samples.map(({ taken }) => taken));
  const end = samples.findIndex(({ taken }) => taken >= most * 0.999);
  const busy = samples.slice(0, end + 1);
  const quarter = (n) => busy.filter(({ taken }) =>
    taken > (most * n) / 4 && taken <= (most * (n + 1)) / 4);
  const last = busy.at(-1);
  console.log(
    `\n${(most / last.seconds).toFixed(0)} records/s by the clock, ` +
      `${(most / last.processorSeconds).toFixed(0)} per processor second, load ${load()}; ` +
      `the last was judged ${judgedSeconds.toFixed(1)} s after the queue was empty.`,
  );
  const memory = median(quarter(3)) / median(quarter(1));
  const peak = Math.max(...samples.map(({ resident }) => resident));
  const text = `${(peak / 1e6).toFixed(0)} MB at most; last quarter to second ${memory.toFixed(2)}`;
  verdicts.met(`${text}, at most ${memoryRatioMax}`, memory <= memoryRatioMax);
  const pace = paceOf(quarter(3)) / paceOf(quarter(1));
  verdicts.met(
    `pace by processor time, last quarter to second ${pace.toFixed(2)}, at least ${paceRatioMin}`,
    pace >= paceRatioMin,
  );
}

function paceOf(samples) {
  const [first, last] = [samples[0], samples.at(-1)];
  return (last.taken - first.taken) / (last.processorSeconds - first.processorSeconds);
}

function median(samples) {
  const values = samples.map(({ resident }) => resident).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

function load() {
  return loadavg()[0].toFixed(1);
}
