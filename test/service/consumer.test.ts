import { expect, it } from "vitest";
import { AwsFault, type AwsFaultCode } from "../../src/aws/fault.ts";
import { emptyConfig } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { Committer } from "../../src/service/committer.ts";
import { Consumer } from "../../src/service/consumer.ts";
import { Room } from "../../src/service/room.ts";
import type { Handover, Source } from "../../src/sources/source.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import { TurnedClock } from "../sources/watching.ts";

const get = { action: "s3:GetObject", resource: "arn:aws:s3:::logs/k" };

/** One object that fails so often, and then holds nothing. */
function sourceOf(failing: { code: AwsFaultCode; times: number }, ends: string[]): Source {
  const name = "s3://logs/k";
  let left = failing.times;
  const handover: Handover = {
    name: "message 1",
    receivedAt: 0,
    poison: null,
    parcels: [{
      delivery: { id: name, name, receivedAt: 0 },
      batches: async function* () {
        if (left-- > 0) throw new AwsFault(failing.code, get, new Error("Said by the test."));
        yield await Promise.resolve({
          records: [], rejections: [], others: {}, skippedCount: 0, bytes: 0,
        });
      },
    }],
    acknowledge: () => Promise.resolve(void ends.push("acknowledged")),
    giveBack: (why) => Promise.resolve(void ends.push(why)),
  };
  return {
    name: "trail",
    kind: "sqs",
    handovers: async function* () { yield await Promise.resolve(handover); },
  };
}

it.each<[what: string, AwsFaultCode, times: number, end: string, tries: number]>([
  ["denied for some minutes is waited for", "denied", 12, "acknowledged", 13],
  ["denied for longer is given back, so that others have its place", "denied", 9999, "put-off", 24],
  ["under a disabled key for longer is given back", "kms-denied", 9999, "put-off", 24],
  ["throttled, however long, is waited for", "throttled", 500, "acknowledged", 501],
  ["not reached, however long, is waited for", "network", 500, "acknowledged", 501],
  ["not there is poison", "not-found", 1, "poison", 1],
])("an object that is %s", async (...row) => {
  const [, code, times, end, tries] = row;
  const store = await openSqliteStore({ path: ":memory:" });
  const ends: string[] = [];
  const told: (number | null)[] = [];
  const { signal } = new AbortController();
  const storeWatcher = { storeFailed: () => undefined, storeRecovered: () => undefined };
  const normalise = createNormaliser(iamAccessLevels());
  const consumer = new Consumer({
    store,
    committer: new Committer({ store, normalise }, {
      watcher: storeWatcher, onCommitted: () => undefined, signal,
    }),
    watcher: {
      received: () => undefined,
      ended: () => undefined,
      failed: (_source, _fault, delayMs) => { told.push(delayMs); },
      recovered: () => undefined,
      depth: () => undefined,
      fetched: () => undefined,
    },
    choice: () => ({ read: { limits: emptyConfig.read, markers: null }, mark: "" }),
    room: new Room(1024 ** 3),
    clock: new TurnedClock(0),
  });
  await consumer.consume(sourceOf({ code, times }, ends), signal);
  expect(ends).toEqual([end]);
  // Chance makes waits longer or shorter by half.
  const failures = end === "acknowledged" ? tries - 1 : tries;
  expect(Math.abs(told.length - failures)).toBeLessThanOrEqual(end === "put-off" ? 7 : 0);
  expect(told.at(-1) === null).toBe(end !== "acknowledged");
  await store.close();
});
