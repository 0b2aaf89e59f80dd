export const instantParts = ["minute", "hour", "day", "week", "month", "year"] as const;
export type InstantPart = (typeof instantParts)[number];

/**
 * CloudTrail's instants, extended (`2026-01-02T03:04:05Z`, with or without zone) and basic
 * (`20260102T030405Z`).
 */
const extended = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/;
const basic = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const dayMs = 86_400_000;

/** The part of an instant in UTC, weeks after ISO 8601; null for anything that is no instant. */
export function partOfInstant(value: unknown, part: InstantPart): number | null {
  if (typeof value !== "string") return null;
  const ms = instantOf(value);
  return Number.isNaN(ms) ? null : partOf(new Date(ms), part);
}

function instantOf(text: string): number {
  const plain = text.replace(basic, "$1-$2-$3T$4:$5:$6Z");
  const found = extended.exec(plain);
  if (found === null) return Number.NaN;
  // Date-only text is UTC already; date and time without a zone would be read as the machine's own.
  const isZoned = found[1] === undefined || found[4] !== undefined;
  return Date.parse(isZoned ? plain.replace(" ", "T") : `${plain.replace(" ", "T")}Z`);
}

function partOf(at: Date, part: InstantPart): number {
  switch (part) {
    case "minute":
      return at.getUTCMinutes();
    case "hour":
      return at.getUTCHours();
    case "day":
      return at.getUTCDate();
    case "week":
      return isoWeek(at);
    case "month":
      return at.getUTCMonth() + 1;
    case "year":
      return at.getUTCFullYear();
  }
}

/** The ISO week is that of its Thursday; week 1 holds the year's first Thursday. */
function isoWeek(at: Date): number {
  const midnight = Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  const thursday = midnight + (4 - (at.getUTCDay() || 7)) * dayMs;
  const yearStart = Date.UTC(new Date(thursday).getUTCFullYear(), 0, 1);
  return Math.floor((thursday - yearStart) / dayMs / 7) + 1;
}
