/** One event in a window: what its hits, of one or more rules, contribute. */
export interface Contribution {
  readonly at: number;
  /** Positions in the correlation's `rules`, ascending. */
  readonly rules: readonly number[];
  /** Distinct values (or tuples of values) of the counted fields; empty but for value_count. */
  readonly values: readonly string[];
  /** The number to sum, average or rank; null but for those types. */
  readonly number: number | null;
}

/** What a correlation type measures over a sliding window. */
export interface Measure {
  /** Everything of one instant, at once: within a second CloudTrail tells no order. */
  add(contributions: readonly Contribution[]): void;
  /** The oldest contribution leaves the window. */
  remove(contribution: Contribution): void;
  /** The value of the window that ends at `at`; null when the condition cannot hold there. */
  value(at: number): number | null;
}
