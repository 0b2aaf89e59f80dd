// The files that are measured: simulated traffic in objects of the size that busy accounts get.
import { Buffer } from "node:buffer";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { stringify } from "yaml";
import { matchingConfig } from "../dist/simulation/matching-config.js";
import { serialise } from "../dist/simulation/serialise.js";
import { simulate } from "../dist/simulation/simulate.js";

/** Records of an object: what an account with a million calls a day gets every five minutes. */
const recordsPerFile = 5000;
/** The simulated company times 200: a million records on a Monday. */
const scale = 200;
/** Part of the folder's name, so that files of another making are not taken for these. */
const making = "1";

/** What has to be measured: `share` of the records are agents'. */
export const mixes = [
  { name: "1 % agents", share: 0.01, agentsOnly: true, ratioMin: 3 },
  { name: "100 % agents", share: 1, agentsOnly: false, ratioMin: 0.25 },
];

/**
 * The mix's folder, made unless it is there: `config` and the files' paths, oldest first, with at
 * least so many inflated bytes altogether.
 */
export function filesOf({ share }, bytesMin, parent) {
  const folder = join(parent, `${making}-${share}-${bytesMin}`);
  if (!existsSync(folder)) make(folder, share, bytesMin);
  const { inflatedBytes } = JSON.parse(readFileSync(join(folder, "made.json"), "utf8"));
  const names = readdirSync(folder).filter((name) => name.endsWith(".gz")).sort();
  const paths = names.map((name) => join(folder, name));
  return { folder, config: join(folder, "trailwarden.yaml"), paths, inflatedBytes };
}

function make(folder, share, bytesMin) {
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const inflatedBytes = [];
  let sum = 0;
  for (const { key, records } of objects(share)) {
    const text = Buffer.from(serialise(records));
    const name = `${String(inflatedBytes.length).padStart(5, "0")}-${key.split("/").at(-1)}`;
    // gzip's own default level: 7 to 10 times smaller, as CloudTrail's files are.
    writeFileSync(join(unfinished, name), gzipSync(text, { level: 6 }));
    inflatedBytes.push(text.length);
    sum += text.length;
    if (sum >= bytesMin) break;
  }
  writeFileSync(join(unfinished, "trailwarden.yaml"), stringify(matchingConfig()));
  writeFileSync(join(unfinished, "made.json"), JSON.stringify({ inflatedBytes }));
  renameSync(unfinished, folder);
}

/** Monday's traffic, and the following days', each account and region in objects of one size. */
function* objects(share) {
  const places = new Map();
  const monday = Date.UTC(2026, 2, 2);
  for (const file of simulate({ seed: "bench", startAt: monday, days: 30, scale, agentShare: share })) {
    const place = file.key.split("/").slice(1, 4).join("/");
    const held = places.get(place) ?? [];
    places.set(place, held);
    held.push(...file.records);
    while (held.length >= recordsPerFile) yield { key: file.key, records: held.splice(0, recordsPerFile) };
  }
}
