import { daysHeard, hourMs, type HeardDay } from "../../src/sessions/origin.ts";

/** Monday, 2026-03-02T00:00:00Z. */
export const monday = Date.UTC(2026, 2, 2);

export const origin = { account: "111111111111", region: "eu-west-1" } as const;

/** So many hours after {@link monday}. */
export function atHour(hours: number): number {
  return monday + hours * hourMs;
}

/** By hours after {@link monday}: those of a span in which it is heard. */
export function hoursHeard(
  from: number,
  until: number,
  isHeard: (hour: number) => boolean = () => true,
): readonly number[] {
  return Array.from({ length: until - from }, (_, i) => from + i).filter(isHeard);
}

export function heardDays(hours: readonly number[]): readonly HeardDay[] {
  const signs = hours.map((hour) => ({ ...origin, at: atHour(hour) }));
  return [...daysHeard(signs)].sort((a, b) => a.day - b.day)
    .map(({ day, hours: bits }) => ({ day, hours: bits }));
}

const weekHours = 168;

/** Whether an hour after {@link monday} is one of Monday to Friday, 08:00 to 18:00. */
export function isWorkingHour(hour: number): boolean {
  const ofWeek = ((hour % weekHours) + weekHours) % weekHours;
  return ofWeek < 120 && ofWeek % 24 >= 8 && ofWeek % 24 < 18;
}
