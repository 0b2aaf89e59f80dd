import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse, stringify } from "yaml";
import type { FindingChange } from "../findings/store.ts";
import { writeLiveTraffic } from "./live-traffic.ts";
import { onStdout } from "./output/colour.ts";
import { cell, instant, levelText } from "./output/table.ts";
import { watch, type Addresses } from "./watching.ts";

interface LiveDemo {
  /** Where the month lies, and the company's config. */
  readonly dir: string;
  readonly store: string;
  /** ms UTC: midnight after the month. */
  readonly startAt: number;
  /** One day, then the end. */
  readonly isOnce: boolean;
}

/** How long a simulated day takes: where nobody looks on, no longer than it must. */
const secondsPerDay = { once: 12, looking: 90 };
/** More days than anybody looks on. */
const daysMax = 365;
/** The folder is looked at so often; a file is read when two looks found it the same. */
const lookSeconds = 0.5;

/** Watches the days after the month as they are written, until Ctrl-C or the end of the first. */
export async function watchLive({ dir, store, startAt, isOnce }: LiveDemo): Promise<number> {
  const out = join(dir, "live");
  const config = join(dir, "watch.yaml");
  await writeFile(config, await liveConfig(dir, out));
  const end = new AbortController();
  const live = {
    seed: "demo",
    startAt,
    days: isOnce ? 1 : daysMax,
    out,
    secondsPerDay: isOnce ? secondsPerDay.once : secondsPerDay.looking,
  };
  let traffic: Promise<void> = Promise.resolve();
  const onUp = (addresses: Addresses) => {
    say(introduction(addresses, isOnce));
    traffic = writeLiveTraffic(live, end.signal).then(async () => {
      await delay(lookSeconds * 4 * 1000, undefined, { signal: end.signal }).catch(() => undefined);
      end.abort();
    });
  };
  const code = await watch({
    store, config, rules: [], allRecords: true, logLevel: "error",
    onUp, onFinding: tellOf, until: end.signal,
  });
  end.abort();
  await traffic;
  say(`\nStopped: what was in hand is kept. Start it again with:\n  ${again(config, store)}`);
  return code;
}

/** The company's, with a folder to follow. Simulated days lie in the past: all is announced. */
async function liveConfig(dir: string, path: string): Promise<string> {
  const company = parse(await readFile(join(dir, "trailwarden.yaml"), "utf8")) as object;
  return stringify({
    ...company,
    sources: [{ kind: "directory", name: "live", path, everySeconds: lookSeconds }],
    http: { port: 0 },
    service: { announceHours: 1_000_000 },
  });
}

function introduction({ url, token }: Addresses, isOnce: boolean): string {
  const bearer = `-H "Authorization: Bearer ${token ?? ""}"`;
  const days = isOnce
    ? "the next day is written"
    : "the days after are written, a minute and a half each";
  const watching = `${onStdout.bold("watch")} follows a folder into which ${days}.`;
  return `${onStdout.bold("7. Live")}: ${watching}

   API       curl ${bearer} ${url}/v1/findings
   metrics   curl ${bearer} ${url}/metrics
   its docs  ${url}/docs  (in a browser: whatever user name, the token as password)
${isOnce ? "" : "\n   Ctrl-C ends it.\n"}`;
}

function tellOf({ what, finding }: FindingChange): void {
  const word = what === "opened" ? "" : ` (${what})`;
  const rule = `${cell(finding.rule, 34)}${word}`;
  say(`   ${instant(finding.lastEventAt)}  ${levelText(finding.level)}  ${rule}\n` +
    `   ${onStdout.dim(cell(finding.because, 180))}`);
}

function again(config: string, store: string): string {
  return `npx trailwarden watch --config ${config} --store ${store}`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
