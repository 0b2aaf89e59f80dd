// How long after an agent's call reaches the queue its finding is there, while `watch` is busy.
// What is measured and why: docs/benchmarks.md. Exits with 1 when a bound is missed.
//   node bench/watch-latency.mjs [--rate 500] [--seconds 60]
import console from "node:console";
import { availableParallelism, loadavg } from "node:os";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { AgentTraffic } from "./agent-traffic.mjs";
import { eventBridgeBody, TrailQueue } from "./trail-queue.mjs";
import { Verdicts } from "./verdicts.mjs";
import { Watched } from "./watched.mjs";

const { values: options } = parseArgs({
  options: {
    rate: { type: "string", default: "500" },
    seconds: { type: "string", default: "60" },
    /** For Node.js, e.g. --cpu-prof; the store and the log stay then. */
    node: { type: "string", multiple: true, default: [] },
  },
});

const eventsPerSecond = Number(options.rate);
/** Until code is compiled and the first sessions are known; not counted. */
const warmUpSeconds = 5;
const sendingMs = (Number(options.seconds) + warmUpSeconds) * 1000;
const sessionCount = 40;
const violationEveryMs = 100;
const latencyMsMax = 1000;
const messagesPerCall = 10;
/** Half a second's messages: more, and it does not keep up. */
const depthMax = eventsPerSecond / 2;
const rule = "write-under-readonly-role";
const opened = "trailwarden_finding_changes_total";
const detection = "trailwarden_detection_seconds";

/** By session: when the message was sent, and when its finding was first seen. */
const sentAt = new Map();
const seenAt = new Map();
/** How many findings the metric told of, and when first. */
const countedAt = [];
const verdicts = new Verdicts();

console.log(`Node ${process.versions.node}, ${availableParallelism()} cores, load ${load()}.`);
const queue = await TrailQueue.start();
const watched = await Watched.start({
  config: { ...matchingConfig(), ...queue.config({ concurrency: 128 }) },
  environment: queue.environment,
  nodeArgs: options.node,
});
try {
  const until = { isDone: false };
  const looking = Promise.all([lookAtFindings(until), lookAtMetrics(until)]);
  const { eventCount, before, busy } = await sendAll();
  const depth = await queue.depth();
  await untilAllSeen();
  until.isDone = true;
  await looking;
  judge({ eventCount, depth, busy, before, after: await watched.metrics() });
} finally {
  verdicts.equal("exit code", await watched.end(), 0);
  if (options.node.length === 0 && verdicts.areMet) watched.remove();
  else console.log(`Store and log: ${watched.folder}`);
  queue.stop();
}
verdicts.conclude();

/** Evenly: what a slow moment held up is sent at once after it. */
async function sendAll() {
  const traffic = new AgentTraffic(sessionCount);
  const startedAt = Date.now();
  const processorAt = watched.processorSeconds;
  const calls = new Set();
  let eventCount = 0;
  let violationCount = 0;
  let before = null;
  let bodies = [];
  for (let now = startedAt; now - startedAt < sendingMs; now = Date.now()) {
    const passed = now - startedAt;
    if (before === null && passed >= warmUpSeconds * 1000) before = watched.metrics();
    while (eventCount < (passed / 1000) * eventsPerSecond) {
      const isDue = violationCount * violationEveryMs <= passed;
      const violation = isDue ? traffic.violation(now) : null;
      if (violation !== null) {
        violationCount += 1;
        sentAt.set(violation.sessionName, now);
      }
      const events = violation?.events ?? traffic.next(now);
      eventCount += events.length;
      bodies.push(...events.map(eventBridgeBody));
    }
    for (; bodies.length >= messagesPerCall; bodies = bodies.slice(messagesPerCall)) {
      const call = queue.send(bodies.slice(0, messagesPerCall));
      calls.add(call);
      void call.then(() => calls.delete(call));
    }
    await delay(10);
  }
  await Promise.all([...calls, queue.send(bodies)]);
  const busy = (watched.processorSeconds - processorAt) / ((Date.now() - startedAt) / 1000);
  return { eventCount, before: await before, busy };
}

async function lookAtFindings(until) {
  // Those of the last seconds; what is later than that is found when no more come.
  const path = `/v1/findings?rule=${rule}&sort=-lastEventAt&limit=50`;
  while (!until.isDone) {
    const { items } = JSON.parse(await watched.get(path));
    const now = Date.now();
    for (const { session } of items) if (!seenAt.has(session.name)) seenAt.set(session.name, now);
    await delay(50);
  }
}

async function lookAtMetrics(until) {
  while (!until.isDone) {
    const count = (await watched.metrics()).sum(opened, { rule, change: "opened" });
    const now = Date.now();
    while (countedAt.length < count) countedAt.push(now);
    await delay(200);
  }
}

async function untilAllSeen() {
  const givenUpAt = Date.now() + 30_000;
  while (seenAt.size < sentAt.size || countedAt.length < sentAt.size) {
    if (Date.now() > givenUpAt) return;
    await delay(50);
  }
}

function judge({ eventCount, depth, busy, before, after }) {
  const sent = [...sentAt];
  const first = sent[0][1] + warmUpSeconds * 1000;
  const counted = sent.filter(([, at]) => at >= first);
  console.log(
    `\n${(eventCount / (sendingMs / 1000)).toFixed(0)} events/s of ${sessionCount} sessions at a ` +
      `time, ${counted.length} findings, load ${load()}; ` +
      `${(busy * 100).toFixed(0)} % of a processor.`,
  );
  verdicts.equal("findings in the API", seenAt.size, sent.length);
  judgeLatency("in the API", counted.map(([name, at]) => (seenAt.get(name) ?? Infinity) - at));
  // The metric names no finding: the nth to be counted stands for the nth that was sent.
  judgeLatency("in the counter", sent.flatMap(([, at], n) =>
    at >= first ? [(countedAt[n] ?? Infinity) - at] : []));
  judgeHistogram(before, after);
  const new_ = after.sum("trailwarden_records_total", { outcome: "new" });
  verdicts.equal("events taken in", new_, eventCount);
  verdicts.met(`messages left when the last was sent: ${depth}, at most ${depthMax}`,
    depth <= depthMax);
}

function judgeLatency(where, latencies) {
  latencies.sort((a, b) => a - b);
  const at = (share) => latencies[Math.ceil(latencies.length * share) - 1];
  verdicts.met(
    `finding ${where}: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms, ` +
      `longest ${at(1)} ms; p99 below ${latencyMsMax} ms`,
    at(0.99) < latencyMsMax,
  );
}

/** What an operator sees: each share's bucket. */
function judgeHistogram(before, after) {
  const earlier = before.buckets(detection);
  const buckets = after.buckets(detection)
    .map(({ bound, count }, i) => ({ bound, count: count - earlier[i].count }));
  const total = buckets.at(-1).count;
  const within = (share) => buckets.find(({ count }) => count >= total * share).bound;
  verdicts.met(
    `${detection}: p50 within ${within(0.5)} s, p95 ${within(0.95)} s, p99 ${within(0.99)} s; ` +
      `p99 within ${latencyMsMax / 1000} s`,
    within(0.99) <= latencyMsMax / 1000,
  );
}

function load() {
  return loadavg()[0].toFixed(1);
}
