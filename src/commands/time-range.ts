import { isValid, parseISO } from "date-fns";
import { UsageError } from "../usage-error.ts";

export interface TimeRangeOptions {
  readonly from: string;
  /** Absent: now. */
  readonly to?: string;
}

const dayMs = 24 * 3600 * 1000;

/**
 * From the start of the one to the end of the other, ms UTC; a UsageError where they are none.
 *
 * @param now ms UTC
 */
export function timeRange(
  { from, to }: TimeRangeOptions,
  now: number,
): { readonly from: number; readonly to: number } {
  const first = instantIn(from, "--from").start;
  const last = to === undefined ? now : instantIn(to, "--to").end;
  if (first > last) throw new UsageError(`--from ${from} is behind --to ${to ?? "now"}.`);
  return { from: first, to: Math.min(last, now) };
}

function instantIn(text: string, option: string): { readonly start: number; readonly end: number } {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const hasZone = /T.*(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const date = isDay ? parseISO(`${text}T00:00:00Z`) : parseISO(text);
  if (!isValid(date) || !(isDay || hasZone)) {
    throw new UsageError(
      `${option} is ${text}: expected a day such as 2026-03-01, or 2026-03-01T09:00Z.`,
    );
  }
  const start = date.getTime();
  return { start, end: isDay ? start + dayMs - 1 : start };
}
