import type { FindingChange } from "../findings/store.ts";
import { printable } from "../text/printable.ts";

/**
 * A finding as a log shows it: what it is, whose, and why. Names of sessions and sentences with
 * values in them are text that others chose: made printable here, escaped by JSON.
 */
export function findingFields({ finding }: FindingChange) {
  const { id, rule, level, confidence, agent, role, session, account } = finding;
  const name = session?.name ?? null;
  return {
    id,
    rule,
    level,
    confidence,
    agent: agent?.name ?? null,
    role: role?.arn ?? null,
    session: name === null ? null : printable(name),
    account,
    because: printable(finding.because),
  };
}

export const findingMessages: Readonly<Record<FindingChange["what"], string>> = {
  opened: "A finding was opened.",
  worse: "A finding has grown worse.",
  reopened: "A finding was opened again.",
  withdrawn: "A finding was withdrawn.",
  grown: "A finding has grown.",
  revised: "A finding says something else now.",
};
