import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../src/storage/sqlite.ts";
import { always } from "../../aws/faulty-server.ts";
import { logFile, logKey, s3Notice, standIn, type StandIn } from "../../aws/stand-in.ts";
import { record } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { until } from "./watch-process.ts";
import { Watched, type WatchedOptions } from "./watched.ts";

let aws: StandIn;
let place: Workplace;

beforeEach(async () => {
  // A receive that is broken off may use up one, here as on AWS.
  aws = await standIn(10);
  place = new Workplace();
});
afterEach(async () => {
  await aws.stop();
  place.remove();
});

/** Objects of two events each, of which S3 holds back those that do not end in `0`. */
async function halfHeld(count: number, release: Promise<unknown>): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await aws.put(logKey(n), logFile([record(), record()]));
    await aws.send(s3Notice(logKey(n)));
  }
  const isHeld = (path: string) => path.includes("CloudTrail_") && !path.endsWith("0.json.gz");
  const hold = always("GET", { after: release });
  aws.faulty.faults = [(asked) => isHeld(asked.path) ? hold(asked) : null];
}

/** Watches until so many objects are in hand, and held back. */
async function untilHeld(count: number, options: WatchedOptions): Promise<Watched> {
  const watched = await Watched.start(aws, place, options);
  await until(() => aws.faulty.count("GET") >= count && aws.counts().ready === 0);
  await until(() => aws.counts().inHand === count - Math.ceil(count / 10));
  return watched;
}

async function storedCount(): Promise<number> {
  const store = await openSqliteStore({ path: place.path("trailwarden.db") });
  const { eventCount } = await store.counts();
  await store.close();
  return eventCount;
}

describe("SIGTERM", () => {
  it("has what is in hand finished, and ends with 0", async () => {
    let release: () => void = () => undefined;
    await halfHeld(12, new Promise<void>((resolve) => { release = resolve; }));
    const { process } = await untilHeld(12, {});
    const ended = process.end("SIGTERM");
    await process.says(/"why":"SIGTERM","msg":"Stopping/);
    release();
    expect(await ended).toBe(0);
    expect(process.log.at(-1)).toContain('"msg":"Stopped."');
    expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
    expect(await storedCount()).toBe(24);
  }, 120_000);

  it("leaves what nobody has in hand yet to others at once", async () => {
    let release: () => void = () => undefined;
    await halfHeld(12, new Promise<void>((resolve) => { release = resolve; }));
    const source = { concurrency: 3, visibilitySeconds: 600 };
    const { process } = await Watched.start(aws, place, { source });
    await until(() => aws.counts().inHand === 3);
    const ended = process.end("SIGTERM");
    await process.says(/"msg":"Stopping/);
    release();
    expect(await ended).toBe(0);
    const { ready, inHand } = aws.counts();
    expect(inHand).toBe(0);
    expect(await storedCount()).toBe(2 * (12 - ready));
    expect(ready).toBeGreaterThan(5);
  }, 120_000);

  it("ends with 4 when its time is over, and what was not finished comes again", async () => {
    let release: () => void = () => undefined;
    await halfHeld(12, new Promise<void>((resolve) => { release = resolve; }));
    const { process } = await untilHeld(12, { settings: briefly });
    const ended = process.end("SIGTERM");
    await process.says(/"msg":"Stopping/);
    const stoppingAt = performance.now();
    expect(await ended).toBe(4);
    // 2 s for what is in hand, and the rest for a busy machine.
    expect(performance.now() - stoppingAt).toBeLessThan(10_000);
    release();
    aws.faulty.faults = [];
    const again = await Watched.start(aws, place);
    await until(() => aws.counts().ready + aws.counts().inHand === 0);
    expect(await again.process.end("SIGTERM")).toBe(0);
    expect(aws.counts().dead).toBe(0);
    expect(await storedCount()).toBe(24);
  }, 120_000);

  it("ends at once when it comes twice, and loses nothing", async () => {
    await halfHeld(12, new Promise<void>(() => undefined));
    const { process } = await untilHeld(12, {});
    process.child.kill("SIGTERM");
    await process.says(/"msg":"Stopping/);
    expect(await process.end("SIGTERM")).toBe(143);
    aws.faulty.faults = [];
    const again = await Watched.start(aws, place);
    await until(() => aws.counts().ready + aws.counts().inHand === 0);
    expect(await again.process.end("SIGTERM")).toBe(0);
    expect(await storedCount()).toBe(24);
  }, 120_000);

  it("ends with 0 where a sink cannot be told: its words wait for the next start", async () => {
    const sinks = [{ kind: "file", name: "nowhere", path: "no/such/folder/findings.ndjson" }];
    const { process } = await Watched.start(aws, place, { settings: { sinks } });
    expect(await process.end("SIGTERM")).toBe(0);
  }, 120_000);
});

const briefly = {
  service: { shutdownSeconds: 2, announceHours: 1_000_000, logLevel: "debug" },
};
