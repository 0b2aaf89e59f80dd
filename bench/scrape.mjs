// A scrape of /metrics with 200 roles known and a million sessions seen: how many bytes, how long?
// What is measured and why: docs/benchmarks.md. Exits with 1 when a bound is missed.
//   node bench/scrape.mjs
import { Buffer } from "node:buffer";
import console from "node:console";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import Database from "libsql";
import { accessClasses } from "../dist/events/event.js";
import { eventResults } from "../dist/telemetry/labels.js";
import { openApp } from "../dist/app.js";
import { WatchService } from "../dist/service/watch-service.js";
import { createLogger } from "../dist/telemetry/logger.js";
import { Telemetry } from "../dist/telemetry/telemetry.js";
import { Verdicts } from "./verdicts.mjs";

const sessionCount = 1_000_000;
const roleCount = 200;
const agentCount = 50;
/** What is kept by default. */
const daysKept = 90;
const hourMs = 3_600_000;
const bytesMax = 2_000_000;
const msMax = 100;
const scrapeCount = 50;

const verdicts = new Verdicts();
const folder = mkdtempSync(join(tmpdir(), "trailwarden-scrape-"));
const path = join(folder, "trail.db");
const now = Date.now();
console.log(`Node ${process.versions.node}, load ${loadavg()[0]?.toFixed(1) ?? ""}.`);
await (await openApp({ store: path })).close();
fill();
const app = await openApp({ store: path });
try {
  const telemetry = telemetryOfMany();
  const service = await WatchService.open({
    app, sources: [], receivers: [], telemetry, now: () => now,
    agentsOnly: true, onFinding: () => undefined,
  });
  const first = await scraped(telemetry, service);
  // What is summed up beside is done by then.
  await delay(10_000);
  const more = [];
  for (let i = 0; i < scrapeCount; i += 1) more.push(await scraped(telemetry, service));
  const times = more.map(({ ms }) => ms).sort((a, b) => a - b);
  const worst = Math.max(first.ms, ...times);
  const { bytes } = more.at(-1) ?? first;
  console.log(
    `${sessionCount} sessions of ${roleCount} roles: ${bytes} bytes; the first scrape ` +
      `${first.ms.toFixed(0)} ms, of ${scrapeCount} more half within ` +
      `${(times[scrapeCount / 2] ?? 0).toFixed(0)} ms, all within ` +
      `${(times.at(-1) ?? 0).toFixed(0)} ms.`,
  );
  verdicts.met(`below ${bytesMax / 1e6} MB`, bytes < bytesMax);
  verdicts.met(`each below ${msMax} ms`, worst < msMax);
} finally {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
}
verdicts.conclude();

async function scraped(telemetry, service) {
  const startedAt = performance.now();
  const text = await telemetry.scrape(() => service.standing());
  return { bytes: Buffer.byteLength(text), ms: performance.now() - startedAt };
}

/** Sessions and their credentials as judging leaves them; what gauges do not ask is empty. */
function fill() {
  const database = new Database(path);
  database.pragma("journal_mode = WAL");
  const session = database.prepare(`INSERT INTO sessions (id, group_id, data, account, agent,
    agent_status, role_arn, mode, first_at, last_at, expires_at, event_count, write_count,
    denied_count, task_id, credential_count) VALUES (?, ?, '{}', '111122223333', ?, 'declared', ?,
    'readonly', ?, ?, ?, 12, 1, 0, NULL, 1)`);
  const credential = database.prepare(`INSERT INTO credentials (access_key_id, group_id, session_id,
    kind, account, agent, role_arn, first_at, last_at, expires_at, use_count, issued_at, task_ids)
    VALUES (?, ?, ?, 'temporary', '111122223333', ?, ?, ?, ?, ?, 12, ?, NULL)`);
  database.exec("BEGIN");
  for (let i = 0; i < sessionCount; i += 1) {
    const at = Math.floor(now - (i / sessionCount) * daysKept * 24 * hourMs);
    const agent = `agent-${i % agentCount}`;
    const role = `arn:aws:iam::111122223333:role/agents/${roleName(i % roleCount)}`;
    session.run(`s-${i}`, i, agent, role, at, at + 120_000, at + hourMs);
    const key = `ASIA${String(i).padStart(16, "0")}`;
    credential.run(key, i, `s-${i}`, agent, role, at, at + 120_000, at + hourMs, at);
  }
  database.exec("COMMIT");
  database.close();
}

/** Every role has called in all classes, with all results. */
function telemetryOfMany() {
  const telemetry = new Telemetry({
    logger: createLogger({ level: "error", isPretty: false }),
    version: "bench", inHandLimitBytes: 1, sources: ["trail"], receivers: ["on-call"],
    agents: Array.from({ length: agentCount }, (_, i) => `agent-${i}`),
    rules: [...app.rules.detections, ...app.rules.correlations],
  });
  const tallies = Array.from({ length: roleCount }, (_, i) => accessClasses.flatMap((access) =>
    eventResults.map((result) => ({
      agent: `agent-${i % agentCount}`, role: roleName(i), access, result, count: 1,
    }))));
  telemetry.judged({
    tallies: tallies.flat(), changes: [], receivedAt: now, judgedAt: now, seconds: 0.01,
  });
  return telemetry;
}

/** Of IAM's longest, 64 characters. */
function roleName(i) {
  return `${"r".repeat(60)}${String(i).padStart(4, "0")}`;
}
