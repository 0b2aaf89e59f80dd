import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll } from "vitest";
import { ownRulesFolder, rulesAt, type App } from "../../src/app.ts";
import { AwsFault } from "../../src/aws/fault.ts";
import { Config, type TokenConfig } from "../../src/config/schema.ts";
import { iamAccessLevels } from "../../src/events/access-levels.ts";
import { createNormaliser } from "../../src/events/normalise.ts";
import { explainEvent } from "../../src/explaining.ts";
import type { Ended, ServerOptions } from "../../src/http/options.ts";
import { createServer } from "../../src/http/server.ts";
import { newToken } from "../../src/http/tokens.ts";
import { ingestFiles } from "../../src/ingest-files.ts";
import { judgeEverything } from "../../src/judging/judge-everything.ts";
import { matchingConfig } from "../../src/simulation/matching-config.ts";
import type { Task } from "../../src/sessions/task.ts";
import { simulate } from "../../src/simulation/simulate.ts";
import { openSqliteStore } from "../../src/storage/sqlite.ts";
import type { Store } from "../../src/storage/store.ts";
import { noon } from "../storage/made.ts";

const made = {
  viewer: newToken("vera", "viewer"),
  responder: newToken("rita", "responder"),
  admin: newToken("ada", "admin"),
};
export const tokens: Readonly<Record<TokenConfig["role"], string>> = {
  viewer: made.viewer.text, responder: made.responder.text, admin: made.admin.text,
};
export const configured: readonly TokenConfig[] = Object.values(made).map(({ token }) => token);

export interface Serving {
  readonly url: string;
  readonly store: Store;
  /** Requests that have ended. */
  readonly ended: Ended[];
  /** Tasks that have ended. */
  readonly tasksEnded: Task[];
  readonly errors: Error[];
  /** As admin, unless `init` says otherwise. */
  readonly ask: (path: string, init?: Asking) => Promise<Response>;
  /** What a request gives that must succeed. */
  readonly get: (path: string) => Promise<Json>;
  readonly close: () => Promise<void>;
}

export interface Asking {
  readonly method?: string;
  readonly as?: TokenConfig["role"] | null;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** JSON of a shape that the test knows. */
export type Json = Item & { readonly items: readonly Item[]; readonly next: string | null };
export type Item = Readonly<Record<string, unknown>>;

const call = { action: "sts:GetCallerIdentity", resource: "our credentials" };
const normalise = createNormaliser(iamAccessLevels());
const rules = await rulesAt({ onlyRules: ownRulesFolder });
const silent = { start: () => undefined, advance: () => undefined, stop: () => undefined };

/** A server that really listens, over a store of the test file's own. */
export async function serving(
  changes: Partial<ServerOptions> & { readonly config?: () => Config } = {},
): Promise<Serving> {
  const store = changes.store ?? await openSqliteStore({ path: ":memory:" });
  const config = changes.config ?? (() => Config.parse({ http: { requestsPerMinute: 1e9 } }));
  const ended: Ended[] = [];
  const tasksEnded: Task[] = [];
  const errors: Error[] = [];
  const app = { store, config: config(), rules, normalise, close: () => store.close() };
  const server = await createServer({
    store, normalise, config,
    tokens: () => configured,
    metrics: () => Promise.resolve({ contentType: "text/plain; version=0.0.4", text: "up 1\n" }),
    readiness: () => ({ ready: true, checks: [{ name: "store", ok: true, detail: "Fine." }] }),
    explain: (id) => explainEvent(app, id, []),
    response: {
      responder: () => Promise.reject(new AwsFault("no-credentials", call, null)),
      wake: () => undefined,
    },
    now: () => noon,
    onTaskEnded: (task) => tasksEnded.push(task),
    onRequestEnded: (request) => ended.push(request),
    onError: (error) => errors.push(error),
    ...changes,
  });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  const ask: Serving["ask"] = (path, { method = "GET", as = "admin", body, headers } = {}) =>
    fetch(url + path, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${tokens[as]}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const get = async (path: string): Promise<Json> => {
    const response = await ask(path);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Json;
  };
  const close = async (): Promise<void> => {
    await server.close();
    await store.close();
  };
  afterAll(close);
  return { url, store, ended, tasksEnded, errors, ask, get, close };
}

/** The simulator's company, for a day, with incidents. */
export async function simulated(): Promise<{ readonly app: App; readonly end: number }> {
  const store = await openSqliteStore({ path: ":memory:" });
  const config = Config.parse({ ...matchingConfig(), http: { requestsPerMinute: 1e9 } });
  const app: App = { store, config, rules, normalise, close: () => store.close() };
  const startAt = Date.UTC(2026, 2, 2);
  const files = [...simulate({ seed: "http", startAt, days: 1, scale: 0.2 })];
  await ingestFiles(app, files.map(({ key, records }) => {
    const bytes = gzipSync(JSON.stringify({ Records: records }));
    return {
      delivery: { id: key, name: key },
      bytes: bytes.length,
      path: null,
      open: () => Promise.resolve({ name: key, bytes }),
    };
  }), { agentsOnly: false, progress: silent, onRejection: () => undefined });
  await judgeEverything(app, silent);
  return { app, end: startAt + 86_400_000 };
}

/** Every item of a list, page by page. */
export async function everyItem(
  { get }: Serving,
  path: string,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly Item[]> {
  const items: Item[] = [];
  for (let cursor = ""; ; ) {
    const page = await get(path + cursor);
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = `${path.includes("?") ? "&" : "?"}cursor=${page.next}`;
    await between();
  }
}
