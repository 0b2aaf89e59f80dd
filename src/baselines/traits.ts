import type { Profile } from "../sessions/profile.ts";

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
  const operations = profile.operations.entries.map(([named, [firstAt, , count]]) => {
    const space = named.indexOf(" ");
    return { access: named.slice(0, space), operation: named.slice(space + 1), firstAt, count };
  });
  const services = distinct(operations.map(({ operation }) => serviceOf(operation)));
  const sum = (of: readonly { readonly count: number }[]): number =>
    of.reduce((total, { count }) => total + count, 0);
  const minutes = profile.minutes.entries
    .map(([minute, count]) => [Number(minute), count] as const);
  return {
    values: {
      operation: distinct(operations.map(({ operation }) => operation)),
      service: services,
      access: distinct(operations.map(({ access }) => access)),
      region: valuesOf(profile.regions),
      network: valuesOf(profile.networks),
      userAgent: valuesOf(profile.userAgents),
      error: valuesOf(profile.errors),
      resource: valuesOf(profile.resources),
      hour: distinct(minutes.map(([minute]) => String(hourOfWeek(minute)))),
    },
    changes: distinct(
      operations.filter(({ access }) => !harmless.has(access)).map(({ operation }) => operation),
    ),
    numbers: {
      calls: minutes.reduce((total, [, count]) => total + count, 0),
      operations: distinct(operations.map(({ operation }) => operation)).length,
      services: services.length,
      denials: sum(deniedIn(profile)),
      writes: sum(operations.filter(({ access }) => changing.has(access))),
      deletes: sum(operations.filter(({ operation }) => isDestructive(operation))),
      minutes: durationOf(minutes.map(([minute]) => minute)),
      peakPerMinute: minutes.reduce((most, [, count]) => Math.max(most, count), 0),
      breadth: breadthOf(operations.filter(({ access }) => looking.has(access))),
      resources: profile.resources.entries.length,
      networks: profile.networks.entries.length,
    },
  };
}

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

/** The most reading or listing operations that were first called within any ten minutes. */
function breadthOf(operations: readonly { readonly firstAt: number }[]): number {
  const firsts = operations.map(({ firstAt }) => firstAt).sort((a, b) => a - b);
  let from = 0;
  let most = 0;
  for (const [i, at] of firsts.entries()) {
    while (at - (firsts[from] ?? at) > breadthMs) from += 1;
    most = Math.max(most, i - from + 1);
  }
  return most;
}

function deniedIn({ errors }: Profile): { readonly count: number }[] {
  return errors.entries
    .filter(([error]) => error.startsWith("denied "))
    .map(([, [, , count]]) => ({ count }));
}

function durationOf(minutes: readonly number[]): number {
  if (minutes.length === 0) return 0;
  const [first, last] = [Math.min(...minutes), Math.max(...minutes)];
  return last - first + 1;
}

function valuesOf({ entries }: Profile["regions"]): readonly string[] {
  return entries.map(([value]) => value);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
