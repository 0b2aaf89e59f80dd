import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import { openApp, type App } from "../app.ts";
import type { TokenConfig } from "../config/schema.ts";
import { explainEvent } from "../explaining.ts";
import type { FindingChange } from "../findings/store.ts";
import { createServer } from "../http/server.ts";
import { oneTimeToken, refusalToBind, type NewToken } from "../http/tokens.ts";
import { createReceiver } from "../notifications/create-receiver.ts";
import { reloaded } from "../service/reloading.ts";
import { untilStopped, type Stop } from "../service/until-stopped.ts";
import { WatchService } from "../service/watch-service.ts";
import { createSource } from "../sources/create-source.ts";
import { createLogger } from "../telemetry/logger.ts";
import { Telemetry } from "../telemetry/telemetry.ts";
import { UsageError } from "../usage-error.ts";
import { version } from "../version.ts";
import { folderOf, signingKey, writeReports } from "./audit-reports.ts";
import { exitCodes } from "./exit-codes.ts";
import type { WatchCommandOptions } from "./watch.ts";

/** Where a service that runs can be reached. */
export interface Addresses {
  readonly url: string;
  /** For this run alone; null where the config has tokens. */
  readonly token: string | null;
}

export interface Watching extends WatchCommandOptions {
  /** Told when it is up; absent: a token of this run goes to standard error. */
  readonly onUp?: (addresses: Addresses) => void;
  /** Told of each finding that opened, grew worse or came back. */
  readonly onFinding?: (change: FindingChange) => void;
  /** Less is logged than the config says. */
  readonly logLevel?: "error";
  /** Ends it as a signal to the process would. */
  readonly until?: AbortSignal;
}

/** A service says soon that it cannot write; it goes on trying. Others' commits take less. */
const lockTimeoutMs = 5000;

/** The exit code. A UsageError where it cannot start. */
export async function watch(options: Watching): Promise<number> {
  const app = await openApp({ ...options, lockTimeoutMs });
  try {
    return await run(app, options);
  } finally {
    await app.close();
  }
}

async function run(app: App, options: Watching): Promise<number> {
  const { http, sources, sinks, service } = app.config;
  if (sources.length === 0) throw new UsageError(noSources);
  const refusal = refusalToBind(http.host, http.tokens);
  if (refusal !== null) throw new UsageError(refusal);
  await signingKey(app.config.audit.signingKeyFile);
  const telemetry = telemetryOf(app, options);
  const now = () => Date.now();
  const surroundings = { aws: app.config.aws, watcher: telemetry, store: app.store };
  const watched = await WatchService.open({
    app,
    sources: sources.map((source) => createSource(source, surroundings)),
    receivers: sinks.map((sink) => createReceiver(sink, { aws: app.config.aws, now })),
    telemetry,
    now,
    agentsOnly: options.allRecords !== true,
    onFinding: options.onFinding ?? (() => undefined),
    leaveReports: async (audited) => {
      const { reports } = audited.config.audit;
      if (reports === undefined) return;
      await writeReports(folderOf(reports, audited.report.at), audited);
    },
  });
  const stop = untilStopped(() => void readAgain(watched, telemetry, options));
  options.until?.addEventListener("abort", stop.now);
  const ownToken = http.tokens.length === 0 ? oneTimeToken() : null;
  const server = await serverOf({ app, watched, telemetry, stop }, ownToken);
  try {
    const url = await listen(server, http);
    announce({ url, token: ownToken?.text ?? null }, options);
    telemetry.started({ http: url, sources: sources.map(({ name }) => name) });
    const code = await untilDone({ watched, telemetry, stop }, service.shutdownSeconds);
    telemetry.stopped();
    return code;
  } finally {
    await server.close();
    stop.release();
  }
}

/** On SIGHUP: what is wrong is told, and what was in force stays so. */
async function readAgain(
  watched: WatchService,
  telemetry: Telemetry,
  options: Watching,
): Promise<void> {
  const again = await reloaded(watched.bench, options);
  if (again.next === null) {
    telemetry.configRefused(again.problems);
    return;
  }
  const { config, rules } = again.next;
  try {
    watched.reload(config, rules);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    telemetry.configRefused([error.message]);
    return;
  }
  const { changed, needRestart } = again;
  const inForce = [...rules.detections, ...rules.correlations];
  telemetry.configReloaded({ changed, needRestart, rules: inForce });
  telemetry.logFrom(options.logLevel ?? config.service.logLevel);
}

