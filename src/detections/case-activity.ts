import { z } from "zod";
import { dayMs, hourMs, type Origin, type Sign } from "../sessions/origin.ts";
import type { Arrival } from "../sessions/origin-store.ts";

const At = z.iso.datetime("expected an instant like 2026-03-01T10:00:00Z");
const quarterMs = hourMs / 4;
/** More than any rhythm needs to be learned. */
const longestMs = 120 * dayMs;

/** A source, as a case writes it: heard in each of these hours from one instant to another. */
export const CaseActivity = z.strictObject({
  account: z.string().default("111111111111"),
  region: z.string().default("eu-west-1"),
  from: At,
  until: At,
  /** UTC, of the day; from 0. */
  hours: z.array(z.int().min(0).max(23)).min(1).optional(),
  /** Of the week: 1 is Monday. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).optional(),
  /** How late what came then was, all of it. */
  lagSeconds: z.int().min(0).max(86_400).default(300),
}).refine(({ from, until }) => {
  const length = Date.parse(until) - Date.parse(from);
  return length >= 0 && length <= longestMs;
}, { path: ["until"], message: "expected an instant at most 120 days after 'from'" });

export interface Activity {
  readonly signs: readonly Sign[];
  readonly arrivals: readonly (Origin & Arrival)[];
}

export function activityIn(written: z.infer<typeof CaseActivity>): Activity {
  const { account, region, hours, weekdays, lagSeconds } = written;
  const [from, until] = [Date.parse(written.from), Date.parse(written.until)];
  const instants: number[] = [];
  for (let at = from; at < until; at += quarterMs) {
    const when = new Date(at);
    const isHour = hours?.includes(when.getUTCHours()) ?? true;
    if (isHour && (weekdays?.includes(when.getUTCDay() || 7) ?? true)) instants.push(at);
  }
  const lagMs = lagSeconds * 1000;
  const quarterOf = (at: number) => Math.floor(at / quarterMs) * quarterMs;
  return {
    signs: instants.map((at) => ({ account, region, at })),
    arrivals: instants.map((at) => ({ account, region, at: quarterOf(at + lagMs), lagMs })),
  };
}
