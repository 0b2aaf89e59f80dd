// Both benchmarks of `watch`, one after the other. Exits with 1 when either misses a bound.
//   npm run bench:watch -- [--events 1000000] [--folder <folder>] [--rate 500] [--seconds 60]
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { parseArgs } from "node:util";

const { values: { events, folder, rate, seconds } } = parseArgs({
  options: {
    events: { type: "string", default: "1000000" },
    folder: { type: "string", default: join(tmpdir(), "trailwarden-bench") },
    rate: { type: "string", default: "500" },
    seconds: { type: "string", default: "60" },
  },
});

const codes = [
  run("watch-latency.mjs", ["--rate", rate, "--seconds", seconds]),
  run("watch-million.mjs", ["--events", events, "--folder", folder]),
];
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

/** The exit code. */
function run(script, args) {
  const file = fileURLToPath(new URL(script, import.meta.url));
  return spawnSync(process.execPath, [file, ...args], { stdio: "inherit" }).status;
}
