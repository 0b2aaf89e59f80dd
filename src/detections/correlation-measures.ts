import type { Contribution, Measure } from "./correlation-measure.ts";
import { OrderedPresence, Presence } from "./correlation-presence.ts";
import type { Correlation } from "./correlation.ts";

export function measureFor(correlation: Correlation): Measure {
  const { condition } = correlation;
  const expression = condition.kind === "rules" ? condition.expression : null;
  switch (correlation.type) {
    case "event_count":
      return new EventCount();
    case "value_count":
      return new ValueCount();
    case "value_sum":
      return new Sum(false);
    case "value_avg":
      return new Sum(true);
    case "value_median":
      return new Ranks(null);
    case "value_percentile":
      return new Ranks(condition.kind === "threshold" ? (condition.percentile ?? 50) : 50);
    case "temporal":
      return new Presence(correlation.rules, expression);
    case "temporal_ordered":
      return new OrderedPresence(correlation, expression);
    default:
      return correlation.type satisfies never;
  }
}

class EventCount implements Measure {
  #count = 0;
  add(contributions: readonly Contribution[]): void {
    this.#count += contributions.length;
  }
  remove(): void {
    this.#count -= 1;
  }
  value(): number {
    return this.#count;
  }
}

class ValueCount implements Measure {
  readonly #counts = new Map<string, number>();
  add(contributions: readonly Contribution[]): void {
    for (const { values } of contributions) {
      for (const value of values) this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
    }
  }
  remove({ values }: Contribution): void {
    for (const value of values) {
      const left = (this.#counts.get(value) ?? 0) - 1;
      if (left > 0) this.#counts.set(value, left);
      else this.#counts.delete(value);
    }
  }
  value(): number {
    return this.#counts.size;
  }
}

/**
 * A sum over a queue that never subtracts, so that a huge value leaves no rounding error behind
 * when it leaves: `front` holds, for each of the older numbers, the sum of it and all newer ones in
 * `front`.
 */
class Sum implements Measure {
  readonly #isAverage: boolean;
  #front: number[] = [];
  #back: number[] = [];
  #backSum = 0;

  constructor(isAverage: boolean) {
    this.#isAverage = isAverage;
  }
  add(contributions: readonly Contribution[]): void {
    for (const { number } of contributions) {
      this.#back.push(number ?? 0);
      this.#backSum += number ?? 0;
    }
  }
  remove(): void {
    if (this.#front.length === 0) {
      let sum = 0;
      this.#front = this.#back.reverse().map((number) => (sum += number));
      this.#back = [];
      this.#backSum = 0;
    }
    this.#front.pop();
  }
  value(): number {
    const sum = (this.#front.at(-1) ?? 0) + this.#backSum;
    return this.#isAverage ? sum / (this.#front.length + this.#back.length) : sum;
  }
}

/** Percentile by nearest rank; the median (null) as the mean of the two middle values. */
class Ranks implements Measure {
  readonly #percentile: number | null;
  readonly #sorted: number[] = [];

  constructor(percentile: number | null) {
    this.#percentile = percentile;
  }
  add(contributions: readonly Contribution[]): void {
    for (const { number } of contributions) {
      if (number !== null) this.#sorted.splice(this.#position(number), 0, number);
    }
  }
  remove({ number }: Contribution): void {
    if (number !== null) this.#sorted.splice(this.#position(number), 1);
  }
  value(): number | null {
    const size = this.#sorted.length;
    if (this.#percentile !== null) {
      const rank = Math.max(1, Math.ceil((this.#percentile / 100) * size));
      return this.#sorted[rank - 1] ?? null;
    }
    const [low, high] = [this.#sorted[(size - 1) >> 1], this.#sorted[size >> 1]];
    return low === undefined || high === undefined ? null : (low + high) / 2;
  }
  /** The first position whose number is not smaller. */
  #position(number: number): number {
    let [from, to] = [0, this.#sorted.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#sorted[middle] ?? 0) < number) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