interface Running {
  readonly app: App;
  readonly watched: WatchService;
  readonly telemetry: Telemetry;
  readonly stop: Stop;
}

/** What is in hand is finished within the time given for it; what is not comes again. */
async function untilDone(
  { watched, telemetry, stop }: Omit<Running, "app">,
  shutdownSeconds: number,
): Promise<number> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<"late">((resolve) => {
    const begin = () => {
      telemetry.stopping(stop.reason() ?? "asked to");
      late = setTimeout(() => { resolve("late"); }, shutdownSeconds * 1000);
    };
    if (stop.signal.aborted) begin();
    else stop.signal.addEventListener("abort", begin);
  });
  const ended = await Promise.race([watched.run(stop.signal), tooLate]);
  clearTimeout(late);
  if (ended === "late") {
    telemetry.stoppedLate();
    // What hangs would keep the process alive. Leaving it as a kill would loses nothing.
    process.exit(exitCodes.unfinished);
  }
  return watched.storeFault === null ? exitCodes.ok : exitCodes.unfinished;
}

function telemetryOf({ config, rules }: App, { logLevel }: Watching): Telemetry {
  const { service, sources, sinks, agents } = config;
  return new Telemetry({
    logger: createLogger({
      level: logLevel ?? service.logLevel, isPretty: process.stderr.isTTY,
    }),
    version,
    inHandLimitBytes: service.inHandBytesMax,
    sources: sources.map(({ name }) => name),
    receivers: sinks.map(({ name }) => name),
    agents: agents.map(({ name }) => name),
    rules: [...rules.detections, ...rules.correlations],
  });
}

async function serverOf(running: Running, ownToken: NewToken | null): Promise<FastifyInstance> {
  const { app, watched, telemetry, stop } = running;
  const tokens = (): readonly TokenConfig[] => {
    const { tokens: declared } = watched.config.http;
    return declared.length > 0 || ownToken === null ? declared : [ownToken.token];
  };
  return await createServer({
    store: app.store,
    normalise: app.normalise,
    config: () => watched.config,
    tokens,
    metrics: async () => {
      telemetry.inHand(watched.inHandBytes);
      const text = await telemetry.scrape(() => watched.standing());
      return { contentType: telemetry.contentType, text };
    },
    readiness: () => watched.readiness(stop.signal.aborted),
    explain: (eventId) => explainEvent(watched.bench, eventId, []),
    response: {
      responder: () => watched.responding.responder(),
      wake: () => { watched.responding.wake(); },
    },
    now: () => Date.now(),
    onTaskEnded: (task) => { telemetry.taskEnded(task); },
    onRequestEnded: (ended) => { telemetry.requestEnded(ended); },
    onError: (error, route) => { telemetry.requestFailed(error, route); },
  });
}

async function listen(
  server: FastifyInstance,
  { host, port }: App["config"]["http"],
): Promise<string> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const why = unlistenable.get(code);
    if (why === undefined) throw error;
    throw new UsageError(`Cannot serve HTTP on ${host}:${port}: ${why}`, { cause: error });
  }
  const { port: listening, family, address } = server.server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${listening}`;
}

const unlistenable: ReadonlyMap<string, string> = new Map([
  ["EADDRINUSE", "another program listens there. Choose another http.port, or 0 for a free one."],
  ["EACCES", "this user may not listen there. Choose an http.port above 1023."],
  ["EADDRNOTAVAIL", "this machine has no such address. Choose another http.host."],
  ["ENOTFOUND", "there is no host of this name. Choose another http.host."],
]);

function announce(addresses: Addresses, { onUp }: Watching): void {
  if (onUp !== undefined) onUp(addresses);
  else if (addresses.token !== null) {
    process.stderr.write(
      `http.tokens is empty: this run's only token is ${addresses.token}\n` +
      `Try: curl -H "Authorization: Bearer ${addresses.token}" ${addresses.url}/v1/findings\n`,
    );
  }
}

const noSources =
  "There is nothing to watch: the config has no sources. Name a queue, a folder or an account " +
  "there; trailwarden config example shows how. Files that are there already: trailwarden scan.";
