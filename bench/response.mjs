// How long after a finding its session is denied, while `watch` is at work: less what IAM takes.
// What is measured and why: docs/benchmarks.md. Exits with 1 when a bound is missed.
//   node bench/response.mjs [--findings 20] [--iam-ms 50] [--rate 100]
import console from "node:console";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { AgentTraffic } from "./agent-traffic.mjs";
import { IamServer } from "./iam-server.mjs";
import { Verdicts } from "./verdicts.mjs";
import { Watched } from "./watched.mjs";

const { values: options } = parseArgs({
  options: {
    findings: { type: "string", default: "20" },
    /** How long IAM takes for each call: some tens of milliseconds, from within AWS. */
    "iam-ms": { type: "string", default: "50" },
    rate: { type: "string", default: "100" },
  },
});
const findingCount = Number(options.findings);
const eventsPerSecond = Number(options.rate);
const sessionCount = 40;
const ownMsMax = 1000;
/** Longer than a round takes: what waits for the one before it is served after it. */
const everyMs = 2000;
const rule = "write-under-readonly-role";

const verdicts = new Verdicts();
const load = loadavg()[0].toFixed(1);
console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, load ${load}.`);
const iam = new IamServer({ delayMs: Number(options["iam-ms"]) });
const aws = await iam.start();
const inbox = mkdtempSync(join(tmpdir(), "trailwarden-inbox-"));
mkdirSync(join(inbox, "new"));
const watched = await Watched.start({
  config: {
    ...matchingConfig(), aws,
    sources: [{ kind: "directory", name: "inbox", path: join(inbox, "new") }],
    response: {
      enabled: true, triggers: [{ only: { rules: [rule] } }], approvals: [{ people: 0 }],
      hourlyMax: { sessions: findingCount, roles: 1 },
    },
  },
  environment: { AWS_ACCESS_KEY_ID: "AKIABENCH", AWS_SECRET_ACCESS_KEY: "secret" },
});
try {
  await sendAll();
  judge(await revoked());
} finally {
  verdicts.equal("exit code", await watched.end(), 0);
  if (verdicts.areMet) watched.remove();
  else console.log(`Store and log: ${watched.folder}`);
  rmSync(inbox, { recursive: true });
  iam.stop();
}
verdicts.conclude();

/** A file at a time: what agents do meanwhile, and in it what one may not do. */
async function sendAll() {
  const traffic = new AgentTraffic(sessionCount);
  for (let n = 0; n < findingCount; n += 1) {
    const now = Date.now();
    const violation = traffic.violation(now).events;
    const { principalId, arn, userName } =
      violation.at(-1).record.userIdentity.sessionContext.sessionIssuer;
    if (n === 0) iam.addRole({ name: userName, id: principalId, arn });
    const others = [];
    while (others.length < eventsPerSecond * everyMs / 1000) others.push(...traffic.next(now));
    const Records = [...others, ...violation].map(({ record }) => record);
    const made = join(inbox, `${n}.json`);
    writeFileSync(made, JSON.stringify({ Records }));
    renameSync(made, join(inbox, "new", `${n}.json`));
    await delay(everyMs);
  }
}

/** Of each finding: when it was told, and when the log says that its session is denied. */
async function revoked() {
  const givenUpAt = Date.now() + 60_000;
  for (;;) {
    const spans = spansIn(readFileSync(join(watched.folder, "watch.log"), "utf8"));
    if (spans.length >= findingCount || Date.now() > givenUpAt) return spans;
    await delay(200);
  }
}

function spansIn(log) {
  const lines = log.split("\n").filter((line) => line.startsWith("{")).map((line) =>
    JSON.parse(line));
  const found = new Map();
  const asked = new Map();
  const spans = [];
  for (const { msg, time, finding, revocation, subject, state } of lines) {
    const at = Date.parse(time);
    if (msg === "A finding was opened." && finding.rule === rule) found.set(finding.id, at);
    if (msg === "A revocation was wished for.") asked.set(revocation, subject.slice(0, 16));
    if (state === "applied" && asked.has(revocation)) {
      spans.push({ from: found.get(asked.get(revocation)), until: at });
    }
  }
  return spans;
}

function judge(spans) {
  verdicts.equal("sessions denied", spans.length, findingCount);
  const whole = spans.map(({ from, until }) => until - from).sort((a, b) => a - b);
  const own = spans.map(({ from, until }) => until - from - iam.busyMs(from, until))
    .sort((a, b) => a - b);
  const at = (all, share) => all[Math.ceil(all.length * share) - 1];
  console.log(
    `\n${spans.length} findings beside ${eventsPerSecond} events/s, IAM takes ` +
    `${options["iam-ms"]} ms a call.\nfinding to applied policy: p50 ${at(whole, 0.5)} ms, ` +
    `longest ${at(whole, 1)} ms`,
  );
  verdicts.met(
    `less IAM's own time: p50 ${at(own, 0.5)} ms, longest ${at(own, 1)} ms; below ${ownMsMax} ms`,
    at(own, 1) < ownMsMax,
  );
}
