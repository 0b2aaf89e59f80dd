import { TZDate } from "@date-fns/tz";
import { addDays, startOfDay } from "date-fns";
import type { SinkOf } from "../config/schema.ts";

export type QuietHours = SinkOf<"slack">["quietHours"][number];

/**
 * When the quiet that reigns now is over, ms UTC; null: there is none. One that follows upon
 * another is part of it.
 */
export function quietUntil(hours: readonly QuietHours[], now: number): number | null {
  let until: number | null = null;
  // A week of quiet hours, each beginning where the last ends, is as good as silence for ever.
  for (let i = 0; i < followingMax; i += 1) {
    const at = until ?? now;
    const ends = hours.flatMap((quiet) => endsAfter(quiet, at));
    if (ends.length === 0) return until;
    until = Math.max(...ends);
  }
  return until;
}

const followingMax = 14;

/** The end of the stretch that contains the instant, if one does: it began today or yesterday. */
function endsAfter(quiet: QuietHours, at: number): readonly number[] {
  const today = startOfDay(new TZDate(at, quiet.timeZone));
  return [today, addDays(today, -1)].flatMap((day) => {
    if (!quiet.days.some((name) => name === dayNames[day.getDay()])) return [];
    const start = onDay(day, quiet.from);
    const end = onDay(quiet.to > quiet.from ? day : addDays(day, 1), quiet.to);
    return start <= at && at < end ? [end] : [];
  });
}

/** By the clock on the wall: where it is put forward over the time, an hour later. */
function onDay(day: TZDate, clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  const { timeZone = "UTC" } = day;
  return new TZDate(
    day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes, timeZone,
  ).getTime();
}

const dayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
