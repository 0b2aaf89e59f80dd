import { memoise } from "../events/memo.ts";
import type { Profile } from "../sessions/profile.ts";
import { distinct } from "../sessions/spans.ts";

/** What a role's sessions are compared in, value by value. */
export const categories = [
  "operation",
  "service",
  "access",
  "region",
  "network",
  "userAgent",
  "error",
  "resource",
  "hour",
] as const;
export type Category = (typeof categories)[number];

/** What they are compared in by how much. */
export const measures = [
  "calls",
  "operations",
  "services",
  "denials",
  "writes",
  "deletes",
  "minutes",
  "peakPerMinute",
  "breadth",
  "resources",
  "networks",
] as const;
export type Measure = (typeof measures)[number];

/**
 * A session as its baseline sees it: sets and numbers, each of which only grows with the session.
 */
export interface Traits {
  /** Each in the order of its values, which are different ones. */
  readonly values: Readonly<Record<Category, readonly string[]>>;
  /** Of its operations those that change, grant or run something. */
  readonly changes: readonly string[];
  readonly numbers: Readonly<Record<Measure, number>>;
}

export function traitsOf(profile: Profile): Traits {
  const operations: string[] = [];
  const services: string[] = [];
  const access: string[] = [];
  const changes: string[] = [];
  const looks: number[] = [];
  let writes = 0;
  let deletes = 0;
  for (const [named, [firstAt, , count]] of profile.operations.entries) {
    const call = callOf(named);
    operations.push(call.operation);
    services.push(call.service);
    access.push(call.access);
    if (call.isChange) changes.push(call.operation);
    if (call.isLook) looks.push(firstAt);
    if (call.isWrite) writes += count;
    if (call.isDestructive) deletes += count;
  }
  const operation = distinct(operations);
  const service = distinct(services);
  const { resources, networks } = profile;
  const { calls, minutes, peakPerMinute, hours } = callsIn(profile);
  return {
    values: {
      operation,
      service,
      access: distinct(access),
      region: valuesOf(profile.regions),
      network: valuesOf(networks),
      userAgent: valuesOf(profile.userAgents),
      error: valuesOf(profile.errors),
      resource: valuesOf(resources),
      hour: distinct(hours),
    },
    changes: distinct(changes),
    numbers: {
      calls,
      operations: operation.length,
      services: service.length,
      denials: deniedIn(profile),
      writes,
      deletes,
      minutes,
      peakPerMinute,
      breadth: breadthOf(looks),
      resources: resources.entries.length,
      networks: networks.entries.length,
    },
  };
}

/** What the name of an operation, with its access, tells: some thousands stand behind all calls. */
const callOf = memoise(8192, (named) => {
  const space = named.indexOf(" ");
  const access = named.slice(0, space);
  const operation = named.slice(space + 1);
  return {
    access,
    operation,
    service: serviceOf(operation),
    isChange: !harmless.has(access),
    isLook: looking.has(access),
    isWrite: changing.has(access),
    isDestructive: isDestructive(operation),
  };
});

const hourNames: readonly string[] = Array.from({ length: 168 }, (_, hour) => String(hour));

/** Hours since Monday 00:00 UTC, 0 to 167. 1970-01-01 was a Thursday. */
export function hourOfWeek(minute: number): number {
  return (Math.floor(minute / 60) + 72) % 168;
}

export function serviceOf(operation: string): string {
  return operation.slice(0, operation.indexOf(":"));
}

/** What takes something away for good, or sets out to. */
export function isDestructive(operation: string): boolean {
  return /:(?:Delete|Terminate|Destroy|Purge|ScheduleKeyDeletion|BatchDelete)/.test(operation);
}

const changing: ReadonlySet<string> = new Set(["write", "permissions", "tagging", "credential"]);
const harmless: ReadonlySet<string> = new Set(["read", "list", "sign-in", "unknown"]);
const looking: ReadonlySet<string> = new Set(["read", "list"]);

/** A tool that enumerates asks for all it knows within minutes; see `sessions/secrets.ts`. */
const breadthMs = 10 * 60_000;

/** The most reading or listing operations, by their first calls, that fall into ten minutes. */
function breadthOf(firsts: number[]): number {
  firsts.sort((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [i, at] of firsts.entries()) {
    while (at - (firsts[from] ?? at) > breadthMs) from += 1;
    most = Math.max(most, i - from + 1);
  }
  return most;
}

function deniedIn({ errors }: Profile): number {
  let denied = 0;
  for (const [error, [, , count]] of errors.entries) {
    if (error.startsWith("denied ")) denied += count;
  }
  return denied;
}

function callsIn(
  { minutes }: Profile,
): Pick<Traits["numbers"], "calls" | "minutes" | "peakPerMinute"> & {
  /** Of its minutes, in their order; never the same twice in a row. */
  readonly hours: readonly string[];
} {
  const hours: string[] = [];
  let calls = 0;
  let peakPerMinute = 0;
  let first = Infinity;
  let last = -Infinity;
  for (const [minute, count] of minutes.entries) {
    const at = Number(minute);
    calls += count;
    peakPerMinute = Math.max(peakPerMinute, count);
    first = Math.min(first, at);
    last = Math.max(last, at);
    const ofWeek = hourOfWeek(at);
    const hour = hourNames[ofWeek] ?? String(ofWeek);
    if (hour !== hours.at(-1)) hours.push(hour);
  }
  return { hours, calls, minutes: calls === 0 ? 0 : last - first + 1, peakPerMinute };
}

function valuesOf({ entries }: Profile["regions"]): readonly string[] {
  return entries.map(([value]) => value);
}
