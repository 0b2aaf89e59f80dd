import { stringify } from "yaml";
import type { SqsSourceConfig } from "../../../src/config/schema.ts";
import { credentials, type StandIn } from "../../aws/stand-in.ts";
import type { Workplace } from "../program.ts";
import { WatchProcess } from "./watch-process.ts";

/** What a config says beside its one queue. */
export type Settings = Readonly<Record<string, unknown>>;

export interface WatchedOptions {
  readonly settings?: Settings;
  readonly source?: Partial<SqsSourceConfig>;
  readonly args?: readonly string[];
  /** See `RunOptions`. */
  readonly before?: string;
}

/** One line of the log. */
export type Line = Readonly<Record<string, unknown>> & { readonly msg: string };

/** The agent behind the records of `builders/record.ts`. */
const agent = { name: "inventory", roles: ["arn:aws:iam::*:role/agents/ro-inventory"] };

/** As a config file, for the queue of a stand-in. */
export function configFor(aws: StandIn, { settings = {}, source = {} }: WatchedOptions): string {
  return stringify({
    aws: { region: "eu-west-1", endpoint: aws.endpoint },
    agents: [agent],
    sources: [aws.source({ visibilitySeconds: 5, ...source })],
    http: { port: 0, requestsPerMinute: 1_000_000 },
    // The builders' events lie in the past.
    service: { announceHours: 1_000_000, logLevel: "debug" },
    ...settings,
  });
}

/** A `trailwarden watch` on a stand-in's queue, asked by HTTP as its users do. */
export class Watched {
  readonly process: WatchProcess;
  readonly #url: string;
  readonly #token: string;

  private constructor(process: WatchProcess, url: string, token: string) {
    this.process = process;
    this.#url = url;
    this.#token = token;
  }

  static async start(
    aws: StandIn,
    place: Workplace,
    options: WatchedOptions = {},
  ): Promise<Watched> {
    place.write("watch.yaml", configFor(aws, options));
    const { args = [], before } = options;
    const process = new WatchProcess(place, ["--config", "watch.yaml", ...args], {
      env: credentials, ...(before === undefined ? {} : { before }),
    });
    const word = await process.says(/only token is/);
    const { http } = JSON.parse(await process.says(/"msg":"Watching/)) as { http: string };
    return new Watched(process, http, /tw_[\w-]+/.exec(word)?.[0] ?? "");
  }

  /** Its log so far; lines that are not JSON are for people. */
  get lines(): readonly Line[] {
    return this.process.log
      .filter((text) => text.startsWith("{"))
      .map((text) => JSON.parse(text) as Line);
  }

  async get(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const headers = { authorization: `Bearer ${this.#token}` };
    const answer = await fetch(`${this.#url}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  }

  /** By series as the text has it, without `trailwarden_`: `records_total{source="trail",…}`. */
  async metrics(): Promise<ReadonlyMap<string, number>> {
    const { text } = await this.get("/metrics");
    const series = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    return new Map(series.map((line) => {
      const end = line.lastIndexOf(" ");
      return [line.slice(0, end).replace("trailwarden_", ""), Number(line.slice(end + 1))];
    }));
  }

  /** Of the source's series of this name that are not 0, the last label's value and the count. */
  async counted(name: string): Promise<Readonly<Record<string, number>>> {
    const start = `${name}{source="trail",`;
    const series = [...(await this.metrics())].filter(([key, count]) =>
      key.startsWith(start) && count !== 0);
    return Object.fromEntries(series.map(([key, count]) =>
      [/="([^"]*)"}$/.exec(key)?.[1] ?? "", count]));
  }

  async ready(): Promise<{ readonly status: number; readonly failing: readonly string[] }> {
    const { status, text } = await this.get("/readyz");
    const { checks } = JSON.parse(text) as { checks: { name: string; ok: boolean }[] };
    return { status, failing: checks.filter(({ ok }) => !ok).map(({ name }) => name) };
  }
}
