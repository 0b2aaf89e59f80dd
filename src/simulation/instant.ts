export const second = 1000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

/** `2026-03-01T10:00:00Z`: what `eventTime` and `creationDate` carry. */
export function isoSeconds(at: number): string {
  const date = Math.floor(at / day);
  if (date !== cachedDay.date) {
    cachedDay = { date, text: new Date(date * day).toISOString().slice(0, 11) };
  }
  const seconds = Math.floor((at - date * day) / second);
  return `${cachedDay.text}${clock(seconds)}Z`;
}

// Records come in runs of one day: formatting the date once a run halves the cost of a record's
// instants.
let cachedDay = { date: Number.NaN, text: "" };

function clock(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${two(hours)}:${two(minutes)}:${two(seconds % 60)}`;
}

/** `Mar 1, 2026, 10:15:00 AM`: how STS writes `expiration`. UTC, though it does not say so. */
export function usText(at: number): string {
  const date = new Date(at);
  const month = months[date.getUTCMonth()] ?? "";
  const hours = date.getUTCHours();
  const time = `${hours % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const half = hours < 12 ? "AM" : "PM";
  return `${month} ${date.getUTCDate()}, ${date.getUTCFullYear()}, ${time} ${half}`;
}

const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** The parts of a log file's key: `2026/03/01` and `20260301T1005Z`. */
export function keyParts(at: number): { readonly folder: string; readonly stamp: string } {
  const iso = isoSeconds(at);
  const folder = iso.slice(0, 10).replaceAll("-", "/");
  const date = folder.replaceAll("/", "");
  return { folder, stamp: `${date}T${iso.slice(11, 13)}${iso.slice(14, 16)}Z` };
}

/** Hour of the day, UTC. */
export function hourOf(at: number): number {
  return Math.floor((at % day) / hour);
}

/** Saturday or Sunday, UTC. 1970-01-01 was a Thursday. */
export function isWeekend(at: number): boolean {
  const weekday = (Math.floor(at / day) + 4) % 7;
  return weekday === 0 || weekday === 6;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
