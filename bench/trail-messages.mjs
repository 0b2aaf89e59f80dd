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

/**
 * Puts the objects for so many records, and returns the messages that tell of them, shuffled, with
 * what they come to.
 */
export async function trailMessages(queue, { recordCount, folder }) {
  const objects = trailObjects(Math.ceil(recordCount / recordsPerObject), folder);
  const good = [];
  for (const key of objects.keys) good.push(await queue.put(key, objects.bytesOf(key)));
  const each = Math.max(1, Math.round((good.length * duplicateRatio) / 2));
  const again = good.slice(0, each);
  const repeating = await putRepeating(queue, objects, each);
  const poison = await putPoison(queue, objects, good.length + 2 * each);
  const bodies = [...good, ...again, ...repeating, ...poison.bodies, ...texts];
  stream("watch", "order").shuffle(bodies);
  const objectCount = good.length + again.length + repeating.length;
  return {
    bodies,
    poison: poison.bodies,
    textCount: texts.length,
    // A poisonous object is one rejection; a poisonous message has no records.
    sentCount: objectCount * recordsPerObject + poison.readableCount + poison.objectCount,
    eventCount: good.length * (recordsPerObject - badPerObject),
  };
}

/** Objects that repeat what two others of their account and region hold. */
async function putRepeating(queue, { keys, bytesOf }, count) {
  const bodies = [];
  const before = new Map();
  for (const key of keys) {
    if (bodies.length === count) break;
    const other = before.get(placeOf(key));
    before.set(placeOf(key), key);
    if (other === undefined) continue;
    const number = 8e15 + bodies.length;
    bodies.push(await queue.put(otherKey(key, number), halves(bytesOf(other), bytesOf(key))));
  }
  return bodies;
}

async function putPoison(queue, { keys, bytesOf }, messageCount) {
  const wanted = Math.max(6, Math.round(messageCount * poisonRatio));
  const kinds = [
    (key) => Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), bytesOf(key).subarray(500, 9000)]),
    () => gzipSync('{"Records":[{"eventVersion":"1.11",,,'),
    () => gzipSync('{"weather":{"today":"rain"}}'),
    (key) => cutOff(bytesOf(key)),
    () => "This is no notification.",
    (key) => JSON.stringify({ thanks: "for all the fish", number: keys.indexOf(key) }),
  ];
  const bodies = [];
  let objectCount = 0;
  let readableCount = 0;
  for (let i = 0; i < wanted; i++) {
    const key = keys[(i * 7) % keys.length];
    const made = kinds[i % kinds.length](key);
    if (typeof made === "string") {
      bodies.push(made);
      continue;
    }
    bodies.push(await queue.put(otherKey(key, 9e15 + i), made));
    objectCount += 1;
    if (i % kinds.length === 3) readableCount += recordsPerObject / 2;
  }
  return { bodies, objectCount, readableCount };
}

/** What S3 and CloudTrail send on set-up. */
const texts = [
  JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "trail-bucket" }),
  "CloudTrail validation message.",
];
