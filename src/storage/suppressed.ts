import type { FindingPart, Suppression } from "../findings/finding.ts";
import { matchesGlob } from "../sessions/glob.ts";

/** Whether one of the suppressions covers the finding at that time. */
export function isSuppressed(
  finding: FindingPart,
  suppressions: readonly Suppression[],
  asOf: number,
): boolean {
  return suppressions.some(
    (suppression) => asOf < suppression.expiresAt && covers(suppression, finding),
  );
}

/**
 * Every pattern given must match; a finding without an agent or account matches no pattern for it.
 */
function covers(suppression: Suppression, { rule, entity, agent, account }: FindingPart): boolean {
  return matches(suppression.rule, rule)
    && matches(suppression.entity, entity.id)
    && matches(suppression.agent, agent?.name ?? null)
    && matches(suppression.account, account);
}

function matches(pattern: string | null, text: string | null): boolean {
  return pattern === null || (text !== null && matchesGlob(pattern, text));
}
