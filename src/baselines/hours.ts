/**
 * Each hour of the week, with those that are like it: near it, on all working days, or on both of
 * the weekend. Four weeks show an hour four times at most: it speaks half for itself, and half as
 * these do on average.
 */
export const hoursLike: ReadonlyMap<string, readonly string[]> = new Map(
  [hoursOfDays([0, 1, 2, 3, 4]), hoursOfDays([5, 6])].flatMap((all) => {
    // The same list for the same hour of alike days: what is known of it can be remembered by it.
    const near = Array.from({ length: 24 }, (_, ofDay) =>
      all.filter((hour) => Math.abs((hour % 24) - ofDay) <= 1).map(String));
    return all.map((each) => [String(each), near[each % 24] ?? []] as const);
  }),
);

function hoursOfDays(days: readonly number[]): readonly number[] {
  return days.flatMap((day) => Array.from({ length: 24 }, (_, hour) => day * 24 + hour));
}
