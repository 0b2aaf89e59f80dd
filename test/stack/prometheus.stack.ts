import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { alerts } from "../../monitoring/alerts.ts";
import { askNow, filledIn } from "../../monitoring/stack/ask.ts";
import { rulesWithoutWaits } from "../../monitoring/stack/rules-without-waits.ts";
import {
  startAlertmanager, startPrometheus, type Server,
} from "../../monitoring/stack/server.ts";
import { expressionsOf, shownDashboards } from "../monitoring/shown.ts";
import { Listener } from "../notifications/listener.ts";
import { AuditedAccount } from "./audited-account.ts";
import { ChangedHabits } from "./changed-habits.ts";
import { RevokedSessions } from "./revoked-sessions.ts";
import { WatchedCompany } from "./watched-company.ts";

const root = join(import.meta.dirname, "..", "..");
const rules = join(root, "rules", "prometheus");
let folder: string;
let hooks: Listener;
let alertmanager: Server;
let prometheus: Server;
let company: WatchedCompany;
let revoked: RevokedSessions;
let audited: AuditedAccount;
let habits: ChangedHabits;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stack-"));
  hooks = new Listener();
  const webhook = await hooks.listen();
  const example = parse(readFileSync(join(root, "rules", "alertmanager.example.yml"), "utf8")) as {
    readonly inhibit_rules: unknown;
  };
  alertmanager = await startAlertmanager(folder, {
    route: {
      receiver: "hooks", group_by: ["..."], group_wait: "1s", group_interval: "1s",
      repeat_interval: "1h",
    },
    receivers: [{ name: "hooks", webhook_configs: [{ url: webhook }] }],
    inhibit_rules: example.inhibit_rules,
  });
  [company, revoked, audited, habits] = await Promise.all([
    WatchedCompany.open([
      { kind: "alertmanager", name: "alerts", url: alertmanager.url, resendSeconds: 10 },
      // Nobody listens there.
      { kind: "webhook", name: "away", url: "http://127.0.0.1:9", secrets: [
        `whsec_${Buffer.alloc(24).toString("base64")}`,
      ] },
    ]),
    RevokedSessions.open(),
    AuditedAccount.open(),
    ChangedHabits.open(),
  ]);
  prometheus = await startPrometheus({
    folder, everySeconds: 1, alertmanager,
    scrapes: everyone().map(({ scrape }) => scrape),
    ruleFiles: rulesWithoutWaits(root, join(folder, "rules")),
  });
  const up = () => askNow(prometheus.url, "trailwarden_build_info");
  while ((await up()).length < everyone().length) await delay(100);
  habits.change();
  await Promise.all([company.deliver(), revoked.goWrong()]);
  revoked.flood(120);
});
afterAll(async () => {
  await prometheus.stop();
  await Promise.all(everyone().map((one) => one.close()));
  await alertmanager.stop();
  await hooks.close();
  rmSync(folder, { recursive: true, force: true });
});

const everyone = () => [company, revoked, audited, habits];

const chosen = {
  ...Object.fromEntries(["role", "source", "rule", "level", "check"].map((name) => [name, ".*"])),
  agent: "aider", __rate_interval: "1m", __range: "5m",
};

/** As Grafana asks; of a choice's values, the series that it takes them from. */
const asked = [
  ...shownDashboards.flatMap(expressionsOf),
  ...alerts.map(({ name, value }) => ({ of: name, expr: value })),
].map(({ of, expr }) => {
  const series = expr.replace(/^label_values\((.*), \w+\)$/, "$1");
  return { of, expr: filledIn(series, chosen) };
});

/** What Alertmanager has told the webhook of an alert, in order. */
function told(name: string): readonly string[] {
  const bodies = hooks.bodies as readonly {
    readonly alerts: readonly {
      readonly status: string; readonly labels: Readonly<Record<string, string>>;
    }[];
  }[];
  return bodies.flatMap((body) => body.alerts)
    .filter(({ labels }) => labels["alertname"] === name)
    .map(({ status }) => status);
}

/** Those of which it does not hold after so long. */
async function without(
  names: readonly string[],
  holds: (name: string) => boolean,
  seconds: number,
): Promise<readonly string[]> {
  for (let left = seconds; left > 0 && !names.every(holds); left -= 1) await delay(1000);
  return names.filter((name) => !holds(name));
}

const security = alerts.filter(({ area }) => area === "security").map(({ name }) => name);
/** It asks for what is absent. */
const down = "TrailwardenDown";

it("answers every question of every dashboard and alert with data", async () => {
  const open = new Map(asked.map(({ of, expr }) => [of, expr]));
  for (let round = 0; round < 120 && open.size > 1; round += 1) {
    for (const [of, expr] of open) {
      if ((await askNow(prometheus.url, expr)).length > 0) open.delete(of);
    }
    await delay(1000);
  }
  expect([...open.keys()]).toEqual([down]);
});

describe("every security alert", () => {
  it("reaches a webhook by the real Alertmanager", async () => {
    expect(await without(security, (name) => told(name).includes("firing"), 75)).toEqual([]);
    expect(security.length).toBeGreaterThan(9);
  });

  it("of our own sink too, one for each finding", () => {
    expect(told("TrailwardenFinding").filter((status) => status === "firing").length)
      .toBeGreaterThan(20);
  });

  it("ends when what it tells of does", async () => {
    audited.mend();
    await Promise.all([company.closeFindings(), revoked.mend(), habits.accept()]);
    const slow = ["TrailwardenZombieHours", "TrailwardenBaselinesTruncated"];
    const ended = (name: string) => told(name).at(-1) === "resolved";
    const quick = [...security.filter((name) => !slow.includes(name)), "TrailwardenFinding"];
    expect(await without(quick, ended, 130)).toEqual([]);
    // What credentials of the last day came to is known for a day, and what was let pass is learned
    // for weeks; another store has none of both.
    await company.startAnew();
    expect(await without(slow, ended, 60)).toEqual([]);
  });
});

it("is told that nobody is left to ask", async () => {
  await Promise.all(everyone().map((one) => one.close()));
  const { expr = "" } = asked.find(({ of }) => of === down) ?? {};
  while ((await askNow(prometheus.url, expr)).length === 0) await delay(100);
});

it("promtool finds the rules well-formed, and each alert firing and quiet when it should", () => {
  const files = (of: string) => readdirSync(of)
    .filter((name) => name.endsWith(".yml") && !name.includes("example"))
    .map((name) => join(of, name));
  const run = (...args: readonly string[]) => execFileSync("promtool", args, { encoding: "utf8" });
  expect(run("check", "rules", ...files(rules))).toContain("SUCCESS");
  expect(run("test", "rules", ...files(join(rules, "tests")))).toContain("SUCCESS");
  const example = join(root, "rules", "alertmanager.example.yml");
  expect(execFileSync("amtool", ["check-config", example], { encoding: "utf8" }))
    .toContain("SUCCESS");
});
