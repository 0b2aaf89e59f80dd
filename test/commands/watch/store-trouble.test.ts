import { spawnSync } from "node:child_process";
import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "../../../src/storage/sqlite.ts";
import { logFile, logKey, s3Notice, standIn, type StandIn } from "../../aws/stand-in.ts";
import { record } from "../../builders/record.ts";
import { Workplace } from "../program.ts";
import { until } from "./watch-process.ts";
import { Watched } from "./watched.ts";

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

async function expectStoreDown(watched: Watched, code: string): Promise<void> {
  const metrics = await watched.metrics();
  expect(metrics.get("store_up")).toBe(0);
  expect(metrics.get(`store_failures_total{code="${code}"}`)).toBeGreaterThan(0);
  expect(await watched.counted("deliveries_total")).toEqual({});
  expect(await watched.ready()).toEqual({ status: 503, failing: ["store"] });
  expect(aws.counts()).toMatchObject({ ready: 0, dead: 0 });
}

async function expectStoreUp(watched: Watched, eventCount: number): Promise<void> {
  // Between two hands it is ready for a moment.
  await until(() => aws.counts().ready + aws.counts().inHand === 0);
  await until(async () => (await watched.ready()).status === 200);
  expect((await watched.metrics()).get("store_up")).toBe(1);
  expect(aws.counts()).toEqual({ ready: 0, inHand: 0, dead: 0 });
  expect(await watched.process.end("SIGTERM")).toBe(0);
  const store = await openSqliteStore({ path: place.path("trailwarden.db") });
  expect((await store.counts()).eventCount).toBe(eventCount);
  await store.close();
}

async function tellOf(count: number, recordsEach: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    // Not the same text in each, so that the store grows by it.
    const records = Array.from({ length: recordsEach }, (_, i) =>
      record({ requestParameters: { text: noise(n * recordsEach + i) } }));
    await aws.put(logKey(n), logFile(records));
    await aws.send(s3Notice(logKey(n)));
  }
}

/** Some 2,000 characters that do not compress. */
function noise(seed: number): string {
  let state = seed + 1;
  const next = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state.toString(36);
  };
  return Array.from({ length: 340 }, next).join("");
}

describe("a store that cannot be written", () => {
  it("since another process holds it: nothing is acknowledged until it lets go", async () => {
    const watched = await Watched.start(aws, place);
    const other = new Database(place.path("trailwarden.db"));
    other.exec("BEGIN IMMEDIATE");
    await tellOf(3, 2);
    // A write waits half a minute for another's.
    await watched.process.says(/"code":"store-locked"/);
    await expectStoreDown(watched, "store-locked");
    expect(aws.counts().inHand).toBe(3);
    other.exec("COMMIT");
    other.close();
    await expectStoreUp(watched, 6);
  }, 180_000);

  // By a bound on the size of its files: SQLite is told EFBIG there, and no space left on a disk.
  it.skipIf(process.platform !== "linux")(
    "since there is no room: nothing is acknowledged until there is",
    async () => {
      const watched = await Watched.start(aws, place, { before: "ulimit -S -f 1200" });
      await tellOf(3, 400);
      await watched.process.says(/"msg":"The store failed/);
      await expectStoreDown(watched, "store-unusable");
      expect(aws.counts().inHand).toBe(3);
      const { pid = 0 } = watched.process.child;
      expect(spawnSync("prlimit", ["--pid", String(pid), "--fsize=unlimited:"]).status).toBe(0);
      await expectStoreUp(watched, 1200);
    },
    180_000,
  );

  it("when it is to end: it ends with 4, and what was in hand comes again", async () => {
    const settings = { service: { shutdownSeconds: 2, announceHours: 1e6 } };
    const watched = await Watched.start(aws, place, { settings });
    const other = new Database(place.path("trailwarden.db"));
    other.exec("BEGIN IMMEDIATE");
    await tellOf(1, 1);
    await until(() => aws.counts().inHand === 1);
    expect(await watched.process.end("SIGTERM")).toBe(4);
    other.exec("COMMIT");
    other.close();
    await expectStoreUp(await Watched.start(aws, place), 1);
  }, 180_000);
});
