import type { SinkConfig } from "../config/schema.ts";
import { levels } from "../detections/detection.ts";
import type { Finding } from "../findings/finding.ts";
import { matchesGlob } from "../sessions/glob.ts";

export type Only = SinkConfig["only"];

/** Whether a receiver is to hear of a finding as it is by now. */
export function isFor(
  { level, rule, agent, account }: Pick<Finding, "level" | "rule" | "agent" | "account">,
  only: Only,
): boolean {
  return levels.indexOf(level) >= levels.indexOf(only.minLevel) &&
    fits(rule, only.rules) &&
    fits(agent?.name ?? null, only.agents) &&
    fits(account, only.accounts);
}

/** What is not known fits where nothing is asked. */
function fits(value: string | null, patterns: readonly string[]): boolean {
  return patterns.length === 0 ||
    (value !== null && patterns.some((pattern) => matchesGlob(pattern, value)));
}
