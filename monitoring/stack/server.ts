import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { stringify } from "yaml";
import { freePort } from "./free-port.ts";

/** A server of somebody else's that runs for as long as it is needed. */
export interface Server {
  readonly url: string;
  stop(): Promise<void>;
}

export interface Scrape {
  readonly job: string;
  /** Of a `watch`. */
  readonly url: string;
  readonly token: string;
}

export interface PrometheusOptions {
  readonly folder: string;
  readonly scrapes: readonly Scrape[];
  readonly ruleFiles: readonly string[];
  readonly alertmanager?: Server;
  readonly everySeconds: number;
}

/** Debian's, with what it scrapes and the rules it evaluates. */
export async function startPrometheus(options: PrometheusOptions): Promise<Server> {
  const { folder, scrapes, ruleFiles, alertmanager, everySeconds } = options;
  const config = written(folder, "prometheus.yml", {
    global: { scrape_interval: `${everySeconds}s`, evaluation_interval: `${everySeconds}s` },
    rule_files: ruleFiles,
    scrape_configs: scrapes.map(({ job, url, token }) => ({
      job_name: job,
      authorization: { credentials: token },
      static_configs: [{ targets: [new URL(url).host] }],
    })),
    ...(alertmanager === undefined ? {} : {
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }],
      },
    }),
  });
  return await start("prometheus", (port) => [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, "prometheus")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=error",
  ]);
}

/** Debian's, with a config as Alertmanager reads it. */
export async function startAlertmanager(folder: string, content: object): Promise<Server> {
  const config = written(folder, "alertmanager.yml", content);
  return await start("prometheus-alertmanager", (port) => [
    `--config.file=${config}`,
    `--storage.path=${join(folder, "alertmanager")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--cluster.listen-address=",
    "--log.level=error",
  ]);
}

function written(folder: string, name: string, content: object): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, stringify(content));
  return path;
}

async function start(
  program: string,
  argsOf: (port: number) => readonly string[],
): Promise<Server> {
  const port = await freePort();
  const child = spawn(program, argsOf(port), { stdio: ["ignore", "ignore", "pipe"] });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  const failed = new Promise<never>((_, reject) => {
    child.once("error", () => {
      reject(new Error(
        `Cannot start ${program}: it is not installed. On Debian: ` +
          "apt-get install prometheus prometheus-alertmanager",
      ));
    });
    child.once("exit", (code) => {
      reject(new Error(`${program} ended with ${String(code)}:\n${said.join("")}`));
    });
  });
  // Its end is no failure once it has been up.
  failed.catch(() => undefined);
  const url = `http://127.0.0.1:${port}`;
  try {
    await Promise.race([answers(`${url}/-/ready`), failed]);
  } catch (error) {
    await ended(child);
    throw error;
  }
  return { url, stop: () => ended(child) };
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok === true) return;
    await delay(50);
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}
