// Objects as a busy trail delivers them, with four weeks' simulated traffic: each record once.
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync, constants } from "node:zlib";
import { serialise } from "../dist/simulation/serialise.js";
import { simulate } from "../dist/simulation/simulate.js";

/** What an account with some hundred thousand calls a day gets every five minutes. */
export const recordsPerObject = 1000;
/** Four weeks are four quarters alike: what differs between them is how much is stored by then. */
const days = 28;
/** Of the simulated company in its ordinary size, weekends too: somewhat less than it makes. */
const recordsPerDay = 6400;
const monday = Date.UTC(2026, 2, 2);
/** Part of the folder's name, so that objects made otherwise are not taken for these. */
const making = "2";

/**
 * So many objects, made once and kept in the folder; incidents are among their records. The last
 * record of each is none: its time is no time.
 *
 * @returns their keys, in the order of delivery, and what reads one's bytes
 */
export function trailObjects(count, parent) {
  const folder = join(parent, `objects-${making}-${count}`);
  if (!existsSync(folder)) make(folder, count);
  const keys = JSON.parse(readFileSync(join(folder, "keys.json"), "utf8"));
  return { keys, bytesOf: (key) => readFileSync(join(folder, fileName(key))) };
}

/** The first half of the one's records and the second of the other's, bad record included. */
export function halves(one, other) {
  const middle = recordsPerObject / 2;
  return packed([...recordsOf(one).slice(0, middle), ...recordsOf(other).slice(middle)]);
}

/** Half of its records can be read; then it breaks off. */
export function cutOff(bytes) {
  const text = Buffer.from(serialise(recordsOf(bytes).slice(0, recordsPerObject / 2)));
  // All that went in comes out: what is missing is the end of the JSON, and of the gzip.
  return gzipSync(text.subarray(0, -2), { finishFlush: constants.Z_SYNC_FLUSH });
}

/** Another object of the same account, region and minute. */
export function otherKey(key, number) {
  const suffix = String(number).padStart(16, "0");
  return key.replace(/[A-Za-z0-9]{16}(?=\.json\.gz$)/, suffix);
}

/** `<account>/<region>`: whose object it is. */
export function placeOf(key) {
  const [, account, , region] = key.split("/");
  return `${account}/${region}`;
}

function recordsOf(bytes) {
  return JSON.parse(gunzipSync(bytes).toString()).Records;
}

function make(folder, count) {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const keys = [];
  for (const { key, records } of objects(count * recordsPerObject)) {
    writeFileSync(join(unfinished, fileName(key)), packed(records));
    keys.push(key);
    if (keys.length === count) break;
  }
  if (keys.length < count) throw new Error(`Four weeks made ${keys.length} objects only.`);
  writeFileSync(join(unfinished, "keys.json"), JSON.stringify(keys));
  renameSync(unfinished, folder);
}

function packed(records) {
  return gzipSync(serialise(records), { level: 6 });
}

function fileName(key) {
  return key.slice(key.lastIndexOf("/") + 1);
}

function* objects(recordCount) {
  const scale = recordCount / (days * recordsPerDay);
  const seen = new Set();
  const places = new Map();
  for (const { key, records } of simulate({ seed: "watch", startAt: monday, days, scale })) {
    const held = places.get(placeOf(key)) ?? [];
    places.set(placeOf(key), held);
    for (const record of records) {
      const id = `${record.eventID} ${record.recipientAccountId}`;
      if (seen.has(id)) continue;
      seen.add(id);
      held.push(record);
    }
    while (held.length >= recordsPerObject - 1) {
      const good = held.splice(0, recordsPerObject - 1);
      const bad = { ...good[0], eventTime: "yesterday" };
      yield { key: otherKey(key, seen.size - held.length), records: [...good, bad] };
    }
  }
}
