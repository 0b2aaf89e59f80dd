const firstDelayMs = 200;
const longestDelayMs = 60_000;

/**
 * How long to wait before the try after the `attempt`-th, which is 1 for the first: doubling, at
 * most a minute. Half of it is chance, so that those who failed together do not come together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param chance from 0 to 1
 */
export function retryDelayMs(attempt: number, chance: number = Math.random()): number {
  const whole = Math.min(firstDelayMs * 2 ** (attempt - 1), longestDelayMs);
  return Math.round(whole / 2 + (whole / 2) * chance);
}
