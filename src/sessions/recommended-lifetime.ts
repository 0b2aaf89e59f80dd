/**
 * The shortest session that STS issues.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export const stsMinimumSeconds = 900;

/** A length with a fifth more, in whole seconds: retries and slow starts have their share. */
export function withMargin(seconds: number): number {
  // 1.2 has no exact double: 300 * 1.2 must not become 361.
  return Math.ceil(Math.round(seconds * 1.2 * 1000) / 1000);
}

const recommendedMinimumSeconds = 300;

/** How long tasks were to take, and took. */
export interface TaskLengths {
  /** The longest that was told; null: nobody told of any. */
  readonly expectedSeconds: number | null;
  /** What 95 of 100 did not exceed; null: none has ended. */
  readonly observedSeconds: number | null;
}

/** How long a credential should be valid, and what that leans on. */
export interface RecommendedLifetime {
  readonly seconds: number;
  readonly from: "expected" | "observed";
}

/** What was told comes before what was seen: a task that overran is no measure. */
export function recommendedLifetime(
  { expectedSeconds, observedSeconds }: TaskLengths,
): RecommendedLifetime | null {
  const length = expectedSeconds ?? observedSeconds;
  if (length === null) return null;
  return {
    seconds: Math.max(recommendedMinimumSeconds, withMargin(length)),
    from: expectedSeconds === null ? "observed" : "expected",
  };
}

const observedShare = 0.95;

/**
 * Lengths of tasks, counted by whole second, so that many take little room and the percentile is
 * exact (nearest rank).
 */
export class LengthTally {
  readonly #counts = new Map<number, number>();
  #count = 0;
  #expectedSeconds: number | null = null;

  /** @param seconds null while it runs */
  add(seconds: number | null, expectedSeconds: number | null): void {
    if (expectedSeconds !== null) {
      this.#expectedSeconds = Math.max(this.#expectedSeconds ?? 0, expectedSeconds);
    }
    if (seconds === null) return;
    const whole = Math.max(0, Math.ceil(seconds));
    this.#counts.set(whole, (this.#counts.get(whole) ?? 0) + 1);
    this.#count += 1;
  }

  lengths(): TaskLengths {
    let left = Math.ceil(this.#count * observedShare);
    let observedSeconds: number | null = null;
    for (const [seconds, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      if (left <= 0) break;
      observedSeconds = seconds;
      left -= count;
    }
    return { expectedSeconds: this.#expectedSeconds, observedSeconds };
  }
}
