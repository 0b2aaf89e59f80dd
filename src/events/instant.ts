/**
 * Instants as AWS writes them: the one place that reads them. Never `new Date(text)`, which takes
 * text without a zone for local time and basic notation for an Invalid Date.
 *
 * @returns milliseconds since the epoch, UTC, fractions cut; null when unreadable
 *
 * Read are ISO 8601 extended (`2026-01-02T03:04:05Z`), basic (`20131102T010628Z`, as AWS's page
 * shows `creationDate`), both with a fraction, an offset or no zone (then UTC), and with a space
 * for the `T` (`2025-01-21 17:39:10.000000000`, as exports of queries write it).
 * docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
export function readInstant(text: unknown): number | null {
  if (typeof text !== "string") return null;
  if (text.length === 20) {
    const at = readUsual(text);
    if (at !== null) return at;
  }
  return text.length > longestInstant ? null : readIso(text);
}

/**
 * When a credential ends, from `credentials.expiration`: US English, 12-hour, UTC without saying
 * so, with or without a comma after the year (`Jul 22, 2023, 9:15:00 PM`; newer JDKs put U+202F
 * before AM/PM); ISO 8601 as Roles Anywhere and EKS write it; or seconds since the epoch.
 */
export function readExpiration(value: unknown): number | null {
  if (typeof value === "number") return readEpochSeconds(value);
  if (typeof value !== "string" || value.length > longestInstant) return null;
  const parts = usEnglish.exec(value);
  if (parts === null) return readInstant(value);
  const month = months.get(parts[1] ?? "");
  const hour = Number(parts[4]);
  if (month === undefined || hour < 1 || hour > 12) return null;
  return fromParts({
    year: Number(parts[3]),
    month,
    day: Number(parts[2]),
    hour: (hour % 12) + (parts[7] === "PM" ? 12 : 0),
    minute: Number(parts[5]),
    second: Number(parts[6]),
  });
}

const longestInstant = 48;
const usEnglish =
  /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d{2}):(\d{2})[\s\u202f\u00a0]?(AM|PM)$/;
const iso = new RegExp(
  String.raw`^(\d{4})(-?)(\d\d)\2(\d\d)[T ](\d\d)(:?)(\d\d)\6(\d\d)` +
    String.raw`(?:[.,](\d{1,9}))?(Z| ?UTC|[+-]\d\d:?\d\d)?$`,
);
const months = new Map(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map(
    (name, index) => [name, index + 1],
  ),
);

interface Parts {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * Null where the calendar has no such instant (`Date.UTC` would roll 31 February over into March).
 */
function fromParts({ year, month, day, hour, minute, second }: Parts): number | null {
  if (year < 1970 || month < 1 || month > 12 || day < 1) return null;
  if (hour > 23 || minute > 59 || second > 59) return null;
  if (day > 28 && day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** `YYYY-MM-DDTHH:mm:ssZ`, which nearly every record carries, without a regular expression. */
function readUsual(text: string): number | null {
  const isLaidOut =
    text[4] === "-" && text[7] === "-" && text[10] === "T" && text[13] === ":" && text[16] === ":";
  if (!isLaidOut || text[19] !== "Z") return null;
  const year = pair(text, 0) * 100 + pair(text, 2);
  const parts = {
    year,
    month: pair(text, 5),
    day: pair(text, 8),
    hour: pair(text, 11),
    minute: pair(text, 14),
    second: pair(text, 17),
  };
  const sum = year + parts.month + parts.day + parts.hour + parts.minute + parts.second;
  return Number.isNaN(sum) ? null : fromParts(parts);
}

/** Two digits as a number; NaN when they are none. */
function pair(text: string, index: number): number {
  const tens = text.charCodeAt(index) - 48;
  const ones = text.charCodeAt(index + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
}

function readIso(text: string): number | null {
  const parts = iso.exec(text);
  if (parts === null) return null;
  const [, year, , month, day, hour, , minute, second, fraction, zone] = parts;
  const at = fromParts({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
  });
  if (at === null) return null;
  const milliseconds = fraction === undefined ? 0 : Number(fraction.padEnd(3, "0").slice(0, 3));
  return at + milliseconds - offsetOf(zone);
}

function offsetOf(zone: string | undefined): number {
  if (zone === undefined || (!zone.startsWith("+") && !zone.startsWith("-"))) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** The last second of the year 9999: beyond it, a number is no instant in seconds. */
const lastEpochSecond = 253_402_300_799;

function readEpochSeconds(seconds: number): number | null {
  return seconds > 0 && seconds <= lastEpochSecond ? Math.floor(seconds * 1000) : null;
}
