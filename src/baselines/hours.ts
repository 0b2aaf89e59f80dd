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
  const seen = hourNames.map((name) => values.byValue.get(name));
  const smoothed = new Map<string, SeenValue>();
  for (const { near, hours } of likeHours) {
    let sum = 0;
    for (const hour of near) sum += seen[hour]?.weight ?? 0;
    const mean = sum / near.length;
    if (mean === 0) continue;
    for (const hour of hours) {
      const { sessions = 0, subjects = 0, weight = 0 } = seen[hour] ?? unseen;
      smoothed.set(hourNames[hour] ?? "", { sessions, subjects, weight: (weight + mean) / 2 });
    }
  }
  return { ...values, byValue: smoothed };
}

const hourNames = Array.from({ length: 168 }, (_, hour) => String(hour));
const unseen: Partial<SeenValue> = {};

function hoursOfDays(days: readonly number[]): readonly number[] {
  return days.flatMap((day) => Array.from({ length: 24 }, (_, hour) => day * 24 + hour));
}
