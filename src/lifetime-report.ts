import { setImmediate as nextTurn } from "node:timers/promises";
import { idleEnd, lifetimeOf, type IssuedCredential, type Measured } from "./sessions/lifetimes.ts";
import type { IssuedWithin, SeenTask } from "./sessions/lifetime-store.ts";
import {
  nothingIssued, plus, withCredential, type LifetimeSum,
} from "./sessions/lifetime-sums.ts";
import { LengthTally, type TaskLengths } from "./sessions/recommended-lifetime.ts";
import type { Task, TaskBasis } from "./sessions/task.ts";
import type { Store } from "./storage/store.ts";

export const reportKeys = ["agent", "role", "task"] as const;
export type ReportKey = (typeof reportKeys)[number];

export interface ReportAsked extends IssuedWithin, Measured {
  readonly by: ReportKey;
  /** At most so many, those with the most zombie seconds first. */
  readonly limit: number;
  /** Whoever asks may leave before all is read. */
  readonly signal?: AbortSignal;
}

/** Whose credentials: an agent's, a role's, a task's. */
export interface ReportItem extends LifetimeSum, TaskLengths {
  /** Its name, ARN, or id; null: of none. */
  readonly key: string | null;
  /** Of a task. */
  readonly task: ReportTask | null;
}

export interface ReportTask {
  readonly externalId: string;
  readonly agent: string;
  readonly basis: TaskBasis;
}

export interface LifetimeReport {
  readonly items: readonly ReportItem[];
  /** What is in none of the items. */
  readonly rest: LifetimeSum;
  readonly total: LifetimeSum;
}

type Reading = Pick<
  Store, "issuedCredentials" | "seenTasks" | "seenTask" | "listTasks" | "task"
>;

/** What is read at once: a few milliseconds; others are answered in between. */
const rowsAtOnce = 500;
/** Beyond so many agents, roles or tasks at once, only the latest are told apart. */
const keysMax = 10_000;

/** What the credentials of agents that were issued within some time come to. */
export async function lifetimeReport(store: Reading, asked: ReportAsked): Promise<LifetimeReport> {
  const { by, limit, asOf } = asked;
  const sums = new Map<string | null, LifetimeSum>();
  let rest = nothingIssued;
  for await (const credential of issuedWithin(store, asked)) {
    const key = keyOf(credential, by);
    const measured = { credential, lifetime: lifetimeOf(credential, asked) };
    if (sums.has(key) || sums.size < keysMax) {
      sums.set(key, withCredential(sums.get(key) ?? nothingIssued, measured, asOf));
    } else rest = withCredential(rest, measured, asOf);
  }
  const sorted = [...sums].sort(wasteFirst);
  const total = sorted.reduce((all, [, sum]) => plus(all, sum), rest);
  const shown = sorted.slice(0, limit);
  rest = sorted.slice(limit).reduce((all, [, sum]) => plus(all, sum), rest);
  const items = by === "task"
    ? await Promise.all(shown.map((each) => taskItem(store, each, asked)))
    : await lengthened(store, shown, asked);
  return { items, rest, total };
}

/** Each credential of agents that was issued then, the last first. */
export async function* issuedWithin(
  store: Pick<Store, "issuedCredentials">,
  asked: IssuedWithin & { readonly signal?: AbortSignal },
): AsyncGenerator<IssuedCredential> {
  for (let after = null; ; ) {
    const { items, next } = await store.issuedCredentials(asked, { limit: rowsAtOnce, after });
    yield* items;
    if (next === null) return;
    after = next;
    await turn(asked);
  }
}

async function turn({ signal }: Pick<ReportAsked, "signal">): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}

function keyOf({ agent, roleArn, taskId }: IssuedCredential, by: ReportKey): string | null {
  switch (by) {
    case "agent":
      return agent;
    case "role":
      return roleArn;
    case "task":
      return taskId;
    default:
      return by satisfies never;
  }
}

