import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serialise } from "../../../src/simulation/serialise.ts";
import { simulate } from "../../../src/simulation/simulate.ts";
import { openSqliteStore } from "../../../src/storage/sqlite.ts";
import { Workplace } from "../program.ts";
import { isJudged, storeImage } from "./store-image.ts";
import { TrailQueue, type TrailObject } from "./trail-queue.ts";
import { until, WatchProcess } from "./watch-process.ts";

/** `npm run test:crash` asks for 300. */
const kills = Number(process.env["KILLS"] ?? 30);
/** Each round on a store of its own: every kill hits while there is something to take in. */
const killsPerRound = 30;
const objectCount = 200;
const watching = /"msg":"Watching/;

let trail: TrailQueue;
let place: Workplace;
let objects: readonly TrailObject[];
let expected: Awaited<ReturnType<typeof storeImage>>;

beforeAll(async () => {
  trail = await TrailQueue.start();
  place = new Workplace();
  place.write("trailwarden.yaml", trail.config());
  const files = simulate({ seed: "crash", startAt: Date.UTC(2026, 2, 2), days: 1, scale: 0.1 });
  objects = [...files]
    .slice(0, objectCount)
    .map(({ key, records }) => ({ key, bytes: gzipSync(serialise(records)) }));
  await trail.put(objects);
  await trail.tellOf(objects.map(({ key }) => key));
  const process = start("undisturbed.db");
  await settled("undisturbed.db", process);
  expect(await process.end("SIGTERM")).toBe(0);
  expected = await storeImage(place.path("undisturbed.db"));
}, 300_000);

afterAll(async () => {
  await trail.stop();
  place.remove();
});

it(`gives what an undisturbed run gives, killed ${kills} times in the middle`, async () => {
  expect(objects).toHaveLength(objectCount);
  expect(expected["findings"]?.length).toBeGreaterThan(3);
  // Nobody is told of what was over before anybody could be.
  const told = expected["findings"]?.filter((one) => !one.includes('"verdict":"over"'));
  expect(expected["outbox"]).toHaveLength(told?.length ?? 0);
  for (let round = 0; round * killsPerRound < kills; round += 1) {
    const store = `killed-${round}.db`;
    await disturb(store, round);
    const process = start(store);
    await settled(store, process);
    expect(await process.end("SIGTERM")).toBe(0);
    const image = await storeImage(place.path(store));
    for (const [what, rows] of Object.entries(expected)) {
      expect(image[what], `${what} of round ${round}`).toEqual(rows);
    }
  }
}, kills * 20_000);

/**
 * Some objects more before each kill, and some of those told of before once again; most kills while
 * they are taken in, every fourth while the program starts.
 */
async function disturb(store: string, round: number): Promise<void> {
  const share = Math.ceil(objectCount / killsPerRound);
  for (let i = 0; i < killsPerRound; i += 1) {
    const told = objects.slice(0, (i + 1) * share).map(({ key }) => key);
    const again = told.filter((_, n) => (n + i + round) % 9 === 0);
    await trail.tellOf([...told.slice(i * share), ...again]);
    const process = start(store);
    if (i % 4 !== 3) await process.says(watching);
    await delay(moment(round * killsPerRound + i));
    await process.end("SIGKILL");
  }
}

/** Milliseconds from 0 to 600, spread evenly, the same in every run. */
function moment(n: number): number {
  return Math.floor((n * 0.618_033_988_75 % 1) * 600);
}

function start(store: string): WatchProcess {
  const args = ["--config", "trailwarden.yaml", "--store", store];
  return new WatchProcess(place, args, { env: trail.environment });
}

/** Everything is acknowledged, and judged. */
async function settled(path: string, process: WatchProcess): Promise<void> {
  await process.says(watching);
  await until(() => {
    if (process.child.exitCode !== null) throw new Error(process.log.join("\n"));
    return trail.messageCount === 0;
  });
  const store = await openSqliteStore({ path: place.path(path) });
  try {
    await until(() => isJudged(store));
  } finally {
    await store.close();
  }
}
