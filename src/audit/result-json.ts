import type { Judgement } from "./judge-account.ts";
import type { Result } from "./result.ts";
import type { Verdict } from "./verdict.ts";

/** A result as JSON of ours has it: instants as text. */
export interface ResultView extends Omit<Judgement, "evidence"> {
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly change: Result["change"];
  readonly since: string | null;
  readonly accepted: Result["accepted"];
}

export function resultJson(one: Result): ResultView {
  const { result, level, check, title, account, subject, because, evidence, remedy } = one;
  const { change, since, accepted } = one;
  return {
    result, level, check, title, account, subject, because, evidence: evidenceJson(evidence),
    remedy, change, since: since === null ? null : new Date(since).toISOString(), accepted,
  };
}

/** Instants as text, as everywhere in JSON of ours. */
export function evidenceJson(evidence: Verdict["evidence"]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(evidence).map(([name, value]) => [
    name,
    /(?:At|From)$/.test(name) && typeof value === "number" ? new Date(value).toISOString() : value,
  ]));
}