type Keyed = readonly [string | null, LifetimeSum];

function wasteFirst([a, { zombieSeconds: most }]: Keyed, [b, { zombieSeconds }]: Keyed): number {
  return zombieSeconds - most || ((a ?? "") < (b ?? "") ? -1 : 1);
}

async function taskItem(
  store: Reading,
  [key, sum]: Keyed,
  measured: Measured,
): Promise<ReportItem> {
  const lengths = new LengthTally();
  const told = key === null ? null : await store.task(key);
  const seen = key === null || told !== null ? null : await store.seenTask(key);
  if (told !== null) lengths.add(toldSeconds(told), told.expectedSeconds);
  if (seen !== null) lengths.add(seenSeconds(seen, measured), null);
  const known = told ?? seen;
  const task = known === null
    ? null
    : { externalId: known.externalId, agent: known.agent, basis: known.basis };
  return { key, task, ...sum, ...lengths.lengths() };
}

/** With the lengths of the tasks that began within the time. */
async function lengthened(
  store: Reading,
  shown: readonly Keyed[],
  asked: ReportAsked,
): Promise<readonly ReportItem[]> {
  const tallies = new Map(shown.map(([key]) => [key, new LengthTally()]));
  for await (const { agent, roles, seconds, expectedSeconds } of lengthsWithin(store, asked)) {
    const keys = asked.by === "agent" ? [agent] : new Set(roles);
    for (const key of keys) tallies.get(key)?.add(seconds, expectedSeconds);
  }
  return shown.map(([key, sum]) => {
    const lengths = (tallies.get(key) ?? new LengthTally()).lengths();
    return { key, task: null, ...sum, ...lengths };
  });
}

interface TaskLength {
  readonly agent: string;
  readonly roles: readonly (string | null)[];
  /** Null while it runs. */
  readonly seconds: number | null;
  readonly expectedSeconds: number | null;
}

/** Of the tasks that began within some time, told of or seen. */
export async function* lengthsWithin(
  store: Pick<Reading, "listTasks" | "seenTasks">,
  asked: IssuedWithin & Measured & Pick<ReportAsked, "signal">,
): AsyncGenerator<TaskLength> {
  const since = asked.since ?? -Infinity;
  const begin = asked.until === undefined ? null : { startedAt: asked.until, id: "" };
  for (let after = begin; ; ) {
    const tasks = await store.listTasks({}, { limit: rowsAtOnce, after });
    for (const task of tasks) {
      if (task.startedAt < since) break;
      const { agent, credentials, expectedSeconds } = task;
      const roles = credentials.map(({ roleArn }) => roleArn);
      yield { agent, roles, seconds: toldSeconds(task), expectedSeconds };
    }
    const last = tasks.at(-1);
    if (last === undefined || last.startedAt < since) break;
    after = last;
    await turn(asked);
  }
  for (let after = begin; ; ) {
    const { items, next } = await store.seenTasks({}, { limit: rowsAtOnce, after });
    for (const task of items) {
      if (task.startedAt < since) return;
      const { agent, roleArn } = task;
      yield { agent, roles: [roleArn], seconds: seenSeconds(task, asked), expectedSeconds: null };
    }
    if (next === null || next.startedAt < since) return;
    after = next;
    await turn(asked);
  }
}

/** Of one that is lost though it promised no signs of life, nobody knows when it ended. */
function toldSeconds({ startedAt, endedAt, outcome, heartbeatSeconds }: Task): number | null {
  const isUnknown = outcome === "lost" && heartbeatSeconds === null;
  return endedAt === null || isUnknown ? null : (endedAt - startedAt) / 1000;
}

function seenSeconds({ startedAt, lastCallAt }: SeenTask, measured: Measured): number | null {
  const endedAt = idleEnd(lastCallAt, measured);
  return endedAt === null ? null : (endedAt - startedAt) / 1000;
}
