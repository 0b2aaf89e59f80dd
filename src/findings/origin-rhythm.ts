import { dayMs, hourMs, type HeardDay } from "../sessions/origin.ts";

/** Of so many days before, at most, the rhythm is learned: four of each hour of the week. */
export const rhythmDays = 28;
/** Of fewer than two weeks nobody can tell a rhythm from chance. */
const daysMin = 14;
/** What is heard in fewer hours a week than these keeps no rhythm whose end could be told. */
const weeklyHoursMin = 20;
/** A day of the week with less than this of the busiest one's hours is a day of rest. */
const restShare = 0.1;

const hoursPerDay = dayMs / hourMs;
const hoursPerWeek = 7 * hoursPerDay;

/** How an origin is used to be heard, as its weeks before a day show. */
export interface Rhythm {
  /** How many days they are. */
  readonly days: number;
  /** How likely it is to be heard in this hour (hours since the epoch), 0 to 1. */
  readonly expects: (hour: number) => number;
  /** The most hours with events that one silence of those days went without. */
  readonly missedMost: number;
  /** The longest of those silences. */
  readonly longestHours: number;
  /**
   * The hours of its busiest day where it rests on some day of the week: who keeps days of rest
   * keeps holidays. Else 0.
   */
  readonly holidayHours: number;
}

/** Of a day: the hours in which an origin was heard, as `HeardDay` has them. */
export type Heard = (day: number) => number;

export function heardIn(days: readonly HeardDay[]): Heard {
  const hours = new Map(days.map((each) => [each.day, each.hours]));
  return (day) => hours.get(day) ?? 0;
}

/** @param hour since the epoch */
export function isHeard(heard: Heard, hour: number): boolean {
  const day = Math.floor(hour / hoursPerDay);
  return ((heard(day) >> (hour - day * hoursPerDay)) & 1) === 1;
}

/**
 * The rhythm by which `day` is judged: of the days before it, so that nothing of the day itself, or
 * after it, changes it. Null where the origin is too new, or too seldom heard.
 *
 * An hour of the week is expected by the share of weeks in which it was heard, with one silent week
 * added (the mean of a Beta(0, 1) prior; two of two weeks are 0.67, four of four 0.8). A past
 * silence is weighed by what the *other* weeks say of its hours, or it would excuse itself.
 *
 * @param firstDay the first on which it was ever heard
 */
export function rhythmBefore(
  day: number,
  firstDay: number,
  heard: Heard,
): Rhythm | null {
  // Its first day is no whole one.
  const from = Math.max(firstDay + 1, day - rhythmDays);
  const days = day - from;
  if (days < daysMin) return null;
  const slots = slotsOf({ from, to: day }, heard);
  const expected = slots.map(({ heardCount, count }) => heardCount / (count + 1));
  if (sum(expected) < weeklyHoursMin) return null;
  const ofDays = Array.from({ length: 7 }, (_, i) =>
    sum(expected.slice(i * hoursPerDay, (i + 1) * hoursPerDay)));
  const busiest = Math.max(...ofDays);
  return {
    days,
    expects: (hour) => expected[hour % hoursPerWeek] ?? 0,
    ...silencesIn({ from, to: day }, heard, slots),
    holidayHours: Math.min(...ofDays) < restShare * busiest ? busiest : 0,
  };
}

/** From the first up to, and without, the last. */
interface Days {
  readonly from: number;
  readonly to: number;
}

interface Slot {
  heardCount: number;
  count: number;
}

/** By hours of a week that begins as the epoch did, on a Thursday. */
function slotsOf({ from, to }: Days, heard: Heard): readonly Slot[] {
  const slots = Array.from({ length: hoursPerWeek }, (): Slot => ({ heardCount: 0, count: 0 }));
  for (let day = from; day < to; day += 1) {
    const hours = heard(day);
    for (let hour = 0; hour < hoursPerDay; hour += 1) {
      const slot = slots[(day % 7) * hoursPerDay + hour];
      if (slot === undefined) continue;
      slot.count += 1;
      slot.heardCount += (hours >> hour) & 1;
    }
  }
  return slots;
}

function silencesIn(
  { from, to }: Days,
  heard: Heard,
  slots: readonly Slot[],
): Pick<Rhythm, "missedMost" | "longestHours"> {
  let [missed, length, missedMost, longestHours] = [0, 0, 0, 0];
  for (let day = from; day < to; day += 1) {
    const hours = heard(day);
    for (let hour = 0; hour < hoursPerDay; hour += 1) {
      const slot = slots[(day % 7) * hoursPerDay + hour];
      const wasHeard = ((hours >> hour) & 1) === 1;
      missed = wasHeard || slot === undefined ? 0 : missed + slot.heardCount / slot.count;
      length = wasHeard ? 0 : length + 1;
      if (missed > missedMost) missedMost = missed;
      if (length > longestHours) longestHours = length;
    }
  }
  return { missedMost, longestHours };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
