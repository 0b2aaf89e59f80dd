import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { serialise } from "../../../src/simulation/serialise.ts";
import { simulate } from "../../../src/simulation/simulate.ts";
import { openSqliteStore } from "../../../src/storage/sqlite.ts";
import { Workplace } from "../program.ts";
import { isJudged, storeImage } from "./store-image.ts";
import { TrailQueue, type TrailObject } from "./trail-queue.ts";
import { until, WatchProcess } from "./watch-process.ts";

let trail: TrailQueue;
let place: Workplace;
let objects: readonly TrailObject[];

beforeAll(async () => {
  trail = await TrailQueue.start();
  place = new Workplace();
  place.write("trailwarden.yaml", trail.config());
  const files = simulate({ seed: "many", startAt: Date.UTC(2026, 2, 2), days: 1, scale: 0.1 });
  objects = [...files].slice(0, 120)
    .map(({ key, records }) => ({ key, bytes: gzipSync(serialise(records)) }));
  await trail.put(objects);
}, 120_000);
afterAll(async () => {
  await trail.stop();
  place.remove();
});

/** Everything, and every third object twice, by so many at once. */
async function imageBy(count: number): Promise<Awaited<ReturnType<typeof storeImage>>> {
  const name = `by-${count}.db`;
  const args = ["--config", "trailwarden.yaml", "--store", name];
  const processes: WatchProcess[] = [];
  // One makes the store; the others find it.
  while (processes.length < count) {
    const process = new WatchProcess(place, args, { env: trail.environment });
    processes.push(process);
    await process.says(/"msg":"Watching/);
  }
  const keys = objects.map(({ key }) => key);
  await trail.tellOf([...keys, ...keys.filter((_, i) => i % 3 === 0)]);
  await until(() => trail.messageCount === 0);
  const store = await openSqliteStore({ path: place.path(name) });
  await until(() => isJudged(store));
  await store.close();
  for (const process of processes) expect(await process.end("SIGTERM")).toBe(0);
  return await storeImage(place.path(name));
}

it("gives by three at once what one gives", async () => {
  const expected = await imageBy(1);
  const image = await imageBy(3);
  expect(expected["events"]?.length).toBeGreaterThan(300);
  expect(expected["findings"]?.length).toBeGreaterThan(0);
  for (const [what, rows] of Object.entries(expected)) expect(image[what], what).toEqual(rows);
}, 300_000);
