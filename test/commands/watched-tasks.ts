import { mkdirSync } from "node:fs";
import type { FindingJson } from "../../src/findings/finding-json.ts";
import { newToken, type NewToken } from "../../src/http/tokens.ts";
import type { TaskView } from "../../src/tasks/contract.ts";
import { RunPlace } from "../wrapper/run-place.ts";
import { until, WatchProcess } from "./watch/watch-process.ts";

const tokens = {
  ci: newToken("ci", "responder"), bob: newToken("bob", "responder"),
  ann: newToken("ann", "admin"),
};
type Caller = keyof typeof tokens;

/** A `trailwarden watch` on a folder, and a place to run agents in that it knows of. */
export class WatchedTasks {
  readonly place: RunPlace;
  readonly watch: WatchProcess;
  readonly url: string;

  private constructor(place: RunPlace, watch: WatchProcess, url: string) {
    this.place = place;
    this.watch = watch;
    this.url = url;
  }

  static async start(): Promise<WatchedTasks> {
    const place = await RunPlace.open();
    const inbox = place.work.path("inbox");
    mkdirSync(inbox);
    place.configure(`
tasks: { graceSeconds: 0 }
sources: [{ kind: directory, name: inbox, path: "${inbox}" }]
http: { port: 0, requestsPerMinute: 100000, tokens: [${Object.values(tokens).map(entry).join()}] }
`);
    const args = ["--config", "conf/trailwarden.yaml", "--store", "tasks.db"];
    const watch = new WatchProcess(place.work, args, {});
    const { http } = JSON.parse(await watch.says(/"msg":"Watching/)) as { http: string };
    return new WatchedTasks(place, watch, http);
  }

  /** How whoever wraps agents, or looks at their tasks, reaches it. */
  env(as: Caller = "ci"): Readonly<Record<string, string>> {
    return { TRAILWARDEN_URL: this.url, TRAILWARDEN_TOKEN: tokens[as].text };
  }

  async ask(path: string, as: Caller, body?: unknown): Promise<Response> {
    return await fetch(this.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${tokens[as].text}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  /** The task of this name, once it is so. */
  async task(name: string, isSo: (task: TaskView) => boolean): Promise<TaskView> {
    let found: TaskView | undefined;
    await until(async () => {
      const { items } = await (await this.ask("/v1/tasks", "bob")).json() as { items: TaskView[] };
      found = items.find(({ externalId }) => externalId === name);
      return found !== undefined && isSo(found);
    });
    if (found === undefined) throw new Error("It was there.");
    return found;
  }

  /** CloudTrail's word of calls, as records in a file of the folder. */
  delivers(name: string, records: readonly unknown[]): void {
    this.place.work.write(`inbox/${name}.json`, JSON.stringify({ Records: records }));
  }

  /** The finding of this rule on this credential, once it is there and so. */
  async finding(
    rule: string,
    accessKeyId: string,
    isSo: (finding: FindingJson) => boolean = () => true,
  ): Promise<FindingJson> {
    let found: FindingJson | undefined;
    await until(async () => {
      const { items } = await (await this.ask(`/v1/findings?rule=${rule}`, "bob")).json() as {
        items: FindingJson[];
      };
      found = items.find(({ credential }) => credential?.accessKeyId === accessKeyId);
      return found !== undefined && isSo(found);
    });
    if (found === undefined) throw new Error("It was there.");
    return found;
  }

  async close(): Promise<void> {
    await this.watch.end("SIGTERM");
    this.place.close();
  }
}

function entry({ token: { name, role, sha256 } }: NewToken): string {
  return `{ name: ${name}, role: ${role}, sha256: "${sha256}" }`;
}
