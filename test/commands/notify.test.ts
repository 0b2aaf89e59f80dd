import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, it } from "vitest";
import { stringify } from "yaml";
import { Listener } from "../notifications/listener.ts";
import { channel, slackToken, SlackServer } from "../notifications/slack-server.ts";
import { lines, Workplace } from "./program.ts";

let place: Workplace;
let slack: SlackServer;
let pager: Listener;

beforeEach(async () => {
  place = new Workplace();
  slack = new SlackServer();
  pager = new Listener(() => ({ status: 202, body: '{"status":"success"}' }));
  const [url, pagerUrl] = await Promise.all([slack.listener.listen(), pager.listen()]);
  const noOne = { only: { minLevel: "critical", agents: ["nobody"] }, digestBelow: "critical" };
  place.write("token", `${slackToken}\n`);
  place.write("trailwarden.yaml", stringify({
    sinks: [
      { kind: "slack", name: "chat", token: "${file:token}", channel, url: `${url}/api`, ...noOne },
      { kind: "pagerduty", name: "pager", routingKey: "secret-key", url: pagerUrl, ...noOne },
      { kind: "alertmanager", name: "alerts", url: pagerUrl },
      { kind: "file", name: "siem", path: "out.ndjson" },
    ],
  }));
});
afterEach(async () => {
  await Promise.all([slack.listener.close(), pager.close()]);
  place.remove();
});

it("tells every sink of a finding that says it is a test, and takes it back", async () => {
  const { code, stdout, stderr } = await place.run(["notify", "test", "--level", "high"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout.trimEnd().split("\n").sort()).toEqual([
    "alerts (alertmanager): told", "chat (slack): told", "pager (pagerduty): told",
    "siem (file): told",
  ]);
  expect(slack.roots).toHaveLength(1);
  expect(slack.roots[0]?.text).toContain("[HIGH] This is a test");
  expect(slack.thread("This is a test")).toEqual(["Closed as benign: The test is over."]);
  const pages = pager.heard.filter(({ path }) => path === "/");
  expect(pages.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action))
    .toEqual(["trigger", "resolve"]);
  const [alert] = pager.heard.filter(({ path }) => path === "/api/v2/alerts");
  expect(alert?.body).toContain('"rule":"notify-test"');
  expect(lines(readFileSync(place.path("out.ndjson"), "utf8"))).toMatchObject([
    { rule: "notify-test", level: "high" },
  ]);
});

it("says who was not told, and why, without the secrets", async () => {
  pager.reply = () => ({ status: 403, body: "secret-key" });
  const { code, stdout } = await place.run(["notify", "test", "--sink", "pager"]);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^pager \(pagerduty\): not told: 127\.0\.0\.1:\d+ answered 403\.\n$/);
});

it("needs somebody to tell", async () => {
  const misspelt = await place.run(["notify", "test", "--sink", "pagr"]);
  expect(misspelt.code).toBe(2);
  expect(misspelt.stderr).toContain("no sink pagr. Did you mean pager?");
  place.write("trailwarden.yaml", "sinks: []\n");
  const none = await place.run(["notify", "test"]);
  expect(none.code).toBe(2);
  expect(none.stderr).toContain("The config has no sinks.");
});
