import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { newToken, tokenFrom } from "../../src/http/tokens.ts";
import { freePort } from "./free-port.ts";
import { startAlertmanager, startPrometheus, type Server } from "./server.ts";
import { startSimulatedWatch } from "./simulated-watch.ts";

const ruleNames = ["recordings", "pipeline", "objectives", "security"];

/**
 * Prometheus, Alertmanager and `watch` on simulated traffic, until Ctrl-C; or `watch` alone, as a
 * container's environment says.
 */
export async function runStack(root: string, what: "all" | "watch"): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "trailwarden-stack-"));
  const end = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"]) {
      process.once(signal, () => { end.abort(); resolve(); });
    }
  });
  const servers: Server[] = [];
  try {
    const start = what === "all" ? startAll : startWatch;
    await start({ root, folder, signal: end.signal, onUp: (server) => servers.push(server) });
    await stopped;
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    end.abort();
    for (const server of servers.reverse()) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Starting {
  readonly root: string;
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onUp: (server: Server) => void;
}

async function startAll({ root, folder, signal, onUp }: Starting): Promise<void> {
  const { text, token } = newToken("stack", "admin");
  const listener = await tellAlerts();
  onUp(listener);
  const example = parse(readFileSync(
    join(root, "rules", "alertmanager.example.yml"), "utf8",
  )) as { readonly route: object; readonly receivers: readonly { readonly name: string }[] };
  const alertmanager = await startAlertmanager(folder, {
    ...example,
    receivers: example.receivers.map(({ name }) => ({
      name, webhook_configs: [{ url: listener.url }],
    })),
  });
  onUp(alertmanager);
  const port = await freePort();
  const watch = await startSimulatedWatch({
    root, folder, http: { host: "127.0.0.1", port, text, token }, alertmanager: alertmanager.url,
  }, signal);
  onUp(watch);
  const prometheus = await startPrometheus({
    folder, everySeconds: 5, alertmanager,
    scrapes: [{ job: "trailwarden", url: watch.url, token: text }],
    ruleFiles: ruleNames.map((name) => join(root, "rules", "prometheus", `${name}.yml`)),
  });
  onUp(prometheus);
  say(`Prometheus    ${prometheus.url}/alerts
Alertmanager  ${alertmanager.url}
trailwarden   ${watch.url}/docs  (in a browser: log in as you like, this token as password)
   token      ${text}
   log        ${join(folder, "watch.log")}

A day of a simulated company is read now; then it goes on at its own pace. Alerts follow; Ctrl-C
ends all. Grafana, if you have one: add this Prometheus, import dashboards/*.json, and give
${watch.url} as API.
`);
}

async function startWatch({ root, folder, signal, onUp }: Starting): Promise<void> {
  const { STACK_TOKEN = "", STACK_ALERTMANAGER = "" } = process.env;
  onUp(await startSimulatedWatch({
    root, folder, alertmanager: STACK_ALERTMANAGER,
    http: {
      host: "0.0.0.0", port: 8484, text: STACK_TOKEN,
      token: tokenFrom(STACK_TOKEN, "stack", "admin"),
    },
  }, signal));
  say("Watching on port 8484.");
}

/** A webhook that shows what Alertmanager tells it. */
async function tellAlerts(): Promise<Server> {
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { alerts } = JSON.parse(text) as { readonly alerts: readonly Told[] };
      for (const alert of alerts) say(lineOf(alert));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Told {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

function lineOf({ status, labels, annotations }: Told): string {
  const { alertname = "", severity = "" } = labels;
  const text = annotations["description"] ?? "";
  return `${status.padEnd(9)} ${severity.padEnd(9)} ${alertname}: ${text}`;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
