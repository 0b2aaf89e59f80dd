import type { TrailEvent } from "../events/event.ts";
import { readInstant } from "../events/instant.ts";
import { trailKey } from "../records/trail-key.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** Where events come from: an account's region. Rules call it a source. */
export interface Origin {
  readonly account: string;
  readonly region: string;
}

/** In which hours of a day an origin was heard: mergeable, by `|`. */
export interface HeardDay {
  /** UTC days since the epoch. */
  readonly day: number;
  /** Bit 0: from 00:00 to 01:00 UTC. */
  readonly hours: number;
}

/** An origin was heard then, ms UTC. */
export interface Sign extends Origin {
  readonly at: number;
}

/** What an event says of where it comes from; null where it does not name an account's region. */
export function signOf({ account, region, at }: TrailEvent): Sign | null {
  if (account === null || !accountId.test(account) || !regionName.test(region)) return null;
  return { account, region, at };
}
const accountId = /^\d{12}$/;
/** The longest is some 15 characters; whoever forges records shall not fill the store with more. */
const regionName = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * What a log file's name says, whatever of it is kept: that its origin sends. Read is the minute of
 * delivery, `_20260301T1005Z_`: events happened some minutes earlier. Null for all other names.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function signOfFile(name: string): Sign | null {
  const key = trailKey(name);
  const minute = key?.kind === "log" ? /_(\d{8}T\d{4})Z_\w+\.json\.gz$/.exec(name)?.[1] : undefined;
  const at = minute === undefined ? null : readInstant(`${minute}00Z`);
  return key === null || at === null ? null : { account: key.account, region: key.region, at };
}

/** By origin and day: in the order of their first signs. */
export function daysHeard(signs: Iterable<Sign>): readonly (Origin & HeardDay)[] {
  const days = new Map<string, Origin & { readonly day: number; hours: number }>();
  for (const { account, region, at } of signs) {
    const day = Math.floor(at / dayMs);
    const hour = 1 << Math.floor((at - day * dayMs) / hourMs);
    const key = `${account} ${region} ${day}`;
    const known = days.get(key);
    if (known === undefined) days.set(key, { account, region, day, hours: hour });
    else known.hours |= hour;
  }
  return [...days.values()];
}
