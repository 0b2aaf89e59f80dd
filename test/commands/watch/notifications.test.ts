import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stringify } from "yaml";
import { Webhook } from "standardwebhooks";
import { keyMade, roleIdentity } from "../../builders/record.ts";
import { Listener, type Heard } from "../../notifications/listener.ts";
import { lines, Workplace } from "../program.ts";
import { until, WatchProcess } from "./watch-process.ts";

const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const key = "routing-key-of-the-test";

let place: Workplace;
let hooks: Listener;
let pager: Listener;

beforeEach(async () => {
  place = new Workplace();
  hooks = new Listener();
  pager = new Listener(() => ({ status: 202, body: '{"status":"success"}' }));
  const [url, pagerUrl] = await Promise.all([hooks.listen(), pager.listen()]);
  place.write("drop/.keep", "");
  place.write("watch.yaml", stringify({
    agents: [{ name: "inventory", roles: ["arn:aws:iam::*:role/agents/ro-inventory"] }],
    sources: [{ kind: "directory", name: "drop", path: "drop", everySeconds: 0.1 }],
    sinks: [
      { kind: "webhook", name: "hooks", url: `${url}/secret-path`, secrets: ["${env:SECRET}"] },
      { kind: "webhook", name: "other", url, secrets: [secret], only: { agents: ["other-*"] } },
      { kind: "pagerduty", name: "pager", url: pagerUrl, routingKey: "${env:KEY}",
        digestBelow: "informational" },
      { kind: "file", name: "ocsf", path: "ocsf.ndjson", format: "ocsf" },
    ],
    http: { port: 0 },
    service: { announceHours: 1_000_000, logLevel: "debug" },
  }));
});
afterEach(async () => {
  await Promise.all([hooks.close(), pager.close()]);
  place.remove();
});

function start(): WatchProcess {
  const env = { SECRET: secret, KEY: key };
  return new WatchProcess(place, ["--config", "watch.yaml"], { env });
}

it("tells each what is for it, again after a failure and a restart, no secret logged", async () => {
  hooks.reply = () => ({ status: 500, body: secret });
  const first = start();
  await first.says(/"msg":"Watching/);
  place.trail("drop/one.json", [keyMade()]);
  await until(() => hooks.heard.length > 1 && pager.heard.length > 0);
  // After five failures in a row.
  await first.says(/"isOpen":true/);
  expect(await first.end("SIGTERM")).toBe(0);
  hooks.reply = () => ({ status: 204 });
  const from = hooks.heard.length;
  const second = start();
  await until(() => hooks.heard.length > from);
  const { headers, body }: Heard = hooks.heard[from] ?? { path: "", headers: {}, body: "" };
  const verified = new Webhook(secret).verify(body, headers as Record<string, string>);
  expect(verified).toMatchObject({
    type: "finding.open", data: { seq: 1, agent: { name: "inventory" } },
  });
  const ids = hooks.heard.map((one) => one.headers["webhook-id"]);
  expect(new Set(ids.slice(0, from + 1))).toEqual(new Set([headers["webhook-id"]]));
  expect(hooks.heard.every(({ path }) => path === "/secret-path")).toBe(true);
  const pages = pager.bodies as readonly { readonly dedup_key: string }[];
  expect(pages[0]).toMatchObject({ event_action: "trigger", routing_key: key });
  expect(new Set(pages.map((page) => page.dedup_key)).size).toBe(pages.length);
  expect(await second.end("SIGTERM")).toBe(0);
  const log = [...first.log, ...second.log].join("\n");
  for (const hidden of [secret, "secret-path", key]) {
    expect(log).not.toContain(hidden);
  }
  expect(log).toContain("A receiver could not be told.");
}, 120_000);

it("goes on taking in, and telling the others, while receivers are silent or busy", async () => {
  hooks.reply = () => "silence";
  pager.reply = () => ({ status: 429, headers: { "retry-after": "3600" } });
  const watching = start();
  await watching.says(/"msg":"Watching/);
  const written = () => readFileSync(place.path("ocsf.ndjson"), "utf8").length;
  place.write("ocsf.ndjson", "");
  for (const n of [1, 2, 3]) {
    const before = written();
    place.trail(`drop/${n}.json`, [keyMade({
      eventID: `key-${n}`, userIdentity: roleIdentity({ session: `run-${n}` }),
    })]);
    await until(() => written() > before);
  }
  // Asked to wait for an hour, it is not asked again.
  expect(pager.heard).toHaveLength(1);
  expect(await watching.end("SIGTERM")).toBe(0);
  pager.reply = () => ({ status: 202, body: '{"status":"success"}' });
  hooks.reply = () => ({ status: 200 });
  const again = start();
  const text = readFileSync(place.path("ocsf.ndjson"), "utf8");
  const findings = new Set(lines(text).map((line) =>
    (line as { readonly finding_info: { readonly uid: string } }).finding_info.uid));
  const told = (listener: Listener) => new Set(listener.heard.slice(1).flatMap(({ body }) =>
    [...findings].filter((id) => body.includes(id))));
  await until(() => told(pager).size === findings.size && told(hooks).size === findings.size);
  expect(await again.end("SIGTERM")).toBe(0);
}, 120_000);
