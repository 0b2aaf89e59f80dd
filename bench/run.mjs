// Measures a scan against bare gunzipSync + JSON.parse of the same files, in the same run, and its
// peak memory. What is measured and why: docs/benchmarks.md. Exits with 1 when a bound is missed.
//   npm run bench -- [--archive-mb 2000] [--rounds 3] [--folder <folder>]
// The files are made once, in about two minutes, and kept in the folder.
import "./heap.mjs";
import { execFileSync } from "node:child_process";
import console from "node:console";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";

const { filesOf, firstOf, inflatedBytes, recordCount } = await import("./files.mjs");
const { scan } = await import("./scan.mjs");
const { timed } = await import("./timed.mjs");

const { values: options } = parseArgs({
  options: {
    "archive-mb": { type: "string", default: "2000" },
    rounds: { type: "string", default: "3" },
    folder: { type: "string", default: join(tmpdir(), "trailwarden-bench") },
  },
});

/** The claims: how fast beside the baseline, at least. `timed`: the part of the archive timed. */
const mixes = [
  { name: "1 % agents, --agents-only", share: 0.01, agentsOnly: true, timed: 0.5, ratioMin: 3 },
  { name: "100 % agents, everything", share: 1, agentsOnly: false, timed: 0.125, ratioMin: 0.25 },
];
/** Over an archive of any size; it is measured over `--archive-mb`, inflated. */
const peakMegabytesMax = 300;

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores.`);
const results = [];
for (const mix of mixes) {
  const archive = filesOf(mix.share, Number(options["archive-mb"]) * 1e6, options.folder);
  results.push(await speedOf(mix, archive), memoryOf(mix, archive));
}
const missed = results.filter((isMet) => !isMet).length;
console.log(missed === 0 ? "\nEvery bound is met." : `\n${missed} bounds are missed.`);
process.exitCode = missed === 0 ? 0 : 1;

/** Baseline and scan in turn, so that a busy moment of the machine hits both; medians count. */
async function speedOf({ name, agentsOnly, timed: part, ratioMin }, archive) {
  const files = firstOf(archive, inflatedBytes(archive) * part);
  const bare = [];
  const scans = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    bare.push(baselineOf(files));
    scans.push(await timed(() => scan(files, agentsOnly)));
  }
  const ratio = median(bare, "seconds") / median(scans, "seconds");
  const cpuRatio = median(bare, "cpuSeconds") / median(scans, "cpuSeconds");
  const megabytes = (inflatedBytes(files) / 1e6).toFixed(0);
  console.log(`\n${name}: ${recordCount(files)} records, ${megabytes} MB inflated`);
  console.log(row("gunzipSync + JSON.parse", bare, files));
  console.log(row("trailwarden, committed", scans, files));
  console.log(verdict(`  ratio ${ratio.toFixed(2)}, at least ${ratioMin}`, ratio >= ratioMin));
  console.log(`  by processor time, all threads together: ${cpuRatio.toFixed(2)}`);
  return ratio >= ratioMin;
}

/** In a process of its own: what anybody would write has Node's own heap, not a small one. */
function baselineOf({ files }) {
  const script = fileURLToPath(new URL("bare.mjs", import.meta.url));
  const input = JSON.stringify(files.map(({ path }) => path));
  return JSON.parse(execFileSync(process.execPath, [script], { input }).toString());
}

function memoryOf({ agentsOnly }, archive) {
  const script = fileURLToPath(new URL("memory.mjs", import.meta.url));
  const args = [script, ...archive.paths, archive.config, String(agentsOnly)];
  const output = execFileSync(process.execPath, args);
  const { seconds, records, peakBytes } = JSON.parse(output.toString());
  const peak = peakBytes / 1e6;
  const over = `${(inflatedBytes(archive) / 1e9).toFixed(1)} GB inflated, ${records} records`;
  console.log(
    verdict(
      `  peak ${peak.toFixed(0)} MB over ${over} in ${seconds.toFixed(1)} s, ` +
        `below ${peakMegabytesMax}`,
      peak < peakMegabytesMax,
    ),
  );
  return peak < peakMegabytesMax;
}

function row(name, runs, files) {
  const seconds = median(runs, "seconds");
  return [
    `  ${name.padEnd(24)}`,
    `${(recordCount(files) / seconds / 1000).toFixed(1).padStart(7)}k events/s`,
    `${(inflatedBytes(files) / seconds / 1e6).toFixed(0).padStart(5)} MB/s`,
    `${seconds.toFixed(2).padStart(7)} s`,
    `${median(runs, "cpuSeconds").toFixed(2).padStart(7)} s of processor`,
  ].join("  ");
}

function verdict(text, isMet) {
  const line = `${text}: ${isMet ? "met" : "MISSED"}`;
  return process.stdout.isTTY ? `\u001b[1m${line}\u001b[22m` : line;
}

function median(runs, key) {
  const values = runs.map((run) => run[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}
