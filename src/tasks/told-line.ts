import type { core, z } from "zod";
import { expectation } from "../config/explain-issue.ts";
import type { TaskNews, TaskStart } from "../sessions/task-told.ts";
import { TaskCall } from "./call.ts";
import { EndTask, Heartbeat, StartTask, TellCredential } from "./contract.ts";
import { jsonOrNull } from "./service.ts";
import { credentialIn, endIn, startIn } from "./view.ts";

/** What one call tells; `at`, ms UTC, is when it happened. */
export type Told =
  | { readonly kind: "start"; readonly at: number; readonly start: TaskStart }
  | { readonly kind: "news"; readonly at: number; readonly id: string; readonly news: ToldNews };
/** Silence is nothing that anybody tells. */
export type ToldNews = Exclude<TaskNews, { readonly kind: "silence" }>;

/** Why a line tells nothing: sentences that name the field, and what stands there. */
export interface Untold {
  readonly kind: "untold";
  readonly problems: readonly string[];
}

/** A {@link TaskCall} as a line of NDJSON: as `run` tells the service, or keeps for it. */
export function toldIn(line: string): Told | Untold {
  const value = jsonOrNull(line);
  if (value === null) return untold([`The line is ${shown(line)}: expected JSON.`]);
  const call = TaskCall.safeParse(value, { error: expected });
  if (!call.success) return untold(problemsOf(call.error, value));
  const { path, body } = call.data;
  if (path === "/v1/tasks") return read(StartTask, body, startOf);
  const [, id = "", about = ""] = newsPath.exec(path) ?? [];
  return news.get(about)?.(id, body) ?? untold([`path is ${shown(path)}: expected ${paths}.`]);
}

const newsPath = /^\/v1\/tasks\/([0-9a-f]{32})\/([a-z]+)$/;
const paths =
  "/v1/tasks, or /v1/tasks/<32 hex digits>/ and then credentials, heartbeat or end";
const news: ReadonlyMap<string, (id: string, body: unknown) => Told | Untold> = new Map([
  ["credentials", (id, body) => read(TellCredential, body, (told) => credentialOf(id, told))],
  ["heartbeat", (id, body) => read(Heartbeat, body, (told) => heartbeatOf(id, told))],
  ["end", (id, body) => read(EndTask, body, (told) => endOf(id, told))],
]);

function startOf(body: StartTask): Told {
  const start = startIn(body);
  return { kind: "start", at: start.startedAt, start };
}

function credentialOf(id: string, body: TellCredential): Told {
  const credential = credentialIn(body);
  return { kind: "news", at: credential.issuedAt, id, news: { kind: "credential", credential } };
}

/** As if it had been heard at once: a file does not know when it came. */
function heartbeatOf(id: string, body: z.infer<typeof Heartbeat>): Told {
  const at = Date.parse(body.at);
  return { kind: "news", at, id, news: { kind: "heartbeat", at, heardAt: at } };
}

function endOf(id: string, body: EndTask): Told {
  const end = endIn(body);
  return { kind: "news", at: end.at, id, news: { kind: "end", end } };
}

function read<T>(schema: z.ZodType<T>, body: unknown, made: (body: T) => Told): Told | Untold {
  const parsed = schema.safeParse(body, { error: expected });
  return parsed.success ? made(parsed.data) : untold(problemsOf(parsed.error, body, "body"));
}

function untold(problems: readonly string[]): Untold {
  return { kind: "untold", problems };
}

function expected(issue: core.$ZodRawIssue): string | undefined {
  const isInstant = issue.code === "invalid_format" && issue.format === "datetime";
  return isInstant ? "an instant in ISO 8601, UTC" : expectation(issue);
}

function problemsOf({ issues }: z.ZodError, root: unknown, name = ""): readonly string[] {
  return issues.flatMap((issue) => {
    const field = [...(name === "" ? [] : [name]), ...issue.path].join(".");
    // Its value is nobody's business: it may be a secret that does not belong here.
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `${field}.${shown(key)} is no field of such a call.`);
    }
    const value = issue.path.reduce<unknown>(inside, root);
    // So may what stands where a key's id should.
    const found = field.endsWith("accessKeyId") ? "something else" : shown(value);
    return [`${field === "" ? "The line" : field} is ${found}: expected ${issue.message}.`];
  });
}

function inside(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as Readonly<Record<PropertyKey, unknown>>)[key];
}

function shown(value: unknown): string {
  const text = value === undefined ? "missing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
