import { isoSeconds, usText } from "./instant.ts";

/**
 * The same, so many ms later: every instant in it, as CloudTrail and tasks write them. So a day
 * that was simulated can have happened just now.
 */
export function later<T>(value: T, ms: number): T {
  return shifted(value, ms) as T;
}

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/;
/** How STS writes `expiration`: `Mar 1, 2026, 10:15:00 AM`. */
const us = /^[A-Z][a-z]{2} \d{1,2}, \d{4}, \d{1,2}:\d\d:\d\d [AP]M$/;

function shifted(value: unknown, ms: number): unknown {
  if (typeof value === "string") return shiftedText(value, ms);
  if (Array.isArray(value)) return value.map((each) => shifted(each, ms));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shifted(each, ms)]));
}

function shiftedText(text: string, ms: number): string {
  const [whole, fraction] = iso.exec(text) ?? [];
  if (whole !== undefined) {
    const at = Date.parse(text) + ms;
    return fraction === undefined ? isoSeconds(at) : new Date(at).toISOString();
  }
  return us.test(text) ? usText(Date.parse(`${text} UTC`) + ms) : text;
}
