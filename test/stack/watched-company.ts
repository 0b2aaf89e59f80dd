import Database from "libsql";
import { stringify } from "yaml";
import { recentDay, tasksText } from "../../monitoring/stack/recent-day.ts";
import { freePort } from "../../monitoring/stack/free-port.ts";
import type { Scrape } from "../../monitoring/stack/server.ts";
import { newToken } from "../../src/http/tokens.ts";
import type { SimulatedFile } from "../../src/simulation/delivery.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";
import { credentials, logFile, s3Notice, standIn, type StandIn } from "../aws/stand-in.ts";
import { Workplace } from "../commands/program.ts";
import { WatchProcess } from "../commands/watch/watch-process.ts";

const scraper = newToken("prometheus", "admin");

/** A company's day that has just ended, on a queue, and a real `watch` that reads it. */
export class WatchedCompany {
  readonly #aws: StandIn;
  readonly #place = new Workplace();
  readonly #port: number;
  readonly #sinks: readonly object[];
  readonly #files: readonly SimulatedFile[];
  #process: WatchProcess | null = null;

  private constructor(aws: StandIn, port: number, sinks: readonly object[]) {
    this.#aws = aws;
    this.#port = port;
    this.#sinks = sinks;
    const now = Date.now();
    // Twice the ordinary: then somebody leaves more than a day of zombies behind.
    const day = recentDay({ seed: "stack", now, scale: 2, days: 1 });
    this.#files = [...day.files()].filter(({ deliveredAt }) => deliveredAt <= now);
    this.#place.write("tasks.ndjson", tasksText(day.tasks));
    this.#place.trail("first/one.json", this.#files[0]?.records ?? []);
    this.#configure();
  }

  static async open(sinks: readonly object[]): Promise<WatchedCompany> {
    const company = new WatchedCompany(await standIn(), await freePort(), sinks);
    const told = ["--tasks", "tasks.ndjson", "--store", "trail.db"];
    await company.#place.run(["scan", "first", ...told]);
    await company.#start("trail.db");
    return company;
  }

  get scrape(): Scrape {
    const url = `http://127.0.0.1:${this.#port}`;
    return { job: "company", url, token: scraper.text };
  }

  #configure(): void {
    this.#place.write("trailwarden.yaml", stringify({
      ...matchingConfig(),
      aws: { region: "eu-west-1", endpoint: this.#aws.endpoint },
      sources: [this.#aws.source({
        visibilitySeconds: 5, deadLetterQueueUrl: this.#aws.deadLetterQueueUrl,
      })],
      sinks: this.#sinks,
      http: { port: this.#port, requestsPerMinute: 1_000_000, tokens: [scraper.token] },
      service: { announceHours: 48 },
    }));
  }

  async #start(store: string): Promise<void> {
    this.#process = new WatchProcess(this.#place, ["--store", store], { env: credentials });
    await this.#process.says(/"msg":"Watching/);
  }

  /** The day's files, as S3 tells of them; then what cannot be had, or cannot be read. */
  async deliver(): Promise<void> {
    const [first, ...others] = this.#files;
    if (first !== undefined) await this.#whileLocked(() => this.#deliver(first));
    for (const other of others) await this.#deliver(other);
    const file = this.#files.find((one) => JSON.stringify(one.records).includes("role/agents/"));
    if (file === undefined) throw new Error("No agent did anything.");
    const { key, records } = file;
    const damaged = key.replace(/_\w{16}\.json/, "_AAAAAAAAAAAAAAAA.json");
    const agents = records.filter((record) => JSON.stringify(record).includes("role/agents/"));
    await this.#aws.put(damaged, logFile(agents.map((one) => ({ ...one, eventVersion: "9.0" }))));
    await this.#aws.send(s3Notice(damaged));
    await this.#aws.send(s3Notice(key.replace(/_\w{16}\.json/, "_BBBBBBBBBBBBBBBB.json")));
    await this.#aws.send("This is no notification.");
  }

  async #deliver({ key, records }: SimulatedFile): Promise<void> {
    const body = logFile(records);
    await this.#aws.put(key, body);
    await this.#aws.send(s3Notice(key, body.length));
  }

  /** Somebody else holds the store for longer than `watch` waits. */
  async #whileLocked(deliver: () => Promise<void>): Promise<void> {
    const other = new Database(this.#place.path("trail.db"));
    other.exec("BEGIN IMMEDIATE");
    await deliver();
    await this.#process?.says(/"code":"store-locked"/);
    other.exec("ROLLBACK");
    other.close();
  }

  /** Decides on all that is open. */
  async closeFindings(): Promise<void> {
    for (;;) {
      const { items } = await this.#ask<{ items: readonly { readonly id: string }[] }>(
        "/v1/findings?status=open&limit=100",
      );
      if (items.length === 0) return;
      for (const { id } of items) {
        const body = { verdict: "benign", reason: "A drill." };
        await this.#ask(`/v1/findings/${id}/close`, body);
      }
    }
  }

  /** With an empty store, as if nothing had been. */
  async startAnew(): Promise<void> {
    await this.#process?.end("SIGTERM");
    await this.#start("empty.db");
  }

  async #ask<T>(path: string, body?: object): Promise<T> {
    const { url, token } = this.scrape;
    const answer = await fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} gives ${answer.status}: ${await answer.text()}`);
    return await answer.json() as T;
  }

  async close(): Promise<void> {
    await this.#process?.end("SIGTERM");
    await this.#aws.stop();
    this.#place.remove();
  }
}
