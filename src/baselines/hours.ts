import type { SeenValue, SeenValues } from "./seen-values.ts";

/** Each hour of the day, on working days and on those of the weekend, and those near it. */
const likeHours = [hoursOfDays([0, 1, 2, 3, 4]), hoursOfDays([5, 6])].flatMap((all) =>
  Array.from({ length: 24 }, (_, ofDay) => ({
    hours: all.filter((hour) => hour % 24 === ofDay),
    near: all.filter((hour) => Math.abs((hour % 24) - ofDay) <= 1),
  })));

/**
 * Four weeks show an hour of the week four times at most: it counts half for itself, and half as
 * the hours next to it on all working days, or on all days of the weekend, do on average.
 */
export function smoothedHours(values: SeenValues): SeenValues {
  const { byValue } = values;
  const weights = Array.from({ length: 168 }, (_, hour) => byValue.get(String(hour))?.weight ?? 0);
  const smoothed = new Map<string, SeenValue>();
  for (const { near, hours } of likeHours) {
    const mean = near.reduce((sum, hour) => sum + (weights[hour] ?? 0), 0) / near.length;
    if (mean === 0) continue;
    for (const hour of hours) {
      const { sessions = 0, subjects = 0 } = byValue.get(String(hour)) ?? {};
      const weight = ((weights[hour] ?? 0) + mean) / 2;
      smoothed.set(String(hour), { sessions, subjects, weight });
    }
  }
  return { ...values, byValue: smoothed };
}

function hoursOfDays(days: readonly number[]): readonly number[] {
  return days.flatMap((day) => Array.from({ length: 24 }, (_, hour) => day * 24 + hour));
}
