import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { openApp, type App } from "../../src/app.ts";
import { tellTasks } from "../../src/commands/tell-tasks.ts";
import { ingestFiles } from "../../src/ingest-files.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import { createReceiver } from "../../src/notifications/create-receiver.ts";
import { readRecords } from "../../src/records/read.ts";
import { WatchService } from "../../src/service/watch-service.ts";
import type { SimulatedFile } from "../../src/simulation/delivery.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";
import { serialise } from "../../src/simulation/serialise.ts";
import { lookForFiles } from "../../src/sources/files.ts";
import type { Judged } from "../../src/telemetry/happenings.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { Telemetry } from "../../src/telemetry/telemetry.ts";
import { auditAt } from "../stack/audit-at.ts";
import { FedSource, type Fed } from "./fed-source.ts";
import { recentDay, tasksText, type TimedCall } from "../stack/recent-day.ts";

/** Simulated seconds between two scrapes. */
export const everySeconds = 120;
const dayMs = 86_400_000;

/** An agent that the config does not tell of. */
const undeclared = "cursor";

export interface Lapse {
  /** What was scraped, with its instants: promtool makes blocks of it. */
  readonly path: string;
  /** Seconds since 1970. */
  readonly start: number;
  readonly end: number;
}

/** A Thursday afternoon. */
const endAt = Date.UTC(2026, 2, 5, 17);
export const startAt = endAt - dayMs;
/** Of simulated time. */
const auditEveryMs = 2 * 3_600_000;

/** IAM of the company's accounts. */
export interface PicturedIam {
  /** How a config reaches it, and what it says of audits. */
  readonly config: object;
  /** What people do there until then (ms UTC). */
  turn(at: number): void;
}

/**
 * A day of a watched company in some minutes: the real service reads simulated days by a clock that
 * jumps from one delivery or scrape to the next, and goes on at its own pace between them.
 */
export async function lapseOfADay(folder: string, iam: PicturedIam): Promise<Lapse> {
  const day = recentDay({ seed: "pictures", now: Date.UTC(2026, 1, 18), scale: 2, days: 17 });
  const files = [...day.files()].filter(({ deliveredAt }) => deliveredAt < endAt);
  const app = await opened(folder, iam);
  let told = await toldBefore(startAt, { app, folder }, day.tasks);
  const clock = new JumpingClock(startAt);
  const source = new FedSource();
  const telemetry = telemetryOf(app);
  await ingestBefore(app, folder, files.filter(({ deliveredAt }) => deliveredAt < startAt));
  const audit = async (at: number) => {
    iam.turn(at);
    await auditAt(at, { ...app, telemetry: telemetry.audit });
  };
  await audit(startAt - auditEveryMs);
  const now = () => clock.now();
  const service = await WatchService.open({
    app, sources: [source], telemetry, now, agentsOnly: false, onFinding: () => undefined,
    leaveReports: () => Promise.resolve(),
    receivers: app.config.sinks.map((sink) => createReceiver(sink, { aws: app.config.aws, now })),
  });
  const end = new AbortController();
  const running = service.run(end.signal);
  const path = join(folder, "scraped.txt");
  const out = createWriteStream(path);
  let fed = files.filter(({ deliveredAt }) => deliveredAt >= startAt);
  for (let at = startAt; at < endAt; at += everySeconds * 1000) {
    const due = fed.filter(({ deliveredAt }) => deliveredAt < at);
    fed = fed.slice(due.length);
    for (const file of due) {
      const next = await handover(folder, file);
      clock.jump(file.deliveredAt);
      telemetry.fetched("trail", next.parcels[0]?.storedBytes ?? 0);
      const { roundCount } = telemetry;
      await source.feed(next);
      await quiet(telemetry, roundCount);
    }
    if ((at - startAt) % auditEveryMs === 0) await audit(at);
    clock.jump(at);
    told = await toldBefore(at, { app, folder }, told);
    telemetry.depth("trail", "main", due.length);
    telemetry.depth("trail", "dead-letter", 0);
    telemetry.inHand(service.inHandBytes);
    out.write(stamped(await telemetry.scrape(() => service.standing()), at / 1000));
  }
  await new Promise<void>((resolve) => out.end("# EOF\n", () => { resolve(); }));
  source.end();
  end.abort();
  await running;
  await app.close();
  return { path, start: startAt / 1000, end: endAt / 1000 };
}

