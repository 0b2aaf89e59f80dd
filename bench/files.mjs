// The files that are measured: simulated traffic in objects of the size that busy accounts get.
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { serialise } from "../dist/simulation/serialise.js";
import { simulate } from "../dist/simulation/simulate.js";

/** Records of an object: what an account with a million calls a day gets every five minutes. */
const recordsPerFile = 5000;
/** The simulated company times 200: over a million records on a Monday. */
const scale = 200;
const monday = Date.UTC(2026, 2, 2);
/** Part of the folder's name, so that files made otherwise are not taken for these. */
const making = "3";

/**
 * Files of a mix with at least so many inflated bytes, laid out as a trail's bucket; those of an
 * earlier run are used again.
 *
 * @param share of all records, those that agents cause
 * @returns the bucket's folder, a config that declares its agents, and the files as delivered
 */
export function filesOf(share, bytesMin, parent) {
  const folder = join(parent, `${making}-${share}-${bytesMin}`);
  if (!existsSync(folder)) make(folder, share, bytesMin);
  const made = JSON.parse(readFileSync(join(folder, "made.json"), "utf8"));
  const files = made.map(({ key, bytes }) => ({ path: join(folder, key), bytes }));
  return { paths: [join(folder, "AWSLogs")], config: join(folder, "trailwarden.yaml"), files };
}

/** The first of the files, with at least so many inflated bytes. */
export function firstOf({ files, config }, bytesMin) {
  const chosen = [];
  for (const file of files) {
    if (inflatedBytes({ files: chosen }) >= bytesMin) break;
    chosen.push(file);
  }
  return { paths: chosen.map(({ path }) => path), config, files: chosen };
}

export function inflatedBytes({ files }) {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function recordCount({ files }) {
  return files.length * recordsPerFile;
}

function make(folder, share, bytesMin) {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const made = [];
  for (const { key, records } of objects(share)) {
    const text = Buffer.from(serialise(records));
    mkdirSync(dirname(join(unfinished, key)), { recursive: true });
    // gzip's own default level: 7 to 10 times smaller, as CloudTrail's files are.
    writeFileSync(join(unfinished, key), gzipSync(text, { level: 6 }));
    made.push({ key, bytes: text.length });
    if (inflatedBytes({ files: made }) >= bytesMin) break;
  }
  writeFileSync(join(unfinished, "trailwarden.yaml"), stringify(matchingConfig()));
  writeFileSync(join(unfinished, "made.json"), JSON.stringify(made));
  renameSync(unfinished, folder);
}

/** A Monday's traffic, and the days after it, each account and region in objects of one size. */
function* objects(share) {
  const places = new Map();
  const options = { seed: "bench", startAt: monday, days: 30, scale, agentShare: share };
  for (const { key, records } of simulate(options)) {
    const place = key.split("/").slice(1, 4).join("/");
    const held = places.get(place) ?? [];
    places.set(place, held);
    held.push(...records);
    while (held.length >= recordsPerFile) {
      yield { key, records: held.splice(0, recordsPerFile) };
    }
  }
}
