import type { SeenValue, SeenValues } from "./seen-values.ts";

const workdayHours = hoursOfDays([0, 1, 2, 3, 4]);
const weekendHours = hoursOfDays([5, 6]);

/**
 * Four weeks show an hour of the week four times at most: it counts half for itself, and half as
 * the hours next to it on all working days, or on all days of the weekend, do on average.
 */
export function smoothedHours(values: SeenValues): SeenValues {
  const { byValue } = values;
  const weights = Array.from({ length: 168 }, (_, hour) => byValue.get(String(hour))?.weight ?? 0);
  const smoothed = new Map<string, SeenValue>();
  for (const hours of [workdayHours, weekendHours]) {
    for (let ofDay = 0; ofDay < 24; ofDay += 1) {
      const near = hours.filter((hour) => Math.abs((hour % 24) - ofDay) <= 1);
      const mean = near.reduce((sum, hour) => sum + (weights[hour] ?? 0), 0) / near.length;
      if (mean === 0) continue;
      for (const hour of hours.filter((each) => each % 24 === ofDay)) {
        const seen = byValue.get(String(hour)) ?? { sessions: 0, subjects: 0 };
        smoothed.set(String(hour), { ...seen, weight: ((weights[hour] ?? 0) + mean) / 2 });
      }
    }
  }
  return { ...values, byValue: smoothed };
}

function hoursOfDays(days: readonly number[]): readonly number[] {
  return days.flatMap((day) => Array.from({ length: 24 }, (_, hour) => day * 24 + hour));
}
