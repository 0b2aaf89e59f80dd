import { UTCDate } from "@date-fns/utc";
import { addDays, endOfMonth, endOfYear, format } from "date-fns";

/** A UTC day as `2026-03-01`: it sorts as it reads. */
export type Day = string;

/** From one day to another, both included. */
export type DayRange = readonly [first: Day, last: Day];

export function dayOf(at: number): Day {
  return format(new UTCDate(at), "yyyy-MM-dd");
}

export function nextDay(day: Day): Day {
  return plusDays(day, 1);
}

function plusDays(day: Day, count: number): Day {
  return dayOf(addDays(new UTCDate(startOf(day)), count).getTime());
}

/** ms UTC */
export function startOf(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`);
}

/** `2026/03/01`: the day's folder, as CloudTrail names it. */
export function folderOf(day: Day): string {
  return day.replaceAll("-", "/");
}

/** `20260301T1005Z`: the minute in a file's name. */
export function minuteOf(at: number): string {
  return format(new UTCDate(at), "yyyyMMdd'T'HHmm'Z'");
}

/** The days under a folder of a year, a month or a day, e.g. `2026/03`; null where it is none. */
export function daysUnder(folder: string): DayRange | null {
  const [, year, month, day] = /^(\d{4})(?:\/(\d\d))?(?:\/(\d\d))?$/.exec(folder) ?? [];
  if (year === undefined) return null;
  const first = new UTCDate(startOf(`${year}-${month ?? "01"}-${day ?? "01"}`));
  if (Number.isNaN(first.getTime())) return null;
  const endOf = month === undefined ? endOfYear : day === undefined ? endOfMonth : null;
  const last = endOf === null ? first : endOf(first);
  return [dayOf(first.getTime()), dayOf(last.getTime())];
}

/** The days of both; null where there are none. */
export function overlapOf([a, b]: DayRange, [c, d]: DayRange): DayRange | null {
  const [first, last] = [a > c ? a : c, b < d ? b : d];
  return first > last ? null : [first, last];
}

/** The ranges and one more day: sorted, and as few as it takes. */
export function withDay(ranges: readonly DayRange[], day: Day): readonly DayRange[] {
  const sorted = [...ranges, [day, day] as const].sort(([a], [b]) => (a < b ? -1 : 1));
  const joined: DayRange[] = [];
  for (const [first, last] of sorted) {
    const before = joined.at(-1);
    if (before !== undefined && first <= nextDay(before[1])) {
      joined[joined.length - 1] = [before[0], last > before[1] ? last : before[1]];
    } else joined.push([first, last]);
  }
  return joined;
}

/** What of the wanted days is in none of the ranges, in order. */
export function missingOf(
  ranges: readonly DayRange[],
  [first, last]: DayRange,
): readonly DayRange[] {
  const missing: DayRange[] = [];
  let from = first;
  for (const [start, end] of [...ranges].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (end < from || start > last) continue;
    if (start > from) missing.push([from, plusDays(start, -1)]);
    from = nextDay(end);
  }
  return from > last ? missing : [...missing, [from, last]];
}

/** What an earlier run kept; nothing where there is none, or it is not ours. */
export function rangesIn(data: string | null): readonly DayRange[] {
  const value: unknown = data === null ? [] : JSON.parse(data);
  return Array.isArray(value) ? value.filter(isRange) : [];
}

function isRange(value: unknown): value is DayRange {
  return Array.isArray(value) && value.length === 2 &&
    value.every((day) => typeof day === "string" && /^\d{4}-\d\d-\d\d$/.test(day));
}
