// How long an audit of a large account takes beyond AWS's answers, and how much memory.
import { execFileSync } from "node:child_process";
import console from "node:console";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath, URL } from "node:url";
import { writeSnapshot } from "./audit-snapshot.mjs";
import { Verdicts } from "./verdicts.mjs";

const counts = { roleCount: 5000, userCount: 2000 };
const secondsMax = 60;
const megabytesMax = 400;

const folder = mkdtempSync(join(tmpdir(), "trailwarden-bench-audit-"));
try {
  const file = join(folder, "iam.json");
  writeSnapshot(file, counts);
  const megabytes = (statSync(file).size / 1e6).toFixed(0);
  console.log(`An account of ${counts.roleCount} roles and ${counts.userCount} users, ` +
    `a snapshot of ${megabytes} MB:`);
  const script = fileURLToPath(new URL("audit-run.mjs", import.meta.url));
  const run = JSON.parse(execFileSync(process.execPath, [script, file]).toString());
  const verdicts = new Verdicts();
  console.log(`  ${run.verdicts} verdicts, ${run.identities} identities of agents, ` +
    `${(run.bytes / 1e6).toFixed(0)} MB of JSON, CSV and HTML`);
  verdicts.met(`${run.seconds.toFixed(1)} s, below ${secondsMax}`, run.seconds < secondsMax);
  const peak = run.peakBytes / 1e6;
  verdicts.met(`peak ${peak.toFixed(0)} MB, below ${megabytesMax}`, peak < megabytesMax);
  verdicts.conclude();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
