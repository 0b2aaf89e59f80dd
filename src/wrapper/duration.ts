import { stsMinimumSeconds, withMargin } from "../sessions/recommended-lifetime.ts";
import { UsageError } from "../usage-error.ts";

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90`, `90s`, `2m`, `1h30m` -> seconds; a UsageError names the option. */
export function secondsIn(text: string, option: string): number {
  const parts = /^\d+$/.test(text) ? [`${text}s`] : (text.match(/\d+[smhd]/g) ?? []);
  const seconds = parts.reduce((sum, part) =>
    sum + Number(part.slice(0, -1)) * (unitSeconds[part.slice(-1)] ?? 0), 0);
  const isWhole = /^\d+$/.test(text) || parts.join("") === text;
  if (isWhole && seconds > 0 && seconds <= longestSeconds) return seconds;
  throw new UsageError(`${option} is ${text}: expected a length, such as 90s, 2m or 1h30m.`);
}
const longestSeconds = 7 * 86_400;

/**
 * How long a credential is asked for. One that can be refreshed needs no more than the floor when
 * nobody says how long the task takes; one that cannot has to last.
 */
export function credentialSeconds(
  expectedSeconds: number | null,
  { longest, isRefreshed }: { readonly longest: number; readonly isRefreshed: boolean },
): number {
  const unsaid = isRefreshed ? stsMinimumSeconds : longest;
  const wanted = expectedSeconds === null ? unsaid : withMargin(expectedSeconds);
  return Math.min(longest, Math.max(stsMinimumSeconds, wanted));
}