class JumpingClock {
  #at: number;
  #since = performance.now();

  constructor(at: number) {
    this.#at = at;
  }

  jump(at: number): void {
    this.#at = at;
    this.#since = performance.now();
  }

  now(): number {
    return this.#at + Math.floor(performance.now() - this.#since);
  }
}

async function opened(folder: string, iam: PicturedIam): Promise<App> {
  const { agents = [], ...company } = matchingConfig();
  writeFileSync(join(folder, "trailwarden.yaml"), stringify({
    ...company, ...iam.config,
    agents: agents.filter(({ name }) => name !== undeclared),
    sources: [{ kind: "directory", name: "trail", path: join(folder, "AWSLogs") }],
    sinks: [
      { kind: "file", name: "siem", path: join(folder, "findings.ndjson") },
      { kind: "file", name: "on-call", path: join(folder, "worst.ndjson"),
        only: { minLevel: "high" } },
    ],
  }));
  return await openApp({
    store: join(folder, "trail.db"), config: join(folder, "trailwarden.yaml"),
  });
}

/** Tells what is due, and gives the rest. */
async function toldBefore(
  at: number,
  { app, folder }: { readonly app: App; readonly folder: string },
  calls: readonly TimedCall[],
): Promise<readonly TimedCall[]> {
  const due = calls.filter((call) => call.at < at);
  const path = join(folder, "tasks.ndjson");
  writeFileSync(path, tasksText(due));
  await tellTasks(app.store, [path]);
  return calls.slice(due.length);
}

/** Counts the rounds of judging. */
class CountingTelemetry extends Telemetry {
  roundCount = 0;

  override judged(judged: Judged): void {
    super.judged(judged);
    this.roundCount += 1;
  }
}

/** Until what was committed is judged; of a file with nothing new nothing is. */
async function quiet(telemetry: CountingTelemetry, before: number): Promise<void> {
  let last = telemetry.roundCount;
  for (let waits = 0; waits < 50; waits += 1) {
    await delay(8);
    if (telemetry.roundCount > before && telemetry.roundCount === last) return;
    last = telemetry.roundCount;
  }
}

function telemetryOf({ rules, config }: App): CountingTelemetry {
  return new CountingTelemetry({
    logger: createLogger({ level: "error", isPretty: false }),
    version: "0.1.0", inHandLimitBytes: config.service.inHandBytesMax,
    sources: ["trail"], receivers: config.sinks.map(({ name }) => name),
    agents: config.agents.map(({ name }) => name),
    rules: [...rules.detections, ...rules.correlations],
  });
}

async function ingestBefore(
  app: App,
  folder: string,
  files: readonly SimulatedFile[],
): Promise<void> {
  for (const file of files) written(folder, file);
  const { files: found } = await lookForFiles([join(folder, "AWSLogs")]);
  const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };
  await ingestFiles(app, found, {
    agentsOnly: false, progress: silent, onRejection: () => undefined,
  });
  await judgeEverything(app, silent, { asOf: (await app.store.latestAt()) ?? 0 });
}

function written(folder: string, { key, records }: SimulatedFile): string {
  const path = join(folder, key);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, gzipSync(serialise(records), { level: 1 }));
  return path;
}

async function handover(folder: string, file: SimulatedFile): Promise<Fed> {
  const path = written(folder, file);
  const { files: [found] } = await lookForFiles([path]);
  if (found === undefined) throw new Error(`${path} was not found.`);
  const { delivery, bytes, open } = found;
  return {
    name: path,
    receivedAt: file.deliveredAt,
    parcels: [{
      delivery, storedBytes: bytes,
      batches: async function* (read) { yield* readRecords(await open(), read); },
    }],
    poison: null,
  };
}

/** The samples of a scrape, each with its instant, as OpenMetrics has them. */
function stamped(text: string, at: number): string {
  const lines = text.split("\n").filter((line) =>
    line.startsWith("trailwarden_") || line.startsWith("process_"));
  return lines.map((line) => {
    const space = line.lastIndexOf(" ");
    const name = line.slice(0, space);
    const labelled = name.endsWith("}")
      ? `${name.slice(0, -1)},job="trailwarden",instance="trailwarden:8484"}`
      : `${name}{job="trailwarden",instance="trailwarden:8484"}`;
    return `${labelled}${line.slice(space)} ${at}\n`;
  }).join("");
}
