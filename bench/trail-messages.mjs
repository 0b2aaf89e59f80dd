// What a trail's queue brings in a bad week: objects, duplicates, poison, test messages.
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { stream } from "../dist/simulation/random.js";
import {
  cutOff, halves, otherKey, placeOf, recordsPerObject, trailObjects,
} from "./trail-objects.mjs";

const duplicateRatio = 0.05;
const poisonRatio = 0.01;
/** Of an object's records: the last cannot be read. */
const badPerObject = 1;
/** Queues keep no order, but nearly: so many messages a message may come too late. */
const disorder = 32;
/** How many messages after what it repeats a duplicate comes. */
const behind = 48;

/**
 * Puts the objects for so many records, and returns the messages that tell of them, in the order of
 * delivery but for a little, with what they come to.
 */
export async function trailMessages(queue, { recordCount, folder }) {
  const objects = trailObjects(Math.ceil(recordCount / recordsPerObject), folder);
  const good = [];
  for (const key of objects.keys) good.push(await queue.put(key, objects.bytesOf(key)));
  const step = Math.min(Math.round(2 / duplicateRatio), good.length);
  const repeated = good.flatMap((body, i) => i % step === 0 ? [{ body, place: i + behind }] : []);
  const repeating = await putRepeating(queue, objects, step);
  const objectCount = good.length + repeated.length + repeating.length;
  const poison = await putPoison(queue, objects, Math.round(objectCount * poisonRatio));
  return {
    bodies: inOrder([
      ...texts.map((body) => ({ body, place: 0 })),
      ...good.map((body, i) => ({ body, place: i })),
      ...repeated, ...repeating, ...poison.placed,
    ]),
    poison: poison.placed.map(({ body }) => body),
    textCount: texts.length,
    // A poisonous object is one rejection; a poisonous message has no records.
    sentCount: objectCount * recordsPerObject + poison.readableCount + poison.objectCount,
    eventCount: good.length * (recordsPerObject - badPerObject),
  };
}

/** @param placed bodies, each with the place at which it would come in order */
function inOrder(placed) {
  const random = stream("watch", "order");
  return placed
    .map(({ body, place }) => ({ body, place: place + random.ratio() * disorder }))
    .sort((a, b) => a.place - b.place)
    .map(({ body }) => body);
}

/** Every so many objects, one that repeats what two of their account and region hold. */
async function putRepeating(queue, { keys, bytesOf }, step) {
  const placed = [];
  const before = new Map();
  for (const [i, key] of keys.entries()) {
    const other = before.get(placeOf(key));
    before.set(placeOf(key), key);
    if (placed.length * step > i || other === undefined) continue;
    const bytes = halves(bytesOf(other), bytesOf(key));
    placed.push({ body: await queue.put(otherKey(key, 8e15 + i), bytes), place: i + behind });
  }
  return placed;
}

/** At least one of each kind. */
async function putPoison(queue, { keys, bytesOf }, wanted) {
  const kinds = [
    (key) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), bytesOf(key).subarray(500, 9000)]),
    () => gzipSync('{"Records":[{"eventVersion":"1.11",,,'),
    () => gzipSync('{"weather":{"today":"rain"}}'),
    (key) => cutOff(bytesOf(key)),
    () => "This is no notification.",
    (key) => JSON.stringify({ thanks: "for all the fish", key }),
  ];
  const count = Math.max(kinds.length, wanted);
  const placed = [];
  let objectCount = 0;
  let readableCount = 0;
  for (let i = 0; i < count; i++) {
    const place = Math.floor((i * keys.length) / count);
    const made = kinds[i % kinds.length](keys[place]);
    if (typeof made === "string") {
      placed.push({ body: made, place });
      continue;
    }
    placed.push({ body: await queue.put(otherKey(keys[place], 9e15 + i), made), place });
    objectCount += 1;
    if (i % kinds.length === 3) readableCount += recordsPerObject / 2;
  }
  return { placed, objectCount, readableCount };
}

/** What S3 and CloudTrail send on set-up. */
const texts = [
  JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "trail-bucket" }),
  "CloudTrail validation message.",
];
