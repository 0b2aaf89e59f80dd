import { mkdirSync } from "node:fs";
import type { Scrape } from "../../monitoring/stack/server.ts";
import { credentials } from "../aws/stand-in.ts";
import type { Workplace } from "../commands/program.ts";
import { WatchProcess } from "../commands/watch/watch-process.ts";

export const store = ["--store", "trail.db"];

/** A real `watch` that chose port and token by itself, and where it is scraped. */
export interface ScrapedWatch {
  readonly process: WatchProcess;
  readonly scrape: Scrape;
}

export async function scrapedWatch(place: Workplace, job: string): Promise<ScrapedWatch> {
  // What no declared agent can have done is read too.
  const process = new WatchProcess(place, ["--all-records", ...store], { env: credentials });
  const token = /tw_[\w-]+/.exec(await process.says(/only token is/))?.[0] ?? "";
  const line = await process.says(/"msg":"Watching/);
  const { http: url } = JSON.parse(line) as { readonly http: string };
  return { process, scrape: { job, url, token } };
}

/** What it tells at this moment. */
export async function metricsOf({ scrape: { url, token } }: ScrapedWatch): Promise<string> {
  const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  return await answer.text();
}

/** Of a config: what is left in `inbox` is read, a port of its own, and no limit to questions. */
export function heard(place: Workplace): object {
  const inbox = place.path("inbox");
  mkdirSync(inbox, { recursive: true });
  return {
    sources: [{ kind: "directory", name: "inbox", path: inbox, everySeconds: 1 }],
    http: { port: 0, requestsPerMinute: 1_000_000 },
  };
}
