import type { FindingPart, Suppression } from "../findings/finding.ts";
import { matchesGlob } from "../sessions/glob.ts";

/** What suppressions look at. */
export type Coverable = Pick<FindingPart, "rule" | "account"> & {
  readonly entity: Pick<FindingPart["entity"], "id">;
  readonly agent: Pick<NonNullable<FindingPart["agent"]>, "name"> | null;
};

/** Whether one of the suppressions covers the finding at that time. */
export function isSuppressed(
  finding: Coverable,
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
function covers(suppression: Suppression, { rule, entity, agent, account }: Coverable): boolean {
  return matches(suppression.rule, rule)
    && matches(suppression.entity, entity.id)
    && matches(suppression.agent, agent?.name ?? null)
    && matches(suppression.account, account);
}

function matches(pattern: string | null, text: string | null): boolean {
  return pattern === null || (text !== null && matchesGlob(pattern, text));
}
